/** What an app says to all of its users at once. */

import { ParlanceError } from "../../errors.ts";
import type { Change } from "../../ports/store-entries.ts";
import { broadcastKey } from "../conversations/conversation-name.ts";
import type { Core } from "../core.ts";
import { changeMessage } from "../messages/change-message.ts";
import { lookUp } from "../messages/look-up-uid.ts";
import { messageUid } from "../messages/message-uid.ts";
import { type SendMessage, sendMessage } from "../messages/send-message.ts";
import { sendOnce } from "../messages/send-once.ts";
import { sendSignal } from "../messages/signals.ts";
import type { Speech, Spoken } from "../messages/speak.ts";
import { openBroadcast } from "./open-broadcast.ts";

/** Under the name of `fromUserId`, which need not be a user's. */
export type Broadcast = Pick<
  Speech,
  "fromUserId" | "senderData" | "type" | "content" | "isCounted" | "isNeverLast" | "onceKey" | "push"
>;

/**
 * Stores it once, for everybody who is a user now, and tells those who are online; with a `platform` those of that platform
 * alone, and all the others find it in their history. Throws as `openBroadcast` and `sendMessage` do.
 */
export async function broadcast(core: Core, said: Broadcast, platform?: string): Promise<Spoken> {
  const conversation = await openBroadcast(core, said.fromUserId);
  const { senderData, type, content, isCounted, isNeverLast, onceKey, push } = said;
  const input: SendMessage = {
    conversation,
    senderId: null,
    senderData,
    type,
    content,
    isCounted,
    isByApp: true,
    marksRead: false,
    hasFixedKeys: true,
    ...(isNeverLast && { isNeverLast }),
    ...(push && { push }),
    ...(platform !== undefined && { platform }),
  };
  const sent = await (onceKey === undefined ? sendMessage(core, input) : sendOnce(core, input, onceKey));
  return { uid: messageUid(conversation.id, sent.message.sentAt), isRepeat: sent.isRepeat ?? false };
}

/** Tells those who are online now, and nobody later; nothing is stored. Throws as `openBroadcast` does. */
export async function tellOnline(core: Core, said: Broadcast): Promise<void> {
  const conversation = await openBroadcast(core, said.fromUserId);
  const { senderData, type, content } = said;
  sendSignal(core, { conversation, senderId: null, senderData, type, content });
}

export interface RecallBroadcast {
  /** Under which name it was said, or with `isAnybodys` who takes it back. */
  fromUserId: string;
  uid: string;
  isAnybodys: boolean;
  /** Nothing is left to see in its place. */
  isDelete: boolean;
}

/** Null: it was recalled already. Throws `messageNotFound`, also for what was said under another name. */
export async function recallBroadcast(
  core: Core,
  { fromUserId, uid, isAnybodys, isDelete }: RecallBroadcast,
): Promise<Change | null> {
  const found = await lookUp(core, uid);
  const isIt =
    found?.conversation.admission === "everyone" &&
    (isAnybodys || found.conversation.key === broadcastKey(fromUserId));
  if (!found || !isIt) throw new ParlanceError("messageNotFound");
  const { conversation, message } = found;
  const kind = isDelete ? "delete" : "recall";
  return changeMessage(core, { conversation, of: message.sentAt, kind, by: fromUserId, isByApp: true });
}
