import type { Conversation, Micros } from "../../ports/store.ts";
import type { Reader, ReaderCounts } from "../../ports/store-readers.ts";
import { boundPage } from "../conversations/bounds.ts";
import type { Core } from "../core.ts";

export interface ReadersPage {
  readers: Reader[];
  /** With the first page only: they are of the whole conversation, and cost as much. */
  counts: ReaderCounts | null;
  /** The `after` of the next page; null: there is none. */
  next: string | null;
}

/**
 * Members who have read a message, by their ids, at most `limit` (1 to 100) after `after`. Who joined later and who sent
 * it don't count. Nobody for a message that doesn't exist.
 */
export async function listReaders(
  core: Core,
  conversation: Conversation,
  sentAt: Micros,
  { after, limit }: { after: string | null; limit: number },
): Promise<ReadersPage> {
  const { store } = core;
  const size = boundPage(limit);
  const [readers, counts] = await Promise.all([
    store.listReaders(conversation.id, sentAt, after, size),
    after === null ? store.countReaders(conversation.id, sentAt) : null,
  ]);
  const next = readers.length === size ? (readers.at(-1)?.userId ?? null) : null;
  return { readers, counts, next };
}
