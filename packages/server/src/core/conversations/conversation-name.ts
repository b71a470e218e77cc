import { ParlanceError } from "../../errors.ts";
import type { Conversation, ConversationKind } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { addMembers } from "./change-members.ts";
import { assertUserId, directKey, pairKey, peerOf, readPair } from "./direct.ts";

/**
 * A conversation as a user's client calls it. In `direct` the id is the other user's; in `system` it is the name that
 * the app speaks under, with a star before it where the app speaks to everybody; everywhere else it is the
 * conversation's own.
 */
export interface ConversationName {
  kind: ConversationKind;
  id: string;
}

/** Lists of one kind, made once: they are a part of the cache's keys. */
const listOf: Record<ConversationKind, readonly ConversationKind[]> = {
  direct: ["direct"],
  group: ["group"],
  chatroom: ["chatroom"],
  system: ["system"],
};

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

/** Nobody is still to come in: not so where a back end spoke in the name of somebody who didn't hear it. */
const isComplete = ({ key, soleMemberId }: Conversation): boolean =>
  soleMemberId === undefined || peerOf(key, soleMemberId) === soleMemberId;

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

/** Found or made, whoever else does the same at the same time on any node. */
async function ensure(
  core: Core,
  kind: "direct" | "system",
  key: string,
  userIds: string[],
): Promise<Conversation> {
  const found = await core.conversations.find(key, listOf[kind]);
  if (found) return complete(core, found, userIds);
  const memberIds = [...new Set(userIds)];
  const wanted = { kind, key, admission: "members", memberIds } as const;
  const { conversation, isNew } = await core.store.ensureConversation({ ...wanted, memberIds });
  if (!isNew) return complete(core, conversation, userIds);
  tellMade(core, conversation, memberIds);
  return conversation;
}

const madeAtOnce = 250;

export interface WantedConversation {
  key: string;
  userIds: string[];
}

/**
 * Sees to it that these are found next, with one question for those that are there and few transactions for those that
 * are not. Who is to come into one that is there comes in when it is opened.
 */
export async function prepare(
  core: Core,
  kind: "direct" | "system",
  wanted: readonly WantedConversation[],
): Promise<void> {
  const kinds = listOf[kind] as readonly [ConversationKind];
  const isMissing = ({ key }: WantedConversation) => !core.conversations.peek(key, kinds);
  await core.conversations.prefetch(
    wanted.map(({ key }) => key),
    kinds,
  );
  const missing = wanted.filter(isMissing);
  for (let from = 0; from < missing.length; from += madeAtOnce) {
    const made = missing.slice(from, from + madeAtOnce);
    const news = made.map(({ key, userIds }) => ({
      kind,
      key,
      admission: "members" as const,
      memberIds: [...new Set(userIds)],
    }));
    const ensured = await core.store.ensureConversations(news);
    for (const [index, { conversation, isNew }] of ensured.entries())
      if (isNew) tellMade(core, conversation, news[index]?.memberIds ?? []);
  }
  await core.conversations.prefetch(
    missing.map(({ key }) => key),
    kinds,
  );
}

function tellMade(core: Core, conversation: Conversation, userIds: string[]): void {
  const { key, kind } = conversation;
  core.publish({ kind: "membersAdded", conversation, userIds, seq: 0, sentAt: 0 });
  core.log.info({ conversation: key, kind, members: userIds.length }, "conversation created");
}

/** Who is to hear it comes in. */
async function complete(core: Core, found: Conversation, userIds: string[]): Promise<Conversation> {
  const { soleMemberId, ...conversation } = found;
  if (isComplete(found) || userIds.every((userId) => userId === soleMemberId)) return found;
  // It may have happened on another node, and then nothing does here.
  await addMembers(core, conversation, userIds);
  core.conversations.forget(found);
  return conversation;
}
