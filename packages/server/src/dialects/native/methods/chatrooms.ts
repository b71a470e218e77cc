import { type ConversationRef, limits, type ParamsOf, type ResultOf } from "@parlance/protocol";
import { joinChatroom, leaveChatroom } from "../../../core/chatrooms/join.ts";
import { listChatroomKeys, removeChatroomKeys, setChatroomKeys } from "../../../core/chatrooms/keys.ts";
import { listChatroomMembers } from "../../../core/chatrooms/members.ts";
import { resolveConversation } from "../../../core/conversations/conversation-name.ts";
import { ParlanceError } from "../../../errors.ts";
import type { Connection } from "../../../gateway/connection.ts";
import type { Conversation } from "../../../ports/store.ts";
import type { ChatroomKeys } from "../../../ports/store-chatrooms.ts";
import { Refusal } from "../refusal.ts";
import { toChatroomKey } from "../wire-chatroom.ts";
import { toMessage } from "../wire-entry.ts";
import { type Call, read, write } from "./method.ts";

const historyByDefault = 10;

/** Throws `wrongKind`, `conversationNotFound`. */
async function chatroom({ core, user }: Connection, ref: ConversationRef): Promise<Conversation> {
  if (ref.kind !== "chatroom") throw new Refusal("wrongKind");
  return resolveConversation(core, user.userId, ref);
}

/** Throws `notJoined`, too. */
async function joined(connection: Connection, ref: ConversationRef): Promise<Conversation> {
  const conversation = await chatroom(connection, ref);
  if (!(await connection.confirmMembership(conversation.id))) throw new Refusal("notJoined");
  return conversation;
}

const toKeys = ({ keys, isWhole }: ChatroomKeys, known: number | undefined) => ({
  keys: keys.map(toChatroomKey),
  ...(isWhole && known !== undefined ? { hasAllKeys: true } : {}),
});

async function join(
  { connection }: Call,
  { conversation: ref, historyCount = historyByDefault, knownKeysAt }: ParamsOf<"chatroom.join">,
): Promise<ResultOf<"chatroom.join">> {
  const { core, user } = connection;
  if (ref.kind !== "chatroom") throw new Refusal("wrongKind");
  const { userId } = user;
  const wanted = { userId, key: ref.id, historyCount, knownKeysAt: knownKeysAt ?? null };
  const { headSeq, memberCount, messages, keys } = await joinChatroom(core, wanted).catch(asNotAllowed);
  return {
    messages: messages.map(({ message, senderData }) => toMessage(message, senderData, userId)),
    headSeq,
    memberCount,
    ...toKeys(keys, knownKeysAt),
  };
}

/** Where the back end says who is in, nobody enters by themselves. */
function asNotAllowed(error: unknown): never {
  throw error instanceof ParlanceError && error.code === "notMember" ? new Refusal("notAllowed") : error;
}

async function leave(
  { connection }: Call,
  { conversation: ref }: ParamsOf<"chatroom.leave">,
): Promise<ResultOf<"chatroom.leave">> {
  await leaveChatroom(connection.core, await chatroom(connection, ref), connection.user.userId);
  return {};
}

async function members(
  { connection }: Call,
  {
    conversation: ref,
    after,
    limit = limits.chatroomMembers,
    isNewestFirst = false,
  }: ParamsOf<"chatroom.members">,
): Promise<ResultOf<"chatroom.members">> {
  const conversation = await joined(connection, ref);
  const query = { isNewestFirst, after: after ?? null, limit };
  const page = await listChatroomMembers(connection.core, conversation, query);
  return { ...page, next: page.members.length === limit ? (page.members.at(-1)?.joinedAt ?? null) : null };
}

async function keys(
  { connection }: Call,
  { conversation: ref, knownKeysAt }: ParamsOf<"chatroom.keys">,
): Promise<ResultOf<"chatroom.keys">> {
  const conversation = await joined(connection, ref);
  return toKeys(await listChatroomKeys(connection.core, conversation, knownKeysAt ?? null), knownKeysAt);
}

async function setKeys(
  { connection }: Call,
  { conversation: ref, keys: wanted, isForced = false, isAutoDelete = false }: ParamsOf<"chatroom.setKeys">,
): Promise<ResultOf<"chatroom.setKeys">> {
  const { core, user } = connection;
  const change = { userId: user.userId, keys: wanted, isForced, isAutoDelete };
  const set = await setChatroomKeys(core, await chatroom(connection, ref), change);
  return { keys: set.map(toChatroomKey) };
}

async function removeKeys(
  { connection }: Call,
  { conversation: ref, keys: names, isForced = false }: ParamsOf<"chatroom.removeKeys">,
): Promise<ResultOf<"chatroom.removeKeys">> {
  const { core, user } = connection;
  const change = { userId: user.userId, keys: [...new Set(names)], isForced };
  await removeChatroomKeys(core, await chatroom(connection, ref), change);
  return {};
}

export const chatroomMethods = [
  write("chatroom.join", join),
  write("chatroom.leave", leave),
  read("chatroom.members", members),
  read("chatroom.keys", keys),
  write("chatroom.setKeys", setKeys),
  write("chatroom.removeKeys", removeKeys),
];
