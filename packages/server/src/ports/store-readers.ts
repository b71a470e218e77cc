/** Who has read a message. Members who joined after it, and its sender, don't count. */

import type { Micros } from "./store.ts";

export interface Reader {
  userId: string;
  /** The last message that they have read. */
  sentAt: Micros;
  /** When their mark last moved, on the store's clock; 0: before the store noted it. */
  readAt: Micros;
}

export interface ReaderCounts {
  read: number;
  /** Who could have read it. */
  members: number;
}

export interface ReaderStore {
  /** In the order of user ids, after `afterUserId`. Nobody for a message that doesn't exist. */
  listReaders(
    conversationId: number,
    sentAt: Micros,
    afterUserId: string | null,
    limit: number,
  ): Promise<Reader[]>;
  countReaders(conversationId: number, sentAt: Micros): Promise<ReaderCounts>;
}
