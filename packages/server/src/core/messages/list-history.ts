import type { AppStore, Conversation, Message, Micros } from "../../ports/store.ts";
import type { MessageView } from "../../ports/store-entries.ts";
import type { Core } from "../core.ts";
import { resolveQuotes } from "./quotes.ts";

export const historyPageLimit = 100;

export interface HistoryEntry {
  message: Message;
  /** What the app wants shown beside the sender today; JSON text. */
  senderData: string | null;
}

/** Content that one page holds at the most, in UTF-16 units, but for a single message: a page must not choke a phone. */
const pageContent = 512 * 1024;

/** See `MessageView`; without a user, what is for everybody. */
export interface HistoryQuery extends MessageView {
  /** Null: the newest, or with `isForward` up to the newest. */
  before: Micros | null;
  limit: number;
}

/**
 * Messages before `before`, newest first, or with `isForward` those after `after`, oldest first; at most `limit` (1 to
 * 100). A page of very large messages ends early; the next one goes on behind it.
 */
export async function listHistory(
  core: Core,
  conversation: Conversation,
  { before, limit, ...view }: HistoryQuery,
): Promise<HistoryEntry[]> {
  const most = Math.min(limit, historyPageLimit);
  const page = cutPage(await core.store.listMessages(conversation.id, before, most, view));
  const messages = await resolveQuotes(core.store, conversation.id, page);
  const data = await findUserData(
    core.store,
    messages.map((message) => message.senderId),
  );
  return messages.map((message) => ({
    message,
    senderData: message.senderId === null ? null : (data.get(message.senderId) ?? null),
  }));
}

function cutPage(messages: Message[]): Message[] {
  let size = 0;
  const end = messages.findIndex((message) => {
    size += message.content.length;
    for (const value of Object.values(message.keys ?? {})) size += value.length;
    return size > pageContent;
  });
  return end < 0 ? messages : messages.slice(0, Math.max(end, 1));
}

/** Custom data by user id; nulls and repeats among the ids are fine. */
export async function findUserData(
  store: AppStore,
  ids: readonly (string | null)[],
): Promise<Map<string, string | null>> {
  const distinct = [...new Set(ids)].filter((id) => id !== null);
  const users = distinct.length === 0 ? [] : await store.findUsers(distinct);
  return new Map(users.map((user) => [user.id, user.customData]));
}
