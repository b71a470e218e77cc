import type { Conversation, Message, Micros } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { historyPageLimit } from "./list-history.ts";
import { resolveQuotes } from "./quotes.ts";

/** Messages before `before` (null: all) that mention the user or everybody, newest first, at most `limit` (1 to 100). */
export async function listMentions(
  core: Core,
  conversation: Conversation,
  userId: string,
  before: Micros | null,
  limit: number,
): Promise<Message[]> {
  const { store } = core;
  const most = Math.min(limit, historyPageLimit);
  return resolveQuotes(
    store,
    conversation.id,
    await store.listMentions(conversation.id, userId, before, most),
  );
}
