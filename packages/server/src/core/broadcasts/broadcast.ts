/** What an app says to all of its users at once. */

import { ParlanceError } from "../../errors.ts";
import type { Micros } from "../../ports/store.ts";
import type { Change } from "../../ports/store-entries.ts";
import type { Core } from "../core.ts";
import type { MessageSent } from "../events.ts";
import { changeMessage } from "../messages/change-message.ts";
import { findUserData } from "../messages/list-history.ts";
import { type SendMessage, sendMessage } from "../messages/send-message.ts";
import { sendSignal } from "../messages/signals.ts";
import { findBroadcast, openBroadcast } from "./open-broadcast.ts";

export interface Broadcast
  extends Omit<SendMessage, "conversation" | "senderId" | "senderData" | "marksRead" | "toUserIds"> {
  /** A user's id, or any other name. */
  sender: string;
}

const senderDataOf = async (core: Core, sender: string): Promise<string | null> =>
  (await findUserData(core.store, [sender])).get(sender) ?? null;

/**
 * Stores it once, for everybody who is a user now, and tells those who are online; with a `platform` those of that platform
 * alone, and all the others find it in their history. Throws as `openBroadcast` and `sendMessage` do.
 */
export async function broadcast(core: Core, { sender, ...message }: Broadcast): Promise<MessageSent> {
  const conversation = await openBroadcast(core, sender);
  const senderData = await senderDataOf(core, sender);
  return sendMessage(core, { ...message, conversation, senderId: sender, senderData, marksRead: false });
}

/** Tells those who are online now, and nobody later; nothing is stored. Throws as `openBroadcast` does. */
export async function tellOnline(
  core: Core,
  { sender, type, content }: Pick<Broadcast, "sender" | "type" | "content">,
): Promise<void> {
  const conversation = await openBroadcast(core, sender);
  const senderData = await senderDataOf(core, sender);
  sendSignal(core, { conversation, senderId: sender, senderData, type, content });
}

export interface RecallBroadcast {
  sender: string;
  /** Of the message. */
  sentAt: Micros;
  /** Nothing is left to see in its place. */
  isDelete: boolean;
  /** The app itself takes it back, and not the sender. */
  isByApp: boolean;
}

/** Null: it was recalled already. Throws `messageNotFound`, also for what was sent under another name. */
export async function recallBroadcast(
  core: Core,
  { sender, sentAt, isDelete, isByApp }: RecallBroadcast,
): Promise<Change | null> {
  const conversation = await findBroadcast(core, sender);
  if (!conversation) throw new ParlanceError("messageNotFound");
  const kind = isDelete ? "delete" : "recall";
  return changeMessage(core, { conversation, of: sentAt, kind, by: isByApp ? null : sender });
}
