import { ParlanceError } from "../../errors.ts";
import type { Conversation, Micros } from "../../ports/store.ts";
import type { SettingsChange } from "../../ports/store-conversations.ts";
import type { Core } from "../core.ts";
import type { ConversationAspect } from "../events.ts";
import { draftBytes, ownDeletions, ownDeletionsPerCall, tagsPerUser } from "./bounds.ts";

const muteLevels: readonly (number | null)[] = [null, -1, 0, 1, 2, 4, 5];

/**
 * What one member sets for themselves; what isn't named stays. Throws `notMember`, `notFound` for a tag the user doesn't
 * have, `invalidInput` for an unknown level of muting, a draft above 4 KiB or with a NUL.
 */
export async function updateSettings(
  core: Core,
  userId: string,
  conversation: Conversation,
  change: SettingsChange,
): Promise<void> {
  const { draft, muteLevel, addTags = [], removeTags = [] } = change;
  if (muteLevel !== undefined && !muteLevels.includes(muteLevel))
    throw new ParlanceError("invalidInput", { muteLevel: "One of -1, 0, 1, 2, 4, 5, or null." });
  if (draft != null && Buffer.byteLength(draft) > draftBytes)
    throw new ParlanceError("invalidInput", {
      draft: `Ensure this field has no more than ${draftBytes} bytes.`,
    });
  // Not every store can hold it.
  if (draft?.includes("\0"))
    throw new ParlanceError("invalidInput", { draft: "A text may not contain the character NUL." });
  if (addTags.length > tagsPerUser || removeTags.length > tagsPerUser)
    throw new ParlanceError("invalidInput", { tags: `A user has no more than ${tagsPerUser} tags.` });
  await core.store.updateSettings(conversation.id, userId, change);
  tellOwner(core, userId, conversation, addTags.length + removeTags.length > 0 ? "tags" : "settings");
}

/** Hides the history up to a time from this user alone, for good. Resolves to the last message's time, 0 if none. */
export async function clearHistory(
  core: Core,
  userId: string,
  conversation: Conversation,
  upTo: Micros,
): Promise<Micros> {
  const clearedUpTo = await core.store.clearHistory(conversation.id, userId, upTo);
  tellOwner(core, userId, conversation, "history");
  return clearedUpTo;
}

/** Takes it off this user's list; the next message brings it back. */
export async function removeFromList(core: Core, userId: string, conversation: Conversation): Promise<void> {
  await core.store.removeFromList(conversation.id, userId);
  tellOwner(core, userId, conversation, "removal");
}

/** Hides up to 100 messages a call, and 1000 of a conversation, from this user alone. Resolves to how many are new. */
export async function deleteOwn(
  core: Core,
  userId: string,
  conversation: Conversation,
  sentAts: Micros[],
): Promise<number> {
  if (sentAts.length > ownDeletionsPerCall)
    throw new ParlanceError("invalidInput", {
      sentAt: `Ensure this list has no more than ${ownDeletionsPerCall} items.`,
    });
  const deleted = await core.store.deleteOwn(conversation.id, userId, sentAts, ownDeletions);
  if (deleted > 0) tellOwner(core, userId, conversation, "history");
  return deleted;
}

/** The user's own devices hear it, and nobody else. */
export function tellOwner(
  core: Core,
  userId: string,
  conversation: Conversation,
  what: ConversationAspect,
): void {
  core.publish({ kind: "conversationChanged", userId, conversation, what });
  core.log.debug({ user: userId, conversation: conversation.key, what }, "conversation changed");
}
