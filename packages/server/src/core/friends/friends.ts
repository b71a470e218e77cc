import { ParlanceError } from "../../errors.ts";
import type { FriendPermission } from "../../ports/store-friends.ts";
import { assertUserId } from "../conversations/direct.ts";
import type { Core } from "../core.ts";
import { readOwnFields, readText } from "../fields/field-kinds.ts";
import { tellUsers } from "../notices/give-notice.ts";
import { assertWelcome } from "./assert-welcome.ts";

const extraLength = 128;
const remarkLength = 64;
const ownFieldsOfFriend = 10;
/** Up to 32 characters. */
const ownName = /^ext_[a-z0-9_]{1,28}$/;
/** How long somebody may think about an application. */
const applicationDays = 7;
const dayMs = 24 * 3600 * 1000;

export interface AddFriend {
  userId: string;
  friendId: string;
  /** True: at once, whatever the other one allows. */
  isForced: boolean;
  /** What the other one reads with the application. */
  extra?: string;
}

/**
 * Makes two users friends, or leaves an application for seven days where the other one must consent, which they do by
 * adding the first. Both are told. Throws `alreadyFriends`, `friendRefused`, `tooManyFriends`, `isOneself`, and as
 * `assertWelcome` unless it is forced.
 */
export async function addFriend(core: Core, { userId, friendId, isForced, extra = "" }: AddFriend) {
  assertUserId(userId);
  assertUserId(friendId);
  if (userId === friendId) throw new ParlanceError("isOneself");
  readText("extra", extra, extraLength);
  if (!isForced) await assertWelcome(core, userId, friendId);
  const now = Date.now();
  const { maxFriends, friendPermission } = core.settings;
  const outcome = await core.store.addFriend({
    ...{ userId, friendId, isForced, extra, now, mostFriends: maxFriends },
    permissionByDefault: friendPermission as FriendPermission,
    expiresAt: now + applicationDays * dayMs,
  });
  if (outcome === "added") {
    tellUsers(core, [userId], { kind: "friendAdded", userIds: [friendId] });
    tellUsers(core, [friendId], { kind: "friendAdded", userIds: [userId] });
  } else {
    const data = { from: userId, to: friendId, extra };
    tellUsers(core, [userId], { kind: "friendApplication", userIds: [friendId], data });
    tellUsers(core, [friendId], { kind: "friendApplication", userIds: [userId], data });
  }
  core.log.info({ user: userId, friend: friendId, outcome }, "friend added");
  return outcome;
}

/** From both sides; those who are no friends are passed over. Both sides are told. */
export async function deleteFriends(core: Core, userId: string, friendIds: string[]): Promise<void> {
  const deleted = await core.store.deleteFriends(userId, friendIds);
  if (deleted.length === 0) return;
  tellUsers(core, [userId], { kind: "friendDeleted", userIds: deleted });
  tellUsers(core, deleted, { kind: "friendDeleted", userIds: [userId] });
  core.log.info({ user: userId, friends: deleted.length }, "friends deleted");
}

/** From both sides. The user is told that they are gone, each of the others who is. */
export async function clearFriends(core: Core, userId: string): Promise<void> {
  const deleted = await core.store.clearFriends(userId);
  tellUsers(core, [userId], { kind: "friendsCleared" });
  tellUsers(core, deleted, { kind: "friendDeleted", userIds: [userId] });
  core.log.info({ user: userId, friends: deleted.length }, "friends cleared");
}

/**
 * What the user calls a friend, and keeps about them; nobody else sees it. An empty text takes back what was there.
 * Throws `notFriends`, `fieldTooLong`, `ownFieldWrong`, `tooManyFields`.
 */
export async function setFriendInfo(
  core: Core,
  userId: string,
  friendId: string,
  given: { remarkName?: string; ownFields?: Record<string, unknown> },
): Promise<void> {
  const change: { remarkName?: string; ownFields?: Record<string, string | null> } = {};
  if (given.remarkName !== undefined)
    change.remarkName = readText("remarkName", given.remarkName, remarkLength);
  if (given.ownFields) change.ownFields = readOwnFields(ownName, given.ownFields);
  await core.store.saveFriend(userId, friendId, change, ownFieldsOfFriend);
  tellUsers(core, [userId], { kind: "friendInfoChanged", userIds: [friendId], data: change });
}

/** Those of `userIds` who are friends of the user. */
export async function findFriends(core: Core, userId: string, userIds: string[]): Promise<Set<string>> {
  const found = await core.store.findFriends(userId, userIds);
  return new Set(found.map((friend) => friend.userId));
}

export async function setFriendPermission(
  core: Core,
  userIds: string[],
  permission: FriendPermission,
): Promise<void> {
  for (const userId of userIds) assertUserId(userId);
  await core.store.setFriendPermission(userIds, permission);
}

/** Null: never set, and so as the app's setting says. */
export async function findFriendPermissions(
  core: Core,
  userIds: string[],
): Promise<{ userId: string; permission: FriendPermission | null }[]> {
  const found = await core.store.findFriendPermissions(userIds);
  const permissions = new Map(found.map(({ userId, permission }) => [userId, permission]));
  return userIds.map((userId) => ({ userId, permission: permissions.get(userId) ?? null }));
}
