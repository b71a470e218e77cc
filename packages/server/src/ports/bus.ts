/**
 * The bus tells other nodes, and this one, that something happened. It is a hint, never the truth: what it loses,
 * the store still has. Adapters prove themselves with `bus.contract.ts`.
 */

/** Plain JSON-like data; receivers must not change it, because a local bus hands over the same object. */
export type BusMessage = unknown;

export interface Bus {
  /** Every subscriber of the subject, this node's included, gets it; one publisher's messages in order. */
  publish(subject: string, message: BusMessage): void;
  /** Returns how to unsubscribe. A handler that throws disturbs nobody else. */
  subscribe(subject: string, handler: (message: BusMessage) => void): () => void;
  /** Resolves when what was published so far has been handed over; then nothing is delivered any more. */
  close(): Promise<void>;
}
