/** Entries of the log as they travel. */

import type { Change, Entry, Message } from "@parlance/protocol";
import type { Message as StoredMessage } from "../../ports/store.ts";
import type { LogEntry, Mentions, Quote, Change as StoredChange } from "../../ports/store-entries.ts";

const contentOf = (json: string): Record<string, unknown> => JSON.parse(json);

const mentionsOf = ({ userIds, isAll }: Mentions): NonNullable<Message["mentions"]> => ({
  ...(userIds.length > 0 ? { users: userIds } : {}),
  ...(isAll ? { all: true as const } : {}),
});

const quoteOf = ({ sentAt, seq, senderId, type, content, state }: Quote): NonNullable<Message["quote"]> => ({
  sentAt,
  seq,
  from: senderId,
  type,
  content: content === undefined ? {} : contentOf(content),
  ...(state ? { state } : {}),
});

/** For this user's eyes; null: everybody's who may see it, but not its author's. */
export function toMessage(stored: StoredMessage, senderData: string | null, userId: string | null): Message {
  const { seq, sentAt, senderId, type, content, isCounted, isActive, state } = stored;
  const message: Message = { seq, sentAt, from: senderId, type, content: contentOf(content), isCounted };
  if (senderData !== null) message.fromData = senderData;
  if (stored.clientId !== undefined && senderId !== null && senderId === userId)
    message.clientId = stored.clientId;
  if (stored.isNeverLast) message.isNeverLast = true;
  if (stored.mentions) message.mentions = mentionsOf(stored.mentions);
  if (stored.quote) message.quote = quoteOf(stored.quote);
  if (stored.keys && Object.keys(stored.keys).length > 0) message.keys = stored.keys;
  if (stored.toUserIds) message.to = stored.toUserIds;
  if (state) message.state = state;
  else if (!isActive) message.state = "hidden";
  if (stored.modifiedAt !== undefined) message.modifiedAt = stored.modifiedAt;
  if (stored.changeSeq !== undefined) message.changeSeq = stored.changeSeq;
  return message;
}

export function toChange({ seq, sentAt, by, of, ofSeq, kind, ...what }: StoredChange): Change {
  const change: Change["change"] = { of, seq: ofSeq, kind };
  if (kind === "modify" && what.content !== undefined) change.content = contentOf(what.content);
  if (kind === "setKeys" && what.keys) change.keys = what.keys;
  if (kind === "removeKeys" && what.removedKeys) change.removedKeys = what.removedKeys;
  return { seq, sentAt, by, change };
}

/** There is an entry, and it is not for who is told of it: they need to know that they missed nothing. */
export const toPassed = (seq: number, sentAt: number): Message => ({
  seq,
  sentAt,
  from: null,
  type: "hidden",
  content: {},
  isCounted: false,
  state: "hidden",
});

export const toEntry = (entry: LogEntry, data: ReadonlyMap<string, string | null>, userId: string): Entry =>
  "change" in entry
    ? toChange(entry.change)
    : toMessage(entry.message, data.get(entry.message.senderId ?? "") ?? null, userId);
