/** Messages as calls name them: by conversation and uid. */

import { directKey, pairKey } from "../../../../core/conversations/direct.ts";
import type { Core } from "../../../../core/core.ts";
import { lookUpIn } from "../../../../core/messages/look-up-uid.ts";
import type { Conversation, ConversationKind, Message } from "../../../../ports/store.ts";
import { RongcloudRefusal } from "../../refusal.ts";

/** Numbers of the wire. */
export const conversationTypes = { direct: 1, group: 3, chatroom: 4, system: 6 } as const;

export interface MessageName {
  conversationType: number;
  /** Who wrote it, or one of the two in a direct conversation. */
  userId: string;
  targetId: string;
  uid: string;
}

export interface Target {
  conversation: Conversation;
  message: Message;
}

const kindOf = (conversationType: number): ConversationKind => {
  for (const [kind, number] of Object.entries(conversationTypes))
    if (number === conversationType) return kind as ConversationKind;
  if (conversationType === 10) throw new RongcloudRefusal(1009, "Ultra groups have no such messages here.");
  throw new RongcloudRefusal(1002, "conversationType must be 1, 3, 4 or 6.");
};

const keyOf = (kind: ConversationKind, { userId, targetId }: MessageName): string => {
  if (kind === "direct") return directKey(userId, targetId);
  return kind === "system" ? pairKey(userId, targetId) : targetId;
};

const noSuchMessage = (uid: string) =>
  new RongcloudRefusal(1002, `There is no message ${uid} in this conversation.`);

/** Also one that was recalled. Throws 1002 when there is none. */
export async function findTarget(core: Core, name: MessageName): Promise<Target> {
  const kind = kindOf(name.conversationType);
  const conversation = await core.conversations.find(keyOf(kind, name), [kind]);
  const message = conversation && (await lookUpIn(core, conversation, name.uid));
  if (!conversation || !message) throw noSuchMessage(name.uid);
  return { conversation, message };
}

/** In its present state it can be changed. Throws 1002. */
export function assertThere({ message }: Target, uid: string): void {
  if (message.state === "recalled" || message.state === "deleted")
    throw new RongcloudRefusal(1002, `The message ${uid} was recalled.`);
}

/** Throws 1002 unless the user wrote it. The app's own have no other author than the name they were sent under. */
export function assertAuthor({ conversation, message }: Target, userId: string, otherwise = ""): void {
  if (conversation.kind === "system" || message.senderId === userId) return;
  throw new RongcloudRefusal(1002, `fromUserId must be who sent the message${otherwise}.`);
}
