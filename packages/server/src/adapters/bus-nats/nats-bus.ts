import { randomUUID } from "node:crypto";
import type { Bus, BusStats } from "../../ports/bus.ts";
import { BusNotOpened } from "./connect.ts";
import { decodeEnvelope } from "./envelope.ts";
import { Gaps } from "./gaps.ts";
import { Link } from "./link.ts";
import { Outgoing } from "./outgoing.ts";
import { Reports } from "./reports.ts";
import { Subscriptions } from "./subscriptions.ts";
import { wireSubject } from "./wire-subject.ts";

const MiB = 1024 * 1024;

const tickMilliseconds = 250;
/** In ticks. */
const everySecond = 4;
const everyTenSeconds = 40;

export interface NatsBusOptions {
  /** `nats://[user:password@]host:port[,…]` */
  url: string;
  /** A subscriber's handler threw. */
  onHandlerError(error: unknown): void;
  /** Trouble of the network, in sentences for the log; each kind at most once a second. */
  onFailure?(error: Error): void;
  /** Bytes that may be on their way to NATS unconfirmed; what comes above is not sent. Default 32 MiB. */
  maxInFlightBytes?: number;
  /** First word of every subject at NATS; installations that share a NATS account need different ones. */
  prefix?: string;
  /** How long to try to reach NATS at first. Default 5000. */
  connectMilliseconds?: number;
}

export type NatsBus = Bus & { readonly stats: Readonly<BusStats> };

/**
 * A bus over NATS. This node's subscribers are called directly; the other nodes' through NATS, which echoes nothing
 * back. Incoming messages are handled as they are read, so none wait here: a node that is too slow is cut off by
 * NATS, and notices. Throws `BusNotOpened` when NATS cannot be reached.
 */
export async function createNatsBus(options: NatsBusOptions): Promise<NatsBus> {
  const stats: BusStats = {
    isConnected: false,
    reconnects: 0,
    sentMessages: 0,
    sentBatches: 0,
    receivedMessages: 0,
    receivedBatches: 0,
    droppedMessages: 0,
    uncertainMessages: 0,
    gaps: 0,
    ignoredPayloads: 0,
  };
  const publisher = randomUUID();
  const prefix = options.prefix ?? "parlance";
  const reports = new Reports((error) => options.onFailure?.(error));
  const gaps = new Gaps(options.onHandlerError);
  const link = await Link.open({
    url: options.url,
    name: `parlance ${publisher}`,
    milliseconds: options.connectMilliseconds ?? 5000,
    stats,
    reports,
    onBroken: () => gaps.tell(null),
    onMended() {
      gaps.tell(null);
      outgoing.retell();
    },
  });
  const maxInFlightBytes = options.maxInFlightBytes ?? 32 * MiB;
  const outgoing = new Outgoing({ link, publisher, prefix, maxInFlightBytes, stats, reports });
  const subscriptions = new Subscriptions(
    {
      join: (subject) => link.subscribe(wireSubject(prefix, subject), (payload) => receive(subject, payload)),
      settled: () => link.settled(),
    },
    options.onHandlerError,
  );

  const receive = (subject: string, payload: Uint8Array) => {
    const envelope = decodeEnvelope(payload);
    if (!envelope) {
      stats.ignoredPayloads++;
      reports.add("ignored", ignored);
      return;
    }
    const heard = subscriptions.heard(subject);
    if (!heard || envelope.publisher === publisher) return;
    const { skip, isGap } = heard.hear(envelope, performance.now());
    if (envelope.messages.length > 0) stats.receivedBatches++;
    stats.receivedMessages += envelope.messages.length - skip;
    for (let at = skip; at < envelope.messages.length; at++)
      subscriptions.deliver(subject, envelope.messages[at]);
    if (!isGap) return;
    stats.gaps++;
    gaps.tell(subject);
  };

  let ticks = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    ticks++;
    gaps.nextWindow();
    link.tick();
    outgoing.beat(now);
    if (ticks % everySecond === 0) {
      reports.nextWindow();
      if (!link.isUp) gaps.tell(null);
    }
    if (ticks % everyTenSeconds === 0) {
      outgoing.sweep(now);
      subscriptions.sweep(now);
    }
  }, tickMilliseconds);

  let closing: Promise<void> | null = null;
  const close = async () => {
    clearInterval(timer);
    outgoing.flush();
    // Whoever did not get the last messages will hear no later count.
    outgoing.lastBeat();
    await link.close();
    subscriptions.clear();
  };
  return {
    stats,
    publish(subjects, message) {
      if (closing) return;
      const each = typeof subjects === "string" ? [subjects] : subjects;
      outgoing.add(each, message);
      for (const subject of each) subscriptions.deliver(subject, message);
    },
    subscribe: (subject, handler) => (closing ? () => {} : subscriptions.add(subject, handler)),
    onGap: (handler) => gaps.listen(handler),
    async ready() {
      outgoing.flush();
      await subscriptions.settle();
    },
    close: () => (closing ??= close()),
  };
}

export { BusNotOpened };

const ignored = (times: number): string =>
  times === 1
    ? "a payload on the bus was none of ours and was ignored."
    : `${times} payloads on the bus were none of ours and were ignored.`;
