/**
 * Buses joined by a network that delays, loses and cuts by a seed, on a clock of its own, which keeps what the port
 * promises (`ports/bus.ts`) and not a bit more: a loss is told within a second, and subscriptions hear from some
 * moment before `ready` resolves. Imported by tests only.
 */

import type { Bus, BusMessage } from "../../../ports/bus.ts";
import type { Clock } from "../router.ts";

/** From 0 to below 1. */
export type Random = () => number;

export const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** Time that passes when a test says so. */
export class SimulatedClock implements Clock {
  #now = 0;
  #calls = 0;
  #due: { at: number; order: number; call: (() => void) | null }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): () => void {
    const entry = { at: this.#now + milliseconds, order: this.#calls++, call: call as (() => void) | null };
    let [low, high] = [0, this.#due.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#due[middle]?.at ?? 0) > entry.at) high = middle;
      else low = middle + 1;
    }
    this.#due.splice(low, 0, entry);
    return () => {
      entry.call = null;
    };
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Lets everything happen that is due in the next so many milliseconds. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#due[0];
      if (!next || next.at > end) break;
      this.#due.shift();
      this.#now = Math.max(this.#now, next.at);
      next.call?.();
      if (next.call) for (let turn = 0; turn < 12; turn++) await null;
    }
    this.#now = end;
  }
}

type Handler = (message: BusMessage) => void;

class SimulatedBus implements Bus {
  readonly stats;
  readonly handlers = new Map<string, Set<Handler>>();
  /** Subjects that the network knows this bus hears. */
  readonly heard = new Set<string>();
  readonly gapHandlers = new Set<(subject: string | null) => void>();
  /** When the last message of each publisher and subject arrives here. */
  readonly lastArrival = new Map<string, number>();
  isClosed = false;
  /** When the line to the network came to be, as it is now. */
  joinedAt: number;
  /** Closed as by SIGKILL: what it sent last may be lost without a trace. */
  isKilled = false;
  readonly #network: SimulatedNetwork;
  /** When each subscription began, or will begin, to hear. */
  readonly #subscribed = new Map<string, number>();

  constructor(network: SimulatedNetwork) {
    this.#network = network;
    this.joinedAt = network.clock.now();
    this.stats = {
      isConnected: true,
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
  }

  publish(subjects: string | readonly string[], message: BusMessage): void {
    if (this.isClosed) return;
    const text = JSON.stringify(message);
    for (const subject of typeof subjects === "string" ? [subjects] : subjects) {
      for (const handler of this.handlers.get(subject) ?? []) handler(message);
      this.#network.carry(this, subject, text);
    }
  }

  subscribe(subject: string, handler: Handler): () => void {
    const set = this.handlers.get(subject) ?? new Set();
    this.handlers.set(subject, set.add(handler));
    const wait = this.#network.latency() * 5;
    this.#subscribed.set(subject, this.#network.clock.now() + wait);
    this.#network.clock.after(wait, () => {
      if (this.handlers.has(subject)) this.heard.add(subject);
    });
    return () => {
      set.delete(handler);
      if (set.size > 0) return;
      this.handlers.delete(subject);
      this.heard.delete(subject);
    };
  }

  onGap(handler: (subject: string | null) => void): () => void {
    this.gapHandlers.add(handler);
    return () => this.gapHandlers.delete(handler);
  }

  tellGap(subject: string | null): void {
    if (!this.isClosed) for (const handler of this.gapHandlers) handler(subject);
  }

  async ready(): Promise<void> {
    const { clock } = this.#network;
    const last = Math.max(clock.now(), ...this.#subscribed.values());
    await clock.sleep(last - clock.now() + this.#network.latency());
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.handlers.clear();
    this.heard.clear();
  }
}

export class SimulatedNetwork {
  readonly clock = new SimulatedClock();
  readonly #random: Random;
  readonly #buses = new Set<SimulatedBus>();
  /** Part of the messages that never arrive. */
  loss = 0;
  /** Milliseconds that most messages take at most; one in fifty takes ten times as long. */
  mostLatency = 20;

  constructor(random: Random) {
    this.#random = random;
  }

  latency(): number {
    return this.#random() * this.mostLatency * (this.#random() < 0.02 ? 10 : 1);
  }

  open(): SimulatedBus {
    const bus = new SimulatedBus(this);
    this.#buses.add(bus);
    return bus;
  }

  /** Ends the line between a node and the network until `mend`. */
  cut(bus: SimulatedBus): void {
    bus.stats.isConnected = false;
    const tell = () => {
      if (bus.stats.isConnected || bus.isClosed) return;
      bus.tellGap(null);
      this.clock.after(1000, tell);
    };
    tell();
  }

  mend(bus: SimulatedBus): void {
    if (bus.stats.isConnected) return;
    bus.stats.isConnected = true;
    bus.joinedAt = this.clock.now();
    this.clock.after(this.latency(), () => bus.tellGap(null));
  }

  carry(from: SimulatedBus, subject: string, text: string): void {
    for (const to of this.#buses) {
      if (to === from || to.isClosed || !to.heard.has(subject)) continue;
      const key = `${[...this.#buses].indexOf(from)} ${subject}`;
      // One publisher's messages on one subject keep their order; those on different subjects need not.
      const arrival = Math.max(this.clock.now() + this.latency(), to.lastArrival.get(key) ?? 0);
      to.lastArrival.set(key, arrival);
      const isLost = !from.stats.isConnected || this.#random() < this.loss;
      this.clock.after(arrival - this.clock.now(), () => {
        if (isLost || !to.stats.isConnected) {
          const tell = () => {
            if (from.isKilled) return;
            if (from.stats.isConnected && to.stats.isConnected) to.tellGap(subject);
            else if (!from.isClosed) this.clock.after(100, tell);
          };
          this.clock.after(this.#random() * 1000, tell);
          return;
        }
        for (const handler of to.handlers.get(subject) ?? []) handler(JSON.parse(text));
      });
    }
  }
}

export type { SimulatedBus };
