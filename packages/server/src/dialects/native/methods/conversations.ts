import { limits, type ParamsOf, type ResultOf } from "@parlance/protocol";
import { getConversation, listConversations } from "../../../core/conversations/list.ts";
import { clearHistory, removeFromList, updateSettings } from "../../../core/conversations/settings.ts";
import { syncConversations } from "../../../core/conversations/sync.ts";
import { findUserData } from "../../../core/messages/list-history.ts";
import { markRead } from "../../../core/reading/mark-read.ts";
import { ParlanceError } from "../../../errors.ts";
import type { Connection } from "../../../gateway/connection.ts";
import type { Conversation } from "../../../ports/store.ts";
import type { MuteLevel, SettingsChange } from "../../../ports/store-conversations.ts";
import type { GroupRole } from "../../../ports/store-hosted-groups.ts";
import { listed, refFor } from "../conversations.ts";
import { Refusal } from "../refusal.ts";
import { toConversationChanges, toStates } from "../wire-state.ts";
import { type Call, read, write } from "./method.ts";
import { tagIds } from "./tags.ts";

type StateOf = ResultOf<"conversation.update">;

async function sync(
  { connection }: Call,
  { cursor = null, limit = limits.conversationsPage }: ParamsOf<"conversation.sync">,
): Promise<ResultOf<"conversation.sync">> {
  const { core, user } = connection;
  const { userId } = user;
  const page = await syncConversations(core, userId, cursor, limit).catch((error) => {
    // Too old, or from elsewhere: the client begins with everything again.
    const isUnknown =
      error instanceof ParlanceError && (error.code === "tooOld" || error.code === "invalidInput");
    if (!isUnknown || cursor === null) throw error;
    return syncConversations(core, userId, null, limit);
  });
  const lost = page.lost.map(({ id, kind, key, changedAt }) => ({
    conversation: refFor({ id, kind, key, admission: "members", createdAt: 0 }, userId),
    isRemoved: true as const,
    changedAt,
  }));
  const { hasMore, isFull } = page;
  const conversations = await toConversationChanges(core, userId, page.conversations);
  return { conversations: [...conversations, ...lost], cursor: page.cursor, hasMore, isFull };
}

async function list(
  { connection }: Call,
  { before, limit = limits.conversationsPage, tag }: ParamsOf<"conversation.list">,
): Promise<ResultOf<"conversation.list">> {
  const { core, user } = connection;
  const [tagId] = tag === undefined ? [] : await tagIds(core, user.userId, [tag]);
  const page = await listConversations(core, user.userId, {
    before: before ?? null,
    limit,
    ...(tagId !== undefined && { tagId }),
  });
  return { conversations: await toStates(core, user.userId, page.conversations), next: page.next };
}

async function stateOf({ core, user }: Connection, conversation: Conversation): Promise<StateOf> {
  const [state] = await toStates(core, user.userId, [await getConversation(core, user.userId, conversation)]);
  return { state: state as StateOf["state"] };
}

async function get(
  { connection }: Call,
  { conversation: ref }: ParamsOf<"conversation.get">,
): Promise<ResultOf<"conversation.get">> {
  const { core, user } = connection;
  const stored = await getConversation(core, user.userId, await listed(connection, ref));
  const [state] = await toConversationChanges(core, user.userId, [stored]);
  return { state: state as NonNullable<typeof state> };
}

async function update(
  { connection }: Call,
  { conversation: ref, isPinned, mute, draft, tags }: ParamsOf<"conversation.update">,
): Promise<StateOf> {
  const { core, user } = connection;
  const conversation = await listed(connection, ref);
  const change: SettingsChange = {};
  if (isPinned !== undefined) change.isPinned = isPinned;
  if (mute !== undefined) change.muteLevel = mute as MuteLevel;
  if (draft !== undefined) change.draft = draft === "" ? null : draft;
  if (tags?.add) change.addTags = await tagIds(core, user.userId, tags.add);
  if (tags?.remove) change.removeTags = await tagIds(core, user.userId, tags.remove);
  await updateSettings(core, user.userId, conversation, change);
  return stateOf(connection, conversation);
}

async function mark(
  { connection }: Call,
  { conversation: ref, sentAt: upTo }: ParamsOf<"conversation.markRead">,
): Promise<ResultOf<"conversation.markRead">> {
  const { core, user } = connection;
  const conversation = await listed(connection, ref);
  const { userId, userData } = user;
  const moved = await markRead(core, { conversation, userId, userData, upTo });
  if (!moved) throw new Refusal("messageNotFound");
  return { readMark: { seq: moved.seq, sentAt: moved.sentAt } };
}

async function clear(
  { connection }: Call,
  { conversation: ref, upTo }: ParamsOf<"conversation.clear">,
): Promise<StateOf> {
  const conversation = await listed(connection, ref);
  await clearHistory(connection.core, connection.user.userId, conversation, upTo);
  return stateOf(connection, conversation);
}

async function remove(
  { connection }: Call,
  { conversation: ref }: ParamsOf<"conversation.remove">,
): Promise<ResultOf<"conversation.remove">> {
  const conversation = await listed(connection, ref);
  await removeFromList(connection.core, connection.user.userId, conversation);
  return {};
}

/** Of groups whose facts are kept here; who is nothing more than a member has no role. */
const roleNames: Record<GroupRole, string | null> = { 1: null, 2: "admin", 3: "owner" };

async function members(
  { connection }: Call,
  { conversation: ref, after, limit = limits.membersPage }: ParamsOf<"conversation.members">,
): Promise<ResultOf<"conversation.members">> {
  const { store } = connection.core;
  const conversation = await listed(connection, ref);
  const userIds = await store.listMembers(conversation.id, after ?? null, limit);
  const [data, hosted] = await Promise.all([
    findUserData(store, userIds),
    conversation.kind === "group" ? store.findHostedMembers(conversation.id, userIds) : [],
  ]);
  const roles = new Map(hosted.map(({ userId, role }) => [userId, roleNames[role]]));
  const found = userIds.map((userId) => {
    const shown = data.get(userId);
    const role = roles.get(userId);
    return { userId, ...(shown ? { data: shown } : {}), ...(role ? { role } : {}) };
  });
  return { members: found, next: userIds.length === limit ? (userIds.at(-1) ?? null) : null };
}

export const conversationMethods = [
  read("conversation.sync", sync),
  read("conversation.list", list),
  read("conversation.get", get),
  write("conversation.update", update),
  write("conversation.markRead", mark),
  write("conversation.clear", clear),
  write("conversation.remove", remove),
  read("conversation.members", members),
];
