/** Tags: here they are called by their names, in the core by ids that outlive a renaming. */

import type { ParamsOf, ResultOf } from "@parlance/protocol";
import { tagsPerUser } from "../../../core/conversations/bounds.ts";
import { createTag, listTags, removeTag, renameTag } from "../../../core/conversations/tags.ts";
import type { Core } from "../../../core/core.ts";
import { Refusal } from "../refusal.ts";
import { type Call, read, write } from "./method.ts";

/** Throws `tagNotFound`. */
export async function tagIds(core: Core, userId: string, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const tags = await listTags(core, userId);
  return names.map((name) => {
    const tag = tags.find((known) => known.name === name);
    if (!tag) throw new Refusal("tagNotFound");
    return tag.id;
  });
}

/** Throws `tagExists`. */
async function assertFree(core: Core, userId: string, name: string): Promise<number> {
  const tags = await listTags(core, userId);
  if (tags.some((tag) => tag.name === name)) throw new Refusal("tagExists");
  return tags.length;
}

async function create(
  { connection }: Call,
  { name }: ParamsOf<"tag.create">,
): Promise<ResultOf<"tag.create">> {
  const { core, user } = connection;
  if ((await assertFree(core, user.userId, name)) >= tagsPerUser) throw new Refusal("tooManyTags");
  await createTag(core, user.userId, { name });
  return {};
}

async function rename(
  { connection }: Call,
  { name, newName }: ParamsOf<"tag.rename">,
): Promise<ResultOf<"tag.rename">> {
  const { core, user } = connection;
  const [id] = await tagIds(core, user.userId, [name]);
  if (newName === name) return {};
  await assertFree(core, user.userId, newName);
  await renameTag(core, user.userId, { id: id as string, name: newName });
  return {};
}

async function remove(
  { connection }: Call,
  { name }: ParamsOf<"tag.remove">,
): Promise<ResultOf<"tag.remove">> {
  const { core, user } = connection;
  const [id] = await tagIds(core, user.userId, [name]);
  await removeTag(core, user.userId, id as string);
  return {};
}

async function list({ connection }: Call): Promise<ResultOf<"tag.list">> {
  const tags = await listTags(connection.core, connection.user.userId);
  return { tags: tags.map(({ name, conversationCount }) => ({ name, conversationCount })) };
}

export const tagMethods = [
  write("tag.create", create),
  write("tag.rename", rename),
  write("tag.remove", remove),
  read("tag.list", list),
];
