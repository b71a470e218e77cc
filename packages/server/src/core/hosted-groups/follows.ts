/** Whose messages in a group somebody hears of whatever they have muted there: for pushes, which ask `findFollowers`. */

import type { FollowedMember } from "../../ports/store-hosted-groups.ts";
import type { Core } from "../core.ts";
import { findGroup } from "../groups/change-group.ts";
import { tellUsers } from "../notices/give-notice.ts";
import { requireHosted } from "./find-hosted.ts";

/** Throws `notMember` where one of them all is none, `tooManyFollowed`. */
export async function followMembers(
  core: Core,
  groupId: string,
  userId: string,
  followedIds: string[],
): Promise<void> {
  const { conversation } = await requireHosted(core, groupId);
  const most = core.settings.followedMembers;
  const added = await core.store.followMembers(conversation.id, userId, followedIds, most);
  const notice = { kind: "followsChanged", userIds: added, data: { isFollowed: true } } as const;
  if (added.length > 0) tellUsers(core, [userId], { ...notice, userIds: added }, conversation);
}

/** Those who aren't followed are passed over. */
export async function unfollowMembers(
  core: Core,
  groupId: string,
  userId: string,
  followedIds: string[],
): Promise<void> {
  const { conversation } = await requireHosted(core, groupId);
  const removed = await core.store.unfollowMembers(conversation.id, userId, followedIds);
  const notice = { kind: "followsChanged", data: { isFollowed: false } } as const;
  if (removed.length > 0) tellUsers(core, [userId], { ...notice, userIds: removed }, conversation);
}

/** Oldest first. */
export async function listFollowed(core: Core, groupId: string, userId: string): Promise<FollowedMember[]> {
  const { conversation } = await requireHosted(core, groupId);
  return core.store.listFollowed(conversation.id, userId);
}

/** Those of `userIds` who follow the sender in this group; nobody in one that isn't hosted. */
export async function findFollowers(
  core: Core,
  groupId: string,
  senderId: string,
  userIds: string[],
): Promise<Set<string>> {
  const conversation = await findGroup(core, groupId);
  if (conversation === null || userIds.length === 0) return new Set();
  return new Set(await core.store.findFollowers(conversation.id, senderId, userIds));
}

/** Whether the user hears of the sender's messages in this group whatever they have muted there. */
export async function isFollowing(
  core: Core,
  groupId: string,
  userId: string,
  senderId: string,
): Promise<boolean> {
  return (await findFollowers(core, groupId, senderId, [userId])).has(userId);
}
