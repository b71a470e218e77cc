import type { Conversation, Message } from "../../ports/store.ts";
import type { LogPage } from "../../ports/store-entries.ts";
import type { Core } from "../core.ts";
import { asShown } from "./get-message.ts";
import { resolveQuotes } from "./quotes.ts";

/** Entries that one page holds at the most. */
export const logPageLimit = 1000;

/**
 * What the user has missed after `afterSeq`: messages as they are now, and changes, in the order of the log; messages that
 * no longer show come with their state alone. `lastSeq` tells how far the page reaches, because entries that are for others are
 * left out. Null: too far behind (more than 1000 entries), or no longer kept; history has to be read anew.
 */
export async function listLog(
  core: Core,
  conversation: Conversation,
  userId: string,
  afterSeq: number,
  limit: number,
): Promise<LogPage | null> {
  const page = await core.store.listEntriesSince(
    conversation.id,
    afterSeq,
    Math.min(limit, logPageLimit),
    userId,
  );
  if (page === null) return null;
  const { entries, ...rest } = cutPage(page);
  const messages = entries.flatMap((entry) => ("message" in entry ? [entry.message] : []));
  const resolved = new Map<number, Message>();
  for (const message of await resolveQuotes(core.store, conversation.id, messages))
    resolved.set(message.sentAt, asShown(message));
  return {
    ...rest,
    entries: entries.map((entry) =>
      "message" in entry ? { message: resolved.get(entry.message.sentAt) as Message } : entry,
    ),
  };
}

/** Content of one page in UTF-16 units, but for a single entry. */
const pageContent = 512 * 1024;

function cutPage(page: LogPage): LogPage {
  let size = 0;
  for (const [index, entry] of page.entries.entries()) {
    const { content = "", keys } = "message" in entry ? entry.message : entry.change;
    size += content.length;
    if (keys) for (const value of Object.values(keys)) size += value.length;
    const before = page.entries[index - 1];
    if (size <= pageContent || before === undefined) continue;
    const { seq } = "message" in before ? before.message : before.change;
    return { entries: page.entries.slice(0, index), lastSeq: seq, hasMore: true };
  }
  return page;
}
