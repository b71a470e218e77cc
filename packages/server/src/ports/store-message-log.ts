/** What was said in a whole app, in the order of time: for who keeps a record of it, and for who wants it gone. */

import type { Conversation, Message, Micros, Millis } from "./store.ts";

export interface LoggedMessage {
  message: Message;
  conversation: Conversation;
}

export interface MessageLogPage {
  messages: LoggedMessage[];
  /** The next page's `from`; null: this was the last. A page may be short, or empty, and not the last. */
  next: Micros | null;
}

export interface MessageLogStore {
  /**
   * Messages of all conversations with `from <= sentAt < to`, as they are now, by time; those for some too, and recalled
   * ones, without content. Looks at `limit` entries, and at those of the last one's very moment.
   */
  listAppMessages(span: { from: Micros; to: Micros }, limit: number): Promise<MessageLogPage>;
  /** Notes that the hour which begins then is removed, and forgets notes from before `forgetBefore`. */
  removeLogHour(beginsAt: Millis, forgetBefore: Millis): Promise<void>;
  isLogHourRemoved(beginsAt: Millis): Promise<boolean>;
  /**
   * Removes the oldest up to `limit` entries of a chatroom's log that are not later than `upTo`, for everybody and for
   * good; resolves to how many. Nothing of other kinds, whose counts are made of their logs. Throws
   * `conversationNotFound`.
   */
  clearLog(conversationId: number, upTo: Micros, limit: number): Promise<number>;
}
