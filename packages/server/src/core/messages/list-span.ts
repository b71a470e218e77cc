import type { Conversation, Message, Micros } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { resolveQuotes } from "./quotes.ts";

export interface Span {
  /** Who looks: what they cleared, deleted, or what was for others isn't there. */
  userId: string;
  /** Both are included. */
  from: Micros;
  to: Micros;
  limit: number;
}

/** Messages of one conversation and millisecond that a page may be longer for: far more than were ever sent. */
const mostInMillisecond = 1000;

const millisecondOf = ({ sentAt }: Message): number => Math.floor(sentAt / 1000);

/**
 * What the user sees of these conversations between two times, oldest first, recalled messages too. `limit` is exceeded by
 * what was said in the last one's very millisecond: who goes on behind a millisecond must not miss anything, and who takes
 * a page that is not full for the last one is right.
 */
export async function listSpan(
  core: Core,
  conversations: readonly Conversation[],
  { userId, from, to, limit }: Span,
): Promise<{ message: Message; conversation: Conversation }[]> {
  const read = async (after: Micros, before: Micros, most: number): Promise<Message[]> => {
    const view = { userId, withRecalled: true, isForward: true, after };
    const pages = await Promise.all(
      conversations.map(({ id }) => core.store.listMessages(id, before, most, view)),
    );
    return pages.flat().sort((one, other) => one.sentAt - other.sentAt);
  };
  const found = await read(from - 1, to + 1, limit + 1);
  const page = found.slice(0, limit);
  const [last, next] = [page.at(-1), found[limit]];
  if (last && next && millisecondOf(last) === millisecondOf(next)) {
    const end = millisecondOf(last);
    const before = page.filter((message) => millisecondOf(message) < end);
    const rest = await read(end * 1000 - 1, Math.min((end + 1) * 1000, to + 1), mostInMillisecond);
    page.splice(0, page.length, ...before, ...rest.filter(({ sentAt }) => sentAt >= from));
  }
  const byId = new Map(conversations.map((conversation) => [conversation.id, conversation]));
  const resolved = await Promise.all(
    conversations.map(({ id }) =>
      resolveQuotes(
        core.store,
        id,
        page.filter(({ conversationId }) => conversationId === id),
      ),
    ),
  );
  return resolved
    .flat()
    .sort((one, other) => one.sentAt - other.sentAt)
    .map((message) => ({ message, conversation: byId.get(message.conversationId) as Conversation }));
}
