import { removeMembers } from "../conversations/change-members.ts";
import type { Core } from "../core.ts";
import { clearFriends } from "../friends/friends.ts";
import { conversationsAtOnce } from "./erase.ts";
import { shutOut } from "./shut-out.ts";

/**
 * Removes users as if they had never been: connections, sessions, lists, friends, what they set, and their memberships
 * of groups. What they said stays, and so do their conversations with one other, which belong to both. Repeating it is
 * safe.
 */
export async function deleteUsers(core: Core, userIds: readonly string[]): Promise<void> {
  const now = Date.now();
  // Nobody comes back while it lasts.
  await core.store.deactivateUsers([...userIds], now, now);
  shutOut(core, userIds, "sessionNotFound");
  for (const userId of userIds) await deleteUser(core, userId);
}

async function deleteUser(core: Core, userId: string): Promise<void> {
  const memberships = await core.store.listMembershipsOf([userId]);
  for (let from = 0; from < memberships.length; from += conversationsAtOnce) {
    const ids = memberships
      .slice(from, from + conversationsAtOnce)
      .map(({ conversationId }) => conversationId);
    for (const { conversation } of await core.store.findHeads(ids))
      if (conversation.kind === "group") await removeMembers(core, conversation, [userId]);
  }
  await clearFriends(core, userId);
  let isErased = false;
  while (!isErased) isErased = await core.store.eraseUser(userId, conversationsAtOnce);
  await core.store.deleteUser(userId);
  core.log.info({ user: userId }, "user deleted");
}
