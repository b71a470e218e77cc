/** Whom a message mentions, and whom it is for when it is not for everybody. */

import { ParlanceError } from "../../errors.ts";
import type { Conversation } from "../../ports/store.ts";
import type { Mentions } from "../../ports/store-entries.ts";

const mostUserIds = 100;
const longestUserId = 255;

/** The ids, each once. Throws `invalidInput` for more than 100, and for what can't be an id. */
function distinctUserIds(field: string, userIds: readonly string[]): string[] {
  const distinct = [...new Set(userIds)];
  if (distinct.length > mostUserIds)
    throw new ParlanceError("invalidInput", { [field]: `Name at most ${mostUserIds} users.` });
  if (!distinct.every((id) => id.length > 0 && id.length <= longestUserId && id.isWellFormed()))
    throw new ParlanceError("invalidInput", { [field]: "This is no id of a user." });
  return distinct;
}

export const checkMentions = ({ userIds, isAll }: Mentions): Mentions => ({
  userIds: distinctUserIds("mentions", userIds),
  isAll,
});

/** Throws `invalidInput` also outside of groups, and for nobody. */
export function checkRecipients(conversation: Conversation, userIds: readonly string[]): string[] {
  if (conversation.kind !== "group")
    throw new ParlanceError("invalidInput", { toUserIds: "Only messages in groups can be for some." });
  if (userIds.length === 0) throw new ParlanceError("invalidInput", { toUserIds: "Name at least one user." });
  return distinctUserIds("toUserIds", userIds);
}
