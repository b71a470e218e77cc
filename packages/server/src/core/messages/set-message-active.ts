import { ParlanceError } from "../../errors.ts";
import type { Conversation, Message } from "../../ports/store.ts";
import type { Core } from "../core.ts";

/** Hides a message from history and last-message views, or shows it again; listeners are told when it changes. */
export async function setMessageActive(
  core: Core,
  conversation: Conversation,
  message: Message,
  isActive: boolean,
): Promise<void> {
  const { sentAt } = message;
  const hasChanged = await core.store.setMessageActive(conversation.id, sentAt, isActive);
  if (!hasChanged) return;
  core.publish({ kind: "messageActiveChanged", conversation, sentAt, isActive });
  core.log.info({ conversation: conversation.key, seq: message.seq, isActive }, "message visibility changed");
}

/** Throws `messageNotFound`. */
export async function findMessage(core: Core, conversation: Conversation, sentAt: number): Promise<Message> {
  const message = await core.store.findMessage(conversation.id, sentAt);
  if (!message) throw new ParlanceError("messageNotFound");
  return message;
}
