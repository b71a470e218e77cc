import { ParlanceError } from "../../errors.ts";
import type { Conversation, Message, Micros } from "../../ports/store.ts";
import type { Core } from "../core.ts";

/** Whether it is for this user; null is the app, which sees all. Asked besides membership. */
export function isVisibleTo(message: Message, userId: string | null): boolean {
  const { toUserIds, senderId, isHiddenFromSender } = message;
  if (userId === null) return true;
  if (senderId === userId) return !isHiddenFromSender;
  return toUserIds === undefined || toUserIds.includes(userId);
}

/** Whatever its state. Throws `messageNotFound`, also for one that is for others only, or from before the user came. */
export async function findMessage(
  core: Core,
  conversation: Conversation,
  sentAt: Micros,
  userId: string | null = null,
): Promise<Message> {
  const message = await core.store.findMessage(conversation.id, sentAt, userId);
  if (!message || !isVisibleTo(message, userId)) throw new ParlanceError("messageNotFound");
  return message;
}
