import { ParlanceError } from "../../errors.ts";
import type { Conversation } from "../../ports/store.ts";
import type { ConversationState, ListPlace } from "../../ports/store-conversations.ts";
import type { Core } from "../core.ts";
import { boundPage, countCap } from "./bounds.ts";
import { decodeToken, encodeToken } from "./page-token.ts";

export interface ConversationPage {
  conversations: ConversationState[];
  /** For the next page; null: there is none. */
  next: string | null;
}

export interface ListConversations {
  /** `next` of the page before; null: from the top. */
  before: string | null;
  /** 1 to 100. */
  limit: number;
  /** Only those with this tag. */
  tagId?: string;
}

/**
 * A user's conversations, pinned ones first, then by their last message, newest first. Chatrooms, and what the user
 * took off the list, aren't there. It reads all of the user's memberships once; clients that keep their list ask for
 * what changed instead (`syncConversations`). Throws `invalidInput` for a `before` that is none.
 */
export async function listConversations(
  core: Core,
  userId: string,
  { before, limit, tagId }: ListConversations,
): Promise<ConversationPage> {
  const size = boundPage(limit);
  const conversations = await core.store.listConversations(userId, {
    before: before === null ? null : readPlace(before),
    tagId: tagId ?? null,
    limit: size,
    unreadCap: countCap,
  });
  const last = conversations.at(-1);
  const next = last && conversations.length === size ? writePlace(last) : null;
  return { conversations, next };
}

/** Throws `notMember` to who isn't in it; a chatroom, which is on no list, has no state. */
export async function getConversation(
  core: Core,
  userId: string,
  conversation: Conversation,
): Promise<ConversationState> {
  const [state] = await core.store.listConversationStates(userId, [conversation.id], countCap);
  if (!state) throw new ParlanceError("notMember");
  return state;
}

function writePlace({ settings, sortAt, conversation }: ConversationState): string {
  return encodeToken("l", [settings.isPinned ? 1 : 0, sortAt, conversation.id]);
}

function readPlace(token: string): ListPlace {
  const [pinned, sortAt, conversationId] = decodeToken("l", token, 3);
  return { isPinned: pinned === 1, sortAt: sortAt ?? 0, conversationId: conversationId ?? 0 };
}
