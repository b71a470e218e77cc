/** Conversations as clients name them, and who may do what in them. */

import type { ConversationRef } from "@parlance/protocol";
import { isAdmitted } from "../../core/conversations/admission.ts";
import {
  nameFor,
  openConversation,
  peekConversation,
  resolveConversation,
  systemNameOf,
} from "../../core/conversations/conversation-name.ts";
import type { Connection } from "../../gateway/connection.ts";
import type { Conversation } from "../../ports/store.ts";
import { Refusal } from "./refusal.ts";

/** As this user's client calls it; with null as everybody's does, which a direct one has no name for. */
export function refFor(conversation: Conversation, userId: string | null): ConversationRef {
  const { kind, key } = conversation;
  if (userId !== null) return nameFor(conversation, userId);
  return { kind, id: kind === "system" ? systemNameOf(key) : key };
}

/** Known and admitted without asking the store; undefined means ask `writable`. */
export function peekWritable({ core, user }: Connection, ref: ConversationRef): Conversation | undefined {
  const known = peekConversation(core, user.userId, ref);
  return known && known.kind !== "system" && isAdmitted(user, known) ? known : undefined;
}

/**
 * For who is about to write: a direct conversation comes into being. Throws `conversationNotFound`, `notMember`, and
 * `notAllowed` where the app alone speaks.
 */
export async function writable(connection: Connection, ref: ConversationRef): Promise<Conversation> {
  const { core, user } = connection;
  if (ref.kind === "system") throw new Refusal("notAllowed");
  const found = await openConversation(core, user.userId, ref);
  await assertAdmitted(connection, found);
  return found;
}

/** Throws `conversationNotFound`, `notMember`. */
export async function readable(connection: Connection, ref: ConversationRef): Promise<Conversation> {
  const { core, user } = connection;
  const found = await resolveConversation(core, user.userId, ref);
  await assertAdmitted(connection, found);
  return found;
}

/** As `readable`, for what only conversations of a list have. Throws `wrongKind`. */
export async function listed(connection: Connection, ref: ConversationRef): Promise<Conversation> {
  if (ref.kind === "chatroom") throw new Refusal("wrongKind");
  return readable(connection, ref);
}

async function assertAdmitted(connection: Connection, conversation: Conversation): Promise<void> {
  if (isAdmitted(connection.user, conversation)) return;
  if (!(await connection.confirmMembership(conversation.id))) throw new Refusal("notMember");
}
