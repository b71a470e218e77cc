import { ParlanceError } from "../../errors.ts";
import type { Conversation } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import type { MessageSent } from "../events.ts";

export interface SendMessage {
  conversation: Conversation;
  /** Null: the app itself speaks. */
  senderId: string | null;
  senderData: string | null;
  type: string;
  /** JSON text of an object. */
  content: string;
  /** A repeat by the same sender returns the first result and tells nobody. */
  clientId?: string;
  marksRead: boolean;
}

/**
 * Resolves with what listeners are told, when the message is on disk and they are being told it. Whether the sender may send is asked before
 * (`isAdmitted`); a back end needs no admission. Throws `conversationNotFound`, `unavailable`.
 */
export async function sendMessage(core: Core, input: SendMessage): Promise<MessageSent> {
  const { conversation, senderId, senderData, type, content, clientId = null, marksRead } = input;
  const { sentAt, seq, isRepeat } = await core.store.append({
    conversationId: conversation.id,
    senderId,
    type,
    content,
    isCounted: true,
    clientId,
    marksRead,
  });
  const message = {
    conversationId: conversation.id,
    sentAt,
    seq,
    senderId,
    type,
    content,
    isCounted: true,
    isActive: true,
  };
  const sent: MessageSent = { kind: "messageSent", conversation, message, senderData, marksRead };
  if (isRepeat) return sent;
  core.publish(sent);
  core.log.debug({ user: senderId, conversation: conversation.key, seq }, "message accepted");
  return sent;
}

/** Throws `invalidInput` with the limit when a text is longer than the app may send. */
export function assertMessageSize(core: Core, text: string): void {
  const limit = core.limits.messageBytes;
  // A UTF-16 unit takes at most 3 bytes, so short texts need no counting.
  if (text.length * 3 <= limit || Buffer.byteLength(text) <= limit) return;
  throw new ParlanceError("invalidInput", { message: `Ensure this field has no more than ${limit} bytes.` });
}
