import type { Conversation, ReadMark } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { findUserData } from "../messages/list-history.ts";

/** Above this many readers only the first by their id are listed; the answer must fit a phone. */
const mostReadMarks = 1000;

export interface ReaderEntry {
  mark: ReadMark;
  userData: string | null;
}

/** One entry per user who has read something. */
export async function listReadMarks(core: Core, conversation: Conversation): Promise<ReaderEntry[]> {
  const marks = await core.store.listReadMarks(conversation.id, mostReadMarks);
  const data = await findUserData(
    core.store,
    marks.map((mark) => mark.userId),
  );
  return marks.map((mark) => ({ mark, userData: data.get(mark.userId) ?? null }));
}
