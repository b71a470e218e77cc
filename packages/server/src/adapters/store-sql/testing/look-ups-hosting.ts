/** Those of profiles, friends and hosted groups. A part of `look-ups.ts`. */

import { app, BUSY_ROOMS, busy, huge, others, reader, room, user } from "./grown-tables.ts";
import type { Bounded, Change, LookUp } from "./look-ups.ts";

const people = Array.from({ length: 40 }, (_, index) => `user ${index + 1}`);
const page = { after: null, isNewestFirst: true, limit: 100 };
const oldest = { after: null, isNewestFirst: false, limit: 100 };
const asFriend = { isForced: false, permissionByDefault: 2, extra: "", now: 1, expiresAt: 2 } as const;
const facts = { fields: { introduction: "x" }, ownFields: { ext_a: "1" }, permissions: {} };
const join = { userIds: people, most: 100_000, seesHistory: false };

export const hostingLookUps: Record<string, Bounded<LookUp>> = {
  "a page of what is hosted": {
    most: 1500,
    calls: [
      ["findProfiles", app, people],
      ["findFriends", app, busy, people],
      ["countFriends", app, busy],
      ["findFriendPermissions", app, people],
      ["findHostedGroups", app, [room, ...others, huge]],
      ["findHostedMembers", app, room, [user, reader]],
      ["findHostedRemark", app, huge, reader],
      ["listFollowed", app, huge, user],
      ["findFollowers", app, huge, "user 7", people],
      ["listJoinedGroups", app, user, null, page],
      ["countJoinedGroups", app, user, 1],
    ],
  },
  "a page of what is hosted, in order": {
    most: 1500,
    needsStatistics: true,
    calls: [
      ["listProfiles", app, { offset: 0, limit: 100, isNewestFirst: true }],
      ["listProfiles", app, { offset: 300, limit: 100, isNewestFirst: false }],
      ["listFriends", app, busy, oldest],
      ["listFriends", app, busy, { ...page, after: 51_000 }],
      ["listHostedGroups", app, page],
      ["listHostedGroups", app, { ...oldest, after: 500 }],
    ],
  },
  "the members of one hosted group": {
    most: 20_000,
    calls: [
      ["listHostedMembers", app, huge, null, page],
      ["listHostedMembers", app, huge, 2, { ...oldest, after: { joinedAt: 2, userId: "user 2" } }],
      ["countHostedMembers", app, huge, 1],
      ["findHostedMembers", app, huge, people],
    ],
  },
  "the hosted groups of one user": {
    most: 10 * BUSY_ROOMS,
    calls: [
      ["listJoinedGroups", app, busy, null, page],
      ["listJoinedGroups", app, busy, 3, { ...oldest, after: { joinedAt: 1000, conversationId: 1000 } }],
      ["countJoinedGroups", app, busy, null],
    ],
  },
};

export const hostingChanges: Record<string, Bounded<Change>> = {
  "a piece of what is hosted": {
    most: 1500,
    calls: [
      ["saveProfile", app, user, { fields: { name: "x" }, ownFields: { ext_a: "1" } }, 20],
      ["addFriend", app, { ...asFriend, userId: user, friendId: "user 5001", mostFriends: 3000 }],
      [
        "addFriend",
        app,
        { ...asFriend, isForced: true, userId: busy, friendId: "user 5000", mostFriends: 3000 },
      ],
      ["saveFriend", app, busy, "user 7", { remarkName: "x", ownFields: { ext_a: "1" } }, 10],
      ["setFriendPermission", app, people, 3],
      ["hostGroup", app, { ...facts, groupId: "new", name: "n", ownerId: user, join, isNew: true }],
      ["saveHostedGroup", app, huge, { ...facts, name: "n" }, 10],
      ["addGroupAdmins", app, room, [user], 10],
      ["setGroupOwner", app, huge, reader, false],
      ["saveHostedMember", app, huge, reader, { nickname: "x" }],
    ],
  },
  "a list of what is hosted": {
    most: 1500,
    needsStatistics: true,
    calls: [
      ["cleanProfiles", app, people],
      ["deleteFriends", app, busy, people],
      ["removeGroupAdmins", app, huge, people],
      ["unfollowMembers", app, huge, user, people],
    ],
  },
  "all friends of one user": { most: 20_000, needsStatistics: true, calls: [["clearFriends", app, busy]] },
  "those of a hosted group": {
    most: 20_000,
    calls: [
      ["removeHostedMembers", app, huge, people.slice(1)],
      ["setGroupOwner", app, huge, reader, true],
      ["addGroupAdmins", app, huge, people.slice(1, 9), 10],
      ["followMembers", app, huge, reader, people, 200],
      ["followMembers", app, huge, reader, ["user 1999"], 200],
      ["forgetFollows", app, huge, people],
    ],
  },
};
