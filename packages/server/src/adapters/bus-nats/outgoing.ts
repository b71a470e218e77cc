import type { BusMessage, BusStats } from "../../ports/bus.ts";
import { type Counted, CountedSubjects } from "./counted.ts";
import { encodeEnvelope, envelopeBytes } from "./envelope.ts";
import type { Link } from "./link.ts";
import type { Reports } from "./reports.ts";
import { wireSubject } from "./wire-subject.ts";

/** A batch grows up to this, or half of what the server takes in one message. */
const maxBatchBytes = 512 * 1024;

/** A message as JSON, and its bytes with the comma. */
interface Text {
  json: string;
  bytes: number;
}

export interface OutgoingOptions {
  link: Link;
  publisher: string;
  prefix: string;
  /** Bytes that may wait for NATS; what comes above does not leave. */
  maxInFlightBytes: number;
  stats: BusStats;
  reports: Reports;
}

/**
 * What this node publishes: everything of one turn of the event loop and one subject leaves as one NATS message.
 * What cannot leave is counted as if it had left, so that receivers see that it is missing.
 */
export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #subjects = new CountedSubjects();
  readonly #waiting = new Set<Counted>();
  #waitingBytes = 0;
  #isScheduled = false;
  readonly #encoder = new TextEncoder();
  readonly #nameOnWire = (subject: string) => wireSubject(this.#options.prefix, subject);

  constructor(options: OutgoingOptions) {
    this.#options = options;
  }

  /** Written once, however many subjects it leaves on. */
  add(subjects: readonly string[], message: BusMessage): void {
    const text = this.#encode(message);
    for (const subject of subjects) this.#addTo(subject, text);
  }

  #addTo(subject: string, text: Text | null): void {
    const counted = this.#subjects.touch(subject, this.#nameOnWire, performance.now());
    if (text === null || !this.#hasRoom(text)) {
      // What waits has counts without holes, so it leaves before the count passes the one that does not leave.
      this.#send(counted);
      counted.next++;
      this.#options.stats.droppedMessages++;
      return;
    }
    const limit = Math.min(maxBatchBytes, this.#options.link.maxPayload / 2);
    if (counted.batchBytes + text.bytes > limit) this.#send(counted);
    counted.batch.push(text.json);
    counted.batchBytes += text.bytes;
    counted.next++;
    this.#waitingBytes += text.bytes;
    if (counted.batchBytes > limit) {
      this.#send(counted);
      return;
    }
    this.#waiting.add(counted);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }

  /** Hands everything that waits to the connection. */
  flush(): void {
    this.#isScheduled = false;
    for (const counted of this.#waiting) this.#send(counted);
  }

  beat(now: number): void {
    const { link, maxInFlightBytes } = this.#options;
    if (!link.isUp || link.unconfirmedBytes > maxInFlightBytes) return;
    this.#subjects.beat(now, (counted) => {
      this.#send(counted);
      return link.send(counted.wire, this.#encoder.encode(this.#envelope(counted, [])), 0);
    });
  }

  /** The link is back: receivers hear now where every count stands. */
  retell(): void {
    this.#subjects.retell();
    this.beat(performance.now());
  }

  /** Tells every count that is still being told once more. */
  lastBeat(): void {
    this.beat(Number.POSITIVE_INFINITY);
  }

  sweep(now: number): void {
    this.#subjects.sweep(now);
  }

  /** If it is false that is reported. */
  #hasRoom({ bytes }: Text): boolean {
    const { link, maxInFlightBytes, reports } = this.#options;
    if (link.unconfirmedBytes + this.#waitingBytes + bytes <= maxInFlightBytes) return true;
    reports.add("full", (times) => `NATS is too slow: ${plural(times)} did not leave.`);
    return false;
  }

  /** Null if it cannot leave; then why is reported. */
  #encode(message: BusMessage): Text | null {
    const { link, reports } = this.#options;
    if (!link.isUp) {
      reports.add("away", isAway);
      return null;
    }
    let json: string | undefined;
    try {
      json = JSON.stringify(message);
    } catch {}
    if (json === undefined) {
      reports.add("not JSON", (times) => `${plural(times)} cannot be written as JSON and did not leave.`);
      return null;
    }
    const bytes = Buffer.byteLength(json) + 1;
    if (bytes + envelopeBytes > link.maxPayload) {
      reports.add(
        "too large",
        (times) => `${plural(times)} above the ${link.maxPayload} bytes that NATS takes did not leave.`,
      );
      return null;
    }
    return { json, bytes };
  }

  #send(counted: Counted): void {
    const { batch } = counted;
    this.#waiting.delete(counted);
    if (batch.length === 0) return;
    const { link, stats, reports } = this.#options;
    const payload = this.#encoder.encode(this.#envelope(counted, batch));
    this.#waitingBytes -= counted.batchBytes;
    counted.batch = [];
    counted.batchBytes = 0;
    if (link.send(counted.wire, payload, batch.length)) {
      stats.sentBatches++;
      stats.sentMessages += batch.length;
      return;
    }
    stats.droppedMessages += batch.length;
    reports.add("away", isAway, batch.length);
  }

  #envelope(counted: Counted, batch: readonly string[]): string {
    const head = {
      publisher: this.#options.publisher,
      generation: counted.generation,
      age: Math.floor((performance.now() - counted.startedAt) * 1000),
      first: counted.next - batch.length,
    };
    return encodeEnvelope(head, batch);
  }
}

const plural = (times: number): string => (times === 1 ? "a message" : `${times} messages`);

const isAway = (times: number): string => `NATS is away: ${plural(times)} did not leave.`;
