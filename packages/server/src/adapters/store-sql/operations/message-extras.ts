import type { NewMessage } from "../../../ports/store.ts";

/** What few messages have: columns of their row, and rows of their own. */
export interface MessageExtras {
  mentions: string | null;
  quote: string | null;
  toUsers: string | null;
  keys: string | null;
  /** Rows of `mentions`; "" is everybody. */
  mentioned: string[];
  /** Rows of `recipients`. */
  recipients: string[];
}

/** Null for a message that has none of it, as most: it costs nothing. */
export const extrasOf = (message: NewMessage): MessageExtras | null => {
  const { mentions, quote, toUserIds, keys, senderId, isCounted, isHiddenFromSender } = message;
  if (mentions == null && quote == null && toUserIds == null && keys === undefined) return null;
  const recipients = new Set(toUserIds ?? []);
  if (toUserIds != null && senderId !== null && !isHiddenFromSender) recipients.add(senderId);
  return {
    mentions: mentions == null ? null : JSON.stringify(mentions),
    quote: quote == null ? null : JSON.stringify(quote),
    toUsers: toUserIds == null ? null : JSON.stringify(toUserIds),
    keys: keys === undefined ? null : JSON.stringify(keys),
    mentioned: isCounted && mentions != null ? mentionedBy({ mentions, toUserIds, senderId }) : [],
    recipients: [...recipients],
  };
};

/** One row at most for each user, so that nobody counts a message twice. */
const mentionedBy = ({
  mentions,
  toUserIds,
  senderId,
}: Required<Pick<NewMessage, "senderId">> & {
  mentions: NonNullable<NewMessage["mentions"]>;
  toUserIds: NewMessage["toUserIds"];
}): string[] => {
  if (mentions.isAll && toUserIds == null) return [""];
  const userIds = new Set(mentions.isAll ? toUserIds : mentions.userIds);
  if (!mentions.isAll && toUserIds != null)
    for (const id of userIds) if (!toUserIds.includes(id)) userIds.delete(id);
  // "" would be everybody.
  for (const id of [senderId, ""]) if (id !== null) userIds.delete(id);
  return [...userIds];
};
