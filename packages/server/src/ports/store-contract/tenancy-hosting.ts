/** What another app's handle reaches of profiles, friends and hosted groups: nothing. A part of `tenancy.ts`. */

import { expect } from "bun:test";
import type { AppStore } from "../store.ts";
import type { FriendStore } from "../store-friends.ts";
import type { HostedGroupStore } from "../store-hosted-groups.ts";
import type { ProfileStore } from "../store-profiles.ts";
import { type Check, isRefused, returns } from "./tenancy-check.ts";

type Hosting = keyof ProfileStore | keyof FriendStore | keyof HostedGroupStore;

const page = { after: null, isNewestFirst: false, limit: 10 };
const friend = { isForced: true, permissionByDefault: 1, extra: "", expiresAt: 2, now: 1 } as const;
const facts = { fields: {}, ownFields: {}, permissions: {} };

export const hostingChecks: Record<Hosting, Check> = {
  saveProfile: async (intruder) => {
    const { fields } = await intruder.saveProfile("ann", { fields: { level: 1 } }, 1);
    expect(fields).toEqual({ level: 1 });
  },
  cleanProfiles: returns((intruder) => intruder.cleanProfiles(["ann"]), []),
  findProfiles: returns((intruder) => intruder.findProfiles(["ann"]), []),
  listProfiles: returns(
    (intruder) => intruder.listProfiles({ offset: 0, limit: 10, isNewestFirst: false }),
    [],
  ),
  addFriend: returns(
    (intruder) => intruder.addFriend({ ...friend, userId: "ann", friendId: "ben", mostFriends: 1 }),
    "added",
  ),
  deleteFriends: returns((intruder) => intruder.deleteFriends("ann", ["ben"]), []),
  clearFriends: returns((intruder) => intruder.clearFriends("ann"), []),
  saveFriend: async (intruder) => {
    const saved = intruder.saveFriend("ann", "ben", { remarkName: "x" }, 1);
    expect(await saved.catch((error) => error.code)).toBe("notFriends");
  },
  listFriends: returns((intruder) => intruder.listFriends("ann", page), []),
  countFriends: returns((intruder) => intruder.countFriends("ann"), 0),
  findFriends: returns((intruder) => intruder.findFriends("ann", ["ben"]), []),
  setFriendPermission: async (intruder) => intruder.setFriendPermission(["ben"], 1),
  findFriendPermissions: returns((intruder) => intruder.findFriendPermissions(["ben"]), []),
  hostGroup: async (intruder, { key, conversationId }) => {
    const join = { userIds: ["eve"], most: 1, seesHistory: true };
    const made = await intruder.hostGroup({
      ...facts,
      ...{ groupId: key, name: "", ownerId: "eve", join, isNew: true },
    });
    expect(made.conversation?.id).not.toBe(conversationId);
  },
  saveHostedGroup: isRefused((intruder, { conversationId }) =>
    intruder.saveHostedGroup(conversationId, { name: "x" }, 1),
  ),
  findHostedGroups: returns(
    (intruder, { conversationId }) => intruder.findHostedGroups([conversationId]),
    [],
  ),
  listHostedGroups: returns((intruder) => intruder.listHostedGroups(page), []),
  listJoinedGroups: returns((intruder) => intruder.listJoinedGroups("ann", null, page), []),
  countJoinedGroups: returns((intruder) => intruder.countJoinedGroups("ann", null), 0),
  removeHostedMembers: isRefused((intruder, { conversationId }) =>
    intruder.removeHostedMembers(conversationId, ["ben"]),
  ),
  setGroupOwner: isRefused((intruder, { conversationId }) =>
    intruder.setGroupOwner(conversationId, "ben", true),
  ),
  addGroupAdmins: isRefused((intruder, { conversationId }) =>
    intruder.addGroupAdmins(conversationId, ["ben"], 9),
  ),
  removeGroupAdmins: isRefused((intruder, { conversationId }) =>
    intruder.removeGroupAdmins(conversationId, ["ben"]),
  ),
  listHostedMembers: returns(
    (intruder, { conversationId }) => intruder.listHostedMembers(conversationId, null, page),
    [],
  ),
  countHostedMembers: returns(
    (intruder, { conversationId }) => intruder.countHostedMembers(conversationId, null),
    0,
  ),
  findHostedMembers: returns(
    (intruder, { conversationId }) => intruder.findHostedMembers(conversationId, ["ann"]),
    [],
  ),
  saveHostedMember: isRefused((intruder, { conversationId }) =>
    intruder.saveHostedMember(conversationId, "ben", { nickname: "x" }),
  ),
  findHostedRemark: returns(
    (intruder, { conversationId }) => intruder.findHostedRemark(conversationId, "ann"),
    "",
  ),
  followMembers: isRefused((intruder, { conversationId }) =>
    intruder.followMembers(conversationId, "ben", ["ann"], 9),
  ),
  unfollowMembers: isRefused((intruder, { conversationId }) =>
    intruder.unfollowMembers(conversationId, "ann", ["ben"]),
  ),
  listFollowed: returns((intruder, { conversationId }) => intruder.listFollowed(conversationId, "ann"), []),
  findFollowers: returns(
    (intruder, { conversationId }) => intruder.findFollowers(conversationId, "ben", ["ann"]),
    [],
  ),
  forgetFollows: async (intruder, { conversationId }) => intruder.forgetFollows(conversationId, ["ann"]),
};

/** Something of each for the owner of the rows; resolves to how to look at all of it. */
export const prepareHosting = async (own: AppStore, conversationId: number, groupId: string) => {
  await own.saveProfile("ann", { fields: { name: "Ann" } }, 1);
  await own.addFriend({ ...friend, userId: "ann", friendId: "ben", mostFriends: 1 });
  await own.setFriendPermission(["ben"], 3);
  const join = { userIds: ["ann"], most: 9, seesHistory: true };
  await own.hostGroup({ ...facts, groupId, name: "Ours", ownerId: "ann", join, isNew: false });
  await own.saveHostedMember(conversationId, "ann", { nickname: "A", remarkName: "Ours" });
  await own.followMembers(conversationId, "ann", ["ben"], 1);
  return async () => ({
    profiles: await own.findProfiles(["ann"]),
    friends: await own.listFriends("ann", page),
    permissions: await own.findFriendPermissions(["ben"]),
    hosted: await own.listJoinedGroups("ann", null, page),
    hostedMembers: await own.listHostedMembers(conversationId, null, page),
    followed: await own.listFollowed(conversationId, "ann"),
  });
};
