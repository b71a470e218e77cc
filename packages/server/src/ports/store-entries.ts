/** What a message carries besides its text, and what can be asked about it. */

import type { Message, Micros } from "./store.ts";

export interface Mentions {
  /** At most 100. */
  userIds: string[];
  /** Everybody who sees the message. */
  isAll: boolean;
}

/** A message that another one answers, as it was then. */
export interface Quote {
  sentAt: Micros;
  seq: number;
  senderId: string | null;
  type: string;
  /** JSON text, when it was at most 1 KiB. */
  content?: string;
  /** Found out on reading: what has become of it since. */
  state?: "hidden" | "recalled" | "deleted";
}

/** The part of `AppStore` about single entries of a log. */
export interface EntryStore {
  /**
   * Shown counted messages after the user's mark that mention the user or everybody and are not the user's own, at most
   * `cap`, in the order of the ids asked for. A message for some only mentions none but them.
   */
  countMentions(conversationIds: number[], userId: string, cap: number): Promise<number[]>;
  /** Those messages with `sentAt < before` (null: all), read or not, newest first. */
  listMentions(
    conversationId: number,
    userId: string,
    before: Micros | null,
    limit: number,
  ): Promise<Message[]>;
}
