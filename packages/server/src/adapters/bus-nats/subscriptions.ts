import type { BusMessage } from "../../ports/bus.ts";
import { Heard } from "./heard.ts";

type Handler = (message: BusMessage) => void;

interface Network {
  /** Subscribes at NATS and returns how to leave. */
  join(subject: string): () => void;
  /** Resolves when NATS knows of every subscription made so far, or is out of reach. */
  settled(): Promise<void>;
}

interface Subscribed {
  handlers: Set<Handler>;
  heard: Heard;
  leave(): void;
}

/** This node's subscribers; a subject with any has one subscription at NATS. */
export class Subscriptions {
  readonly #bySubject = new Map<string, Subscribed>();
  readonly #network: Network;
  readonly #onHandlerError: (error: unknown) => void;
  /** Those that NATS has not confirmed yet. */
  #young: Heard[] = [];

  constructor(network: Network, onHandlerError: (error: unknown) => void) {
    this.#network = network;
    this.#onHandlerError = onHandlerError;
  }

  add(subject: string, handler: Handler): () => void {
    // Wrapped, so that one function may subscribe twice and leave once.
    const own: Handler = (message) => handler(message);
    let subscribed = this.#bySubject.get(subject);
    if (!subscribed) {
      subscribed = {
        handlers: new Set(),
        heard: new Heard(),
        leave: this.#network.join(subject),
      };
      if (this.#young.push(subscribed.heard) === 1) setImmediate(() => this.settle());
      this.#bySubject.set(subject, subscribed);
    }
    const { handlers, leave } = subscribed;
    handlers.add(own);
    return () => {
      if (!handlers.delete(own) || handlers.size > 0) return;
      this.#bySubject.delete(subject);
      leave();
    };
  }

  /** Resolves when NATS knows of every subscription made so far, or is out of reach. */
  async settle(): Promise<void> {
    const young = this.#young;
    this.#young = [];
    await this.#network.settled();
    const now = performance.now();
    for (const heard of young) heard.begin(now);
  }

  heard(subject: string): Heard | null {
    return this.#bySubject.get(subject)?.heard ?? null;
  }

  deliver(subject: string, message: BusMessage): void {
    for (const handler of this.#bySubject.get(subject)?.handlers ?? []) {
      try {
        handler(message);
      } catch (error) {
        this.#onHandlerError(error);
      }
    }
  }

  sweep(now: number): void {
    for (const { heard } of this.#bySubject.values()) heard.sweep(now);
  }

  /** Nobody is handed anything any more. */
  clear(): void {
    for (const { handlers } of this.#bySubject.values()) handlers.clear();
    this.#bySubject.clear();
  }
}
