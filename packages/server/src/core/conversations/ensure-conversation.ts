/** Conversations that come into being by being spoken in. */

import type { Conversation, ConversationKind } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { addMembers } from "./change-members.ts";
import { peerOf } from "./direct.ts";

/** Lists of one kind, made once: they are a part of the cache's keys. */
export const listOf: Record<ConversationKind, readonly ConversationKind[]> = {
  direct: ["direct"],
  group: ["group"],
  chatroom: ["chatroom"],
  system: ["system"],
};

/** Nobody is still to come in: not so where a back end spoke in the name of somebody who didn't hear it. */
export const isComplete = ({ key, soleMemberId }: Conversation): boolean =>
  soleMemberId === undefined || peerOf(key, soleMemberId) === soleMemberId;

/** Found or made, whoever else does the same at the same time on any node. */
export async function ensure(
  core: Core,
  kind: "direct" | "system",
  key: string,
  userIds: string[],
): Promise<Conversation> {
  const found = await core.conversations.find(key, listOf[kind]);
  if (found) return complete(core, found, userIds);
  const memberIds = [...new Set(userIds)];
  const wanted = { kind, key, admission: "members", memberIds } as const;
  const { conversation, isNew } = await core.store.ensureConversation({ ...wanted, memberIds });
  if (!isNew) return complete(core, conversation, userIds);
  tellMade(core, conversation, memberIds);
  return conversation;
}

const madeAtOnce = 250;

export interface WantedConversation {
  key: string;
  userIds: string[];
}

/**
 * Sees to it that these are found next, with one question for those that are there and few transactions for those that
 * are not. Who is to come into one that is there comes in when it is opened.
 */
export async function prepare(
  core: Core,
  kind: "direct" | "system",
  wanted: readonly WantedConversation[],
): Promise<void> {
  const kinds = listOf[kind] as readonly [ConversationKind];
  const isMissing = ({ key }: WantedConversation) => !core.conversations.peek(key, kinds);
  await core.conversations.prefetch(
    wanted.map(({ key }) => key),
    kinds,
  );
  const missing = wanted.filter(isMissing);
  for (let from = 0; from < missing.length; from += madeAtOnce) {
    const made = missing.slice(from, from + madeAtOnce);
    const news = made.map(({ key, userIds }) => ({
      kind,
      key,
      admission: "members" as const,
      memberIds: [...new Set(userIds)],
    }));
    const ensured = await core.store.ensureConversations(news);
    for (const [index, { conversation, isNew }] of ensured.entries())
      if (isNew) tellMade(core, conversation, news[index]?.memberIds ?? []);
  }
  await core.conversations.prefetch(
    missing.map(({ key }) => key),
    kinds,
  );
}

function tellMade(core: Core, conversation: Conversation, userIds: string[]): void {
  const { key, kind } = conversation;
  core.publish({ kind: "membersAdded", conversation, userIds, seq: 0, sentAt: 0 });
  core.log.info({ conversation: key, kind, members: userIds.length }, "conversation created");
}

/** Who is to hear it comes in. */
async function complete(core: Core, found: Conversation, userIds: string[]): Promise<Conversation> {
  const { soleMemberId, ...conversation } = found;
  if (isComplete(found) || userIds.every((userId) => userId === soleMemberId)) return found;
  // It may have happened on another node, and then nothing does here.
  await addMembers(core, conversation, userIds);
  core.conversations.forget(found);
  return conversation;
}
