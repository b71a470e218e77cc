import type { Conversation, Message } from "../../ports/store.ts";
import type { Core } from "../core.ts";

/** Unread counts stop here; clients show "99+". */
export const unreadCap = 100;

/** Unread counted messages for the user, in the order of the conversations. */
export function countUnread(core: Core, conversations: Conversation[], userId: string): Promise<number[]> {
  const ids = conversations.map((conversation) => conversation.id);
  return core.store.countUnread(ids, userId, unreadCap);
}

export interface LastMessage {
  conversation: Conversation;
  /** Null in a conversation without a message to show. */
  message: Message | null;
  hasUnread: boolean;
}

/** The last message of each conversation, and whether the user has yet to read it. */
export async function listLastMessages(
  core: Core,
  conversations: Conversation[],
  userId: string,
): Promise<LastMessage[]> {
  const ids = conversations.map((conversation) => conversation.id);
  const [messages, marks] = await Promise.all([
    core.store.listLastMessages(ids, { userId }),
    core.store.findReadMarks(ids, userId),
  ]);
  const lastById = new Map(messages.map((message) => [message.conversationId, message]));
  const readById = new Map(marks.map((mark) => [mark.conversationId, mark.sentAt]));
  return conversations.map((conversation) => {
    const message = lastById.get(conversation.id) ?? null;
    const hasUnread = message !== null && message.sentAt > (readById.get(conversation.id) ?? 0);
    return { conversation, message, hasUnread };
  });
}
