import type { Conversation, Message } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { parseMessageUid } from "./message-uid.ts";

/** The message of this uid, whatever its state; null: there is none in the conversation. */
export async function lookUpIn(core: Core, conversation: Conversation, uid: string): Promise<Message | null> {
  const parsed = parseMessageUid(uid);
  return parsed?.isOf(conversation.id) ? core.store.findMessage(conversation.id, parsed.sentAt) : null;
}

/** The same wherever it is. */
export async function lookUp(
  core: Core,
  uid: string,
): Promise<{ message: Message; conversation: Conversation } | null> {
  const parsed = parseMessageUid(uid);
  if (parsed === null) return null;
  const found = await core.store.findMessages(parsed.sentAt);
  return found.find(({ conversation }) => parsed.isOf(conversation.id)) ?? null;
}
