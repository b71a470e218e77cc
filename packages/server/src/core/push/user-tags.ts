/** Tags that an app gives its users, to find the audience of a notification by. */

import { ParlanceError } from "../../errors.ts";
import { assertUserId } from "../conversations/direct.ts";
import type { Core } from "../core.ts";

export const mostUserTags = 20;
export const userTagBytes = 40;

/** The users' tags are these from now on. Throws `invalidInput` for more than 20, and for one of more than 40 bytes. */
export async function setUserTags(core: Core, userIds: string[], tags: string[]): Promise<void> {
  for (const userId of userIds) assertUserId(userId);
  if (new Set(tags).size > mostUserTags)
    throw new ParlanceError("invalidInput", { tags: `A user has no more than ${mostUserTags} tags.` });
  if (!tags.every(isTag))
    throw new ParlanceError("invalidInput", {
      tags: `A tag has 1 to ${userTagBytes} bytes, of letters, digits, "_", "-" and ".".`,
    });
  await core.store.setUserTags(userIds, tags);
}

/** Of any script; what separates words, lists or conditions would be misread somewhere. */
const shape = /^[\p{L}\p{M}\p{N}_.-]+$/u;

const isTag = (tag: string): boolean =>
  tag.length <= userTagBytes && Buffer.byteLength(tag) <= userTagBytes && shape.test(tag);

/** By user, in the order they were given; empty for who has none. */
export async function listUserTags(core: Core, userIds: string[]): Promise<Map<string, string[]>> {
  const found = new Map(userIds.map((userId) => [userId, [] as string[]]));
  for (const { userId, tags } of await core.store.listUserTags(userIds)) found.set(userId, tags);
  return found;
}
