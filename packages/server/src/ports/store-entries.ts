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

/**
 * What can happen to a message. `recall` leaves an entry without content in its place, `delete` nothing to see; `hide`
 * and `show` are the app's, and change nothing else. What is recalled or deleted cannot be modified or get keys.
 */
export type ChangeKind = "recall" | "delete" | "modify" | "setKeys" | "removeKeys" | "hide" | "show";

/** Key-values that one message may hold. */
export const mostKeys = 300;

export interface NewChange {
  conversationId: number;
  /** `sentAt` of the message. */
  of: Micros;
  kind: ChangeKind;
  /** Null: the app itself. */
  by: string | null;
  /** As of a message, and of the same kind: a repeat returns the first change. */
  clientId?: string | null;
  /** For `modify`: JSON text of an object. */
  content?: string;
  /** For `setKeys`: added to what there is. */
  keys?: Record<string, string>;
  /** For `removeKeys`; those that are not there are passed over. */
  removedKeys?: string[];
  /** The last change that the message must have, by its `seq`; 0: none. Throws `tooOld` if it has another one. */
  after?: number;
}

/** An entry of the log, with `seq` and `sentAt` of its own, that is never counted and never shown in history. */
export interface Change {
  conversationId: number;
  sentAt: Micros;
  seq: number;
  by: string | null;
  clientId?: string;
  kind: ChangeKind;
  of: Micros;
  ofSeq: number;
  /**
   * Of `modify` and `setKeys` what was changed, of `show` all: as it is now, which may be later than the change; absent
   * while the message does not show. Whoever applies all changes in their order ends with what is.
   */
  content?: string;
  keys?: Record<string, string>;
  removedKeys?: string[];
  /** Whether the message shows now. */
  isActive: boolean;
  /** Who sees the message and so its changes, its sender included; absent: everybody. */
  viewerIds?: string[];
  /** The message's sender, who sees neither it nor its changes. */
  hiddenFromId?: string;
}

export interface Changed {
  change: Change;
  /** True: the client id was known, nothing was stored, and `change` is the first one. */
  isRepeat: boolean;
}

/** One entry of a log. */
export type LogEntry = { message: Message } | { change: Change };

export interface LogPage {
  /** What the user may see, in the order of the log. */
  entries: LogEntry[];
  /** How far the page reaches: all entries up to it that are not in a page are not for this user. */
  lastSeq: number;
  hasMore: boolean;
}

/** Who looks, and at what. */
export interface MessageView {
  /** Null or absent: what is for everybody. */
  userId?: string | null;
  /** Recalled messages too, which have no content. */
  withRecalled?: boolean;
  /** Only those with `sentAt` after it. */
  after?: Micros;
  /** Oldest first; `before` is a bound as ever. */
  isForward?: boolean;
}

export interface MessageState {
  sentAt: Micros;
  state: "hidden" | "recalled" | "deleted";
}

/** How far behind a log may be read by `seq`. */
export const mostBehind = 1000;

/** The part of `AppStore` about single entries of a log. */
export interface EntryStore {
  /**
   * Changes a message and adds the change to the log, in one transaction. Null: it is so already. Throws
   * `conversationNotFound`; `messageNotFound`, also when it is recalled and the change needs its content; `notAllowed` for
   * keys of a message that takes none; `tooOld` (see `after`); `invalidInput`
   * for more than `mostKeys` keys, and for a client id that something else was sent with.
   */
  change(change: NewChange): Promise<Changed | null>;
  /** Everything with `sentAt > after`, hidden messages and changes too, in the order of the log. */
  listEntriesAfter(conversationId: number, after: Micros, limit: number): Promise<LogEntry[]>;
  /**
   * The same by `seq`, and what the user may see of it. Null: more than `mostBehind` behind, or no longer there. An
   * empty page for a conversation that is not there.
   */
  listEntriesSince(
    conversationId: number,
    afterSeq: number,
    limit: number,
    userId: string,
  ): Promise<LogPage | null>;
  /** After which time `listEntriesAfter` begins behind this `seq`. Null: as for `listEntriesSince`. */
  findTimeBehind(conversationId: number, seq: number): Promise<Micros | null>;
  /** Those of these messages that are no longer what they were or no longer there, which counts as deleted. */
  findStates(conversationId: number, sentAts: Micros[]): Promise<MessageState[]>;
  /** What the sender's first append with this client id was answered; null if there was none. */
  findSent(
    conversationId: number,
    senderId: string | null,
    clientId: string,
  ): Promise<{ sentAt: Micros; seq: number } | null>;
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
