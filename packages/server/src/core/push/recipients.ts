/** Whom a message may have to be notified to, a page at a time: however large the group, a bounded number at once. */

import type { Conversation, Message } from "../../ports/store.ts";
import { readPair } from "../conversations/direct.ts";
import type { Core } from "../core.ts";

const pageSize = 500;

/** Never the sender. Members only, whatever a message says whom it is for. */
export async function* recipientsOf(
  core: Core,
  conversation: Conversation,
  { senderId, toUserIds }: Message,
): AsyncIterable<string[]> {
  const others = (userIds: readonly string[]) => userIds.filter((userId) => userId !== senderId);
  if (toUserIds !== undefined) {
    const found = await core.store.findMembers(conversation.id, others(toUserIds));
    yield found.map(({ userId }) => userId);
  } else if (isEverybodys(conversation))
    for await (const page of pages((after) => core.store.pagePushUsers(after, pageSize))) yield others(page);
  else if (conversation.kind === "direct") yield others([...new Set(readPair(conversation.key))]);
  else if (conversation.kind === "system") yield others(readPair(conversation.key).slice(1));
  else
    for await (const page of pages((after) => core.store.listMembers(conversation.id, after, pageSize)))
      yield others(page);
}

/** Broadcasts have no members that could be listed. */
const isEverybodys = ({ admission }: Conversation): boolean => admission === "everyone";

export async function* pages(
  read: (after: string | null) => Promise<string[]>,
  after: string | null = null,
): AsyncIterable<string[]> {
  for (let from = after; ; ) {
    const page = await read(from);
    if (page.length > 0) yield page;
    if (page.length < pageSize) return;
    from = page.at(-1) ?? null;
  }
}
