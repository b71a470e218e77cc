/**
 * The bus tells other nodes, and this one, that something happened. It is a hint, never the truth: what it loses,
 * the store still has. Adapters prove themselves with `bus.contract.ts`.
 */

/** Plain JSON-like data; receivers must not change it, because a local bus hands over the same object. */
export type BusMessage = unknown;

/** Running totals since the bus was opened. */
export interface BusStats {
  /** Whether other nodes can be reached now. */
  isConnected: boolean;
  reconnects: number;
  /** Messages handed to the network, and the batches they went in. */
  sentMessages: number;
  sentBatches: number;
  receivedMessages: number;
  receivedBatches: number;
  /** Messages that never left, because the network was away or full, or they were too large for it. */
  droppedMessages: number;
  /** Messages that had left when the connection broke before the network confirmed them; some may have arrived. */
  uncertainMessages: number;
  /** How often a receiver noticed that messages of another node are missing. */
  gaps: number;
  /** What came on a subject and was none of ours. */
  ignoredPayloads: number;
}

export interface Bus {
  /**
   * Every subscriber of the subject, this node's included, gets it; one publisher's messages on it in order. This
   * node's subscribers have got it when the call returns. Of several subjects each gets the message, written once.
   */
  publish(subjects: string | readonly string[], message: BusMessage): void;
  /** Returns how to unsubscribe. A handler that throws disturbs nobody else. */
  subscribe(subject: string, handler: (message: BusMessage) => void): () => void;
  /**
   * "Messages of other nodes may have been lost just now; ask the store." The handler is given the subject, or null
   * for all of them, soon after the loss: within 1 s while other nodes can be reached, and about once a second as
   * long as they cannot. What was published before `subscribe` counts as lost to nobody. Returns how to stop
   * listening.
   */
  onGap(handler: (subject: string | null) => void): () => void;
  /**
   * Resolves once every subscription made so far hears the other nodes, and what was published so far is on its way
   * to them: what is not in the store by then will be heard, or `onGap` tells. Resolves as well when other nodes are
   * out of reach, because `onGap` speaks then.
   */
  ready(): Promise<void>;
  /** Resolves when what was published so far has been handed over; then nothing is delivered any more. */
  close(): Promise<void>;
  /** Only where there is a network between nodes. */
  readonly stats?: Readonly<BusStats>;
}
