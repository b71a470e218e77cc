import type { Conversation } from "../../ports/store.ts";
import { prepare } from "../conversations/conversation-name.ts";
import { assertUserId, directKey, pairKey } from "../conversations/direct.ts";
import type { Core } from "../core.ts";
import { openFor, type Speech, type Spoken, type SpokenAs, speakIn } from "./speak.ts";

/** Characters of content on the way to the disk at once. */
const mostAtOnce = 8 * 1024 * 1024;
/** Conversations that somebody comes into at once: each is a transaction, and others want to write as well. */
const openedAtOnce = 32;

/**
 * Says something to each of these users alone, from one sender, in their order. Conversations that are there are found
 * by one question, others are made in few transactions, and what is said is stored in few commits; very large contents wait for each other.
 */
export async function speakToMany(
  core: Core,
  as: SpokenAs,
  toUserIds: readonly string[],
  speechFor: (index: number) => Speech,
): Promise<Spoken[]> {
  if (toUserIds.length === 0) return [];
  const { fromUserId } = speechFor(0);
  const isHeardBySender = as === "user" && speechFor(0).isHeardBySender;
  if (toUserIds.length > 1) {
    for (const userId of [fromUserId, ...toUserIds]) assertUserId(userId);
    const wanted = toUserIds.map((userId) => ({
      key: as === "app" ? pairKey(fromUserId, userId) : directKey(fromUserId, userId),
      userIds: isHeardBySender ? [fromUserId, userId] : [userId],
    }));
    await prepare(core, as === "app" ? "system" : "direct", wanted);
  }

  const conversations: Conversation[] = [];
  for (let from = 0; from < toUserIds.length; from += openedAtOnce) {
    const slice = toUserIds.slice(from, from + openedAtOnce);
    const opened = slice.map((id, index) => openFor(core, as, id, speechFor(from + index)));
    conversations.push(...(await Promise.all(opened)));
  }
  const spoken: Spoken[] = [];
  while (spoken.length < conversations.length) {
    const from = spoken.length;
    const size = speechFor(from).content.length + 256;
    const slice = conversations.slice(from, from + Math.max(8, Math.floor(mostAtOnce / size)));
    const said = slice.map((conversation, index) => {
      const speech = speechFor(from + index);
      const isToOneself = as === "user" && toUserIds[from + index] === fromUserId;
      return speakIn(core, conversation, isToOneself ? { ...speech, isHeardBySender: true } : speech);
    });
    spoken.push(...(await Promise.all(said)));
  }
  return spoken;
}
