import { ParlanceError } from "../../../errors.ts";
import { OutcomeUnknown } from "../../../ports/outcome-unknown.ts";
import { type Call, decodeError, type Reply } from "./wire.ts";

export interface BatcherOptions {
  /** Calls that may be waiting or under way; one more is refused as `unavailable`. */
  maxQueue: number;
  /** Calls in one batch. */
  maxBatch: number;
  send(text: string): void;
  onReply(reply: Reply, calls: number): void;
}

interface Batch {
  calls: Call[];
  settle: { resolve(value: unknown): void; reject(error: Error): void }[];
  weight: number;
}

/** One batch is worked on and the next lies ready; what comes meanwhile gathers for the one after. */
const IN_FLIGHT = 2;
/** Characters in one batch, and in all that waits: messages may be long. */
const MAX_BATCH_WEIGHT = 4 << 20;
const MAX_QUEUE_WEIGHT = 256 << 20;

/** Roughly the characters of a call; an id counts as 40. Looks as deep as arguments of the port go. */
const weigh = (values: object): number => {
  let weight = 40;
  for (const value of Object.values(values)) {
    if (typeof value === "string") weight += value.length;
    else if (Array.isArray(value)) weight += 40 * value.length;
    else if (typeof value === "object" && value !== null) weight += weigh(value);
  }
  return weight;
};

/**
 * Group commit, the main thread's half: calls gather while batches are under way. On a quiet store a call leaves at the
 * end of the same turn of the loop; under load batches fill by themselves, without any timer.
 */
export class Batcher {
  readonly #options: BatcherOptions;
  #waiting: Batch[] = [];
  #inFlight: Batch[] = [];
  #queued = 0;
  #queuedWeight = 0;
  #isPumping = false;
  #isClosed = false;
  #onIdle: (() => void) | undefined;

  constructor(options: BatcherOptions) {
    this.#options = options;
  }

  add(call: Call): Promise<unknown> {
    const weight = weigh(call);
    if (
      this.#isClosed ||
      this.#queued >= this.#options.maxQueue ||
      this.#queuedWeight + weight > MAX_QUEUE_WEIGHT
    ) {
      return Promise.reject(new ParlanceError("unavailable"));
    }
    return new Promise((resolve, reject) => {
      let batch = this.#waiting.at(-1);
      if (
        batch === undefined ||
        batch.calls.length >= this.#options.maxBatch ||
        batch.weight + weight > MAX_BATCH_WEIGHT
      ) {
        batch = { calls: [], settle: [], weight: 0 };
        this.#waiting.push(batch);
      }
      batch.calls.push(call);
      batch.settle.push({ resolve, reject });
      batch.weight += weight;
      this.#queued++;
      this.#queuedWeight += weight;
      if (!this.#isPumping && this.#inFlight.length < IN_FLIGHT) {
        this.#isPumping = true;
        queueMicrotask(this.#pump);
      }
    });
  }

  /** Settles the oldest batch under way, in the order of its calls. */
  receive(reply: Reply): void {
    const batch = this.#inFlight.shift();
    if (batch === undefined) return;
    this.#settled(batch);
    const { results, errors, failure } = reply;
    for (const [index, { resolve, reject }] of batch.settle.entries()) {
      const error = errors?.[index];
      if (failure !== undefined) reject(new ParlanceError("unavailable"));
      else if (error !== undefined) reject(decodeError(error));
      else resolve(results?.[index]);
    }
    this.#options.onReply(reply, batch.calls.length);
    this.#pump();
    if (this.#queued === 0) this.#onIdle?.();
  }

  /** Takes no more calls. */
  refuse(): void {
    this.#isClosed = true;
  }

  /** Resolves when all calls are settled. To be called after `refuse`. */
  async drain(): Promise<void> {
    if (this.#queued > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  /**
   * The other side is gone: refuses everything, now and later. What was under way may or may not have been done, and
   * nobody here will ever know.
   */
  fail(): void {
    this.#isClosed = true;
    for (const batch of this.#inFlight) {
      this.#settled(batch);
      for (const { reject } of batch.settle) reject(new OutcomeUnknown(Promise.resolve(null)));
    }
    for (const batch of this.#waiting) {
      this.#settled(batch);
      for (const { reject } of batch.settle) reject(new ParlanceError("unavailable"));
    }
    this.#inFlight = [];
    this.#waiting = [];
    this.#onIdle?.();
  }

  #settled(batch: Batch): void {
    this.#queued -= batch.calls.length;
    this.#queuedWeight -= batch.weight;
  }

  readonly #pump = (): void => {
    this.#isPumping = false;
    while (this.#inFlight.length < IN_FLIGHT) {
      const batch = this.#waiting.shift();
      if (batch === undefined) return;
      this.#inFlight.push(batch);
      this.#options.send(JSON.stringify(batch.calls));
    }
  };
}
