import { randomUUID } from "node:crypto";
import { ParlanceError } from "../../errors.ts";
import type { ListedTag, Tag } from "../../ports/store-conversations.ts";
import type { Core } from "../core.ts";
import { tagIdLength, tagNameLength, tagsPerUser } from "./bounds.ts";

export const listTags = (core: Core, userId: string): Promise<ListedTag[]> => core.store.listTags(userId);

/**
 * At most 20 a user, names of 1 to 15 characters. With an id that the user has, it renames: a repeat does no harm.
 * Throws `invalidInput`.
 */
export async function createTag(
  core: Core,
  userId: string,
  { id = randomUUID(), name }: { id?: string; name: string },
): Promise<Tag> {
  assertName(name);
  if (id.length === 0 || id.length > tagIdLength || !id.isWellFormed())
    throw new ParlanceError("invalidInput", { id: `An id has 1 to ${tagIdLength} characters.` });
  await core.store.saveTag(userId, { id, name }, tagsPerUser);
  tell(core, userId);
  return { id, name };
}

/** Throws `notFound`, `invalidInput`. */
export async function renameTag(core: Core, userId: string, tag: Tag): Promise<void> {
  assertName(tag.name);
  if (!(await core.store.renameTag(userId, tag))) throw new ParlanceError("notFound");
  tell(core, userId);
}

/** From all conversations, too. Throws `notFound`. */
export async function removeTag(core: Core, userId: string, id: string): Promise<void> {
  if (!(await core.store.removeTag(userId, id))) throw new ParlanceError("notFound");
  tell(core, userId);
}

function assertName(name: string): void {
  const length = [...name].length;
  if (length >= 1 && length <= tagNameLength && name.isWellFormed() && !name.includes("\0")) return;
  throw new ParlanceError("invalidInput", { name: `A name has 1 to ${tagNameLength} characters.` });
}

function tell(core: Core, userId: string): void {
  core.publish({ kind: "conversationChanged", userId, conversation: null, what: "tags" });
}
