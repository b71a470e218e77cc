import { openSystemConversation } from "../conversations/conversation-name.ts";
import type { Core } from "../core.ts";
import type { MessageSent } from "../events.ts";
import type { PushWish } from "../push/push-wish.ts";
import { sendMessage } from "./send-message.ts";

export interface SendToInbox {
  userId: string;
  /** The name that the app speaks under. */
  senderId: string;
  type: string;
  /** JSON text of an object. */
  content: string;
  clientId?: string;
  push?: PushWish;
}

/** The app says something to one user, in the conversation with the name it speaks under. Throws as `sendMessage`. */
export async function sendToInbox(
  core: Core,
  { userId, senderId, ...said }: SendToInbox,
): Promise<MessageSent> {
  const conversation = await openSystemConversation(core, userId, senderId);
  return sendMessage(core, { ...said, conversation, senderId, senderData: null, marksRead: false });
}
