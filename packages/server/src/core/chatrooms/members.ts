import { ParlanceError } from "../../errors.ts";
import type { Conversation, Micros } from "../../ports/store.ts";
import type { ChatroomMember } from "../../ports/store-chatrooms.ts";
import type { Core } from "../core.ts";

/** Members of one page. */
export const memberPage = 500;

export interface ChatroomMembersQuery {
  /** In order of joining; true: the newest first. */
  isNewestFirst: boolean;
  /** `joinedAt` of the last one of the page before; null: from the beginning. */
  after: Micros | null;
  /** 1 to 500. */
  limit: number;
}

export interface ChatroomMembers {
  memberCount: number;
  members: ChatroomMember[];
}

/** Who is there. Throws `conversationNotFound`. */
export async function listChatroomMembers(
  core: Core,
  conversation: Conversation,
  { isNewestFirst, after, limit }: ChatroomMembersQuery,
): Promise<ChatroomMembers> {
  const page = { isNewestFirst, after, limit: Math.max(1, Math.min(limit, memberPage)) };
  const [state, members] = await Promise.all([
    core.store.findChatroom(conversation.id),
    core.store.listChatroomMembers(conversation.id, page),
  ]);
  if (!state) throw new ParlanceError("conversationNotFound");
  return { memberCount: state.memberCount, members };
}

/** Those of these users (at most 1000) who are there. */
export async function findChatroomMembers(
  core: Core,
  conversation: Conversation,
  userIds: readonly string[],
): Promise<Set<string>> {
  if (userIds.length > 1000)
    throw new ParlanceError("invalidInput", { userIds: "Ask for at most 1000 users at once." });
  return new Set(await core.store.findChatroomMembers(conversation.id, [...userIds]));
}
