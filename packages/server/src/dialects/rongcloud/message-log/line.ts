import { peerOf, readPair } from "../../../core/conversations/direct.ts";
import { textOf } from "../../../core/message-log/hours.ts";
import { messageUid } from "../../../core/messages/message-uid.ts";
import type { Conversation, ConversationKind } from "../../../ports/store.ts";
import type { LoggedMessage } from "../../../ports/store-message-log.ts";
import { toWire } from "../content/to-wire.ts";

/** Numbers of kinds of conversation, and their names in callbacks. */
export const kindNumbers: Record<ConversationKind, number> = { direct: 1, group: 3, chatroom: 4, system: 6 };
const kindNames: Record<ConversationKind, string> = {
  direct: "PERSON",
  group: "GROUP",
  chatroom: "TEMPGROUP",
  system: "SYSTEM",
};

/** Who said it, and to whom or where; to everybody is to nobody named. */
function endsOf({ kind, key }: Conversation, senderId: string | null): { from: string; to: string } {
  if (kind === "direct") {
    const [first] = readPair(key);
    const from = senderId ?? first;
    return { from, to: peerOf(key, from) };
  }
  if (kind !== "system") return { from: senderId ?? "", to: key };
  const [sender, userId] = readPair(key);
  return { from: senderId ?? sender, to: userId };
}

const parsed = (content: string): unknown => {
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
};

/** A line of an hour's file: JSON, and the end of the line. */
export function logLine(
  { message, conversation }: LoggedMessage,
  { appKey, timeZone }: { appKey: string; timeZone: string },
): string {
  const { objectName, content } = toWire(message);
  const { from, to } = endsOf(conversation, message.senderId);
  const sentAt = Math.floor(message.sentAt / 1000);
  const line = {
    appId: appKey,
    fromUserId: from,
    targetId: to,
    targetType: kindNumbers[conversation.kind],
    channelType: kindNames[conversation.kind],
    GroupId: conversation.kind === "group" ? conversation.key : "",
    classname: objectName,
    content: parsed(content),
    dateTime: textOf(sentAt, timeZone),
    timestamp: sentAt,
    msgUID: messageUid(conversation.id, message.sentAt),
    ...(message.toUserIds && { groupUserIds: message.toUserIds }),
  };
  return `${JSON.stringify(line)}\n`;
}
