import { ParlanceError } from "../../errors.ts";
import type { Conversation, ConversationKind } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { assertUserId, directKey, pairKey, peerOf, readPair } from "./direct.ts";
import { ensure, isComplete, listOf } from "./ensure-conversation.ts";

/**
 * A conversation as a user's client calls it. In `direct` the id is the other user's; in `system` it is the name that
 * the app speaks under, with a star before it where the app speaks to everybody; everywhere else it is the
 * conversation's own.
 */
export interface ConversationName {
  kind: ConversationKind;
  id: string;
}

/** Before a name in `system`: what is said to everybody under it has a log of its own. */
const toEverybody = "*";

/** Of what is said to everybody under this name. No user's id is empty, so that it is nobody's own conversation. */
export const broadcastKey = (sender: string): string => pairKey(sender, "");

function keyFor(userId: string, { kind, id }: ConversationName): string {
  if (kind === "direct") return directKey(userId, id);
  if (kind !== "system") return id;
  return id.startsWith(toEverybody) ? broadcastKey(id.slice(toEverybody.length)) : pairKey(id, userId);
}

/** What everybody's client calls a `system` conversation. */
export function systemNameOf(key: string): string {
  const [sender, userId] = readPair(key);
  return userId === "" ? toEverybody + sender : sender;
}

/** Throws `invalidInput` for what the app can't speak under. */
export function assertSender(sender: string): void {
  assertUserId(sender);
  if (sender.startsWith(toEverybody))
    throw new ParlanceError("invalidInput", { sender: `It may not begin with ${toEverybody}.` });
}

/** What this user's client calls it. The user must be a member of a `direct` or `system` one. */
export function nameFor({ kind, key }: Pick<Conversation, "kind" | "key">, userId: string): ConversationName {
  if (kind === "direct") return { kind, id: peerOf(key, userId) };
  return { kind, id: kind === "system" ? systemNameOf(key) : key };
}

/** What is known without asking the store: the hot path of a send. */
export function peekConversation(
  core: Core,
  userId: string,
  name: ConversationName,
): Conversation | undefined {
  const known = core.conversations.peek(keyFor(userId, name), listOf[name.kind]);
  return known && isComplete(known) ? known : undefined;
}

/** Throws `conversationNotFound`. Whether the user may read or write there is asked afterwards. */
export async function resolveConversation(
  core: Core,
  userId: string,
  name: ConversationName,
): Promise<Conversation> {
  const found = await core.conversations.find(keyFor(userId, name), listOf[name.kind]);
  if (!found) throw new ParlanceError("conversationNotFound");
  return found;
}

/** As `resolveConversation`, for who is about to write: a `direct` conversation comes into being. */
export async function openConversation(
  core: Core,
  userId: string,
  name: ConversationName,
): Promise<Conversation> {
  const known = peekConversation(core, userId, name);
  if (known) return known;
  if (name.kind !== "direct") return resolveConversation(core, userId, name);
  assertUserId(userId);
  assertUserId(name.id);
  return ensure(core, "direct", directKey(userId, name.id), [userId, name.id]);
}

/** Where somebody is spoken to in another's name. Who doesn't hear what is said for them is not in it before they hear something. */
export async function openDirectFor(
  core: Core,
  fromUserId: string,
  toUserId: string,
  isHeardBySender: boolean,
): Promise<Conversation> {
  assertUserId(fromUserId);
  assertUserId(toUserId);
  const userIds = isHeardBySender ? [fromUserId, toUserId] : [toUserId];
  return ensure(core, "direct", directKey(fromUserId, toUserId), userIds);
}

export const defaultSystemSender = "system";

/** Where the app speaks to one user under a name of its own; the user reads there, and can't write. */
export async function openSystemConversation(
  core: Core,
  userId: string,
  sender = defaultSystemSender,
): Promise<Conversation> {
  assertUserId(userId);
  assertSender(sender);
  return ensure(core, "system", pairKey(sender, userId), [userId]);
}
