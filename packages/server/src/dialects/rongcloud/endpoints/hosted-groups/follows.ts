/** Whose messages a member hears of whatever they have muted. */

import Type from "typebox";
import { followMembers, listFollowed, unfollowMembers } from "../../../../core/hosted-groups/follows.ts";
import { row } from "../../endpoint.ts";
import { millis } from "../../hosting.ts";
import { groupId, ids, userId } from "../../params.ts";
import { onGroup } from "./rules.ts";

const followUserIds = ids({ max: 100, description: "Ids of members." });
const followed = Type.Array(
  Type.Object({
    userId: Type.String(),
    timestamp: Type.Integer({ description: "Since when, in milliseconds." }),
  }),
);
const shown = [{ userId: "u02", timestamp: 1_767_225_600_000 }];

export const followRows = [
  row({
    path: "/entrust/group/member/follow.json",
    summary: "Let a member follow others of a hosted group.",
    notes: [
      "Messages of those who are followed are pushed to the user whatever they have muted there. The user's devices are told (followsChanged). At most as many as the app's followedMembers (25419). 25418: one of them all is no member.",
    ],
    params: { groupId, userId, followUserIds },
    example: { params: { groupId: "g01", userId: "u01", followUserIds: ["u02"] } },
    run: onGroup((core, { groupId, userId, followUserIds }) =>
      followMembers(core, groupId, userId, followUserIds),
    ),
  }),
  row({
    path: "/entrust/group/member/unfollow.json",
    summary: "End that a member follows others.",
    notes: ["Those who aren't followed are passed over."],
    params: { groupId, userId, followUserIds },
    example: { params: { groupId: "g01", userId: "u01", followUserIds: ["u02"] } },
    run: onGroup((core, { groupId, userId, followUserIds }) =>
      unfollowMembers(core, groupId, userId, followUserIds),
    ),
  }),
  row({
    path: "/entrust/group/member/followed/get.json",
    summary: "List whom a member follows in a hosted group.",
    notes: ["Oldest first. The list has two names, because the documents and the SDKs differ."],
    params: { groupId, userId },
    result: { userId: Type.String(), groupId: Type.String(), members: followed, followedMembers: followed },
    example: {
      params: { groupId: "g01", userId: "u01" },
      result: { userId: "u01", groupId: "g01", members: shown, followedMembers: shown },
    },
    run: onGroup(async (core, { groupId, userId }) => {
      const found = await listFollowed(core, groupId, userId);
      const members = found.map((member) => ({ userId: member.userId, timestamp: millis(member.since) }));
      return { userId, groupId, members, followedMembers: members };
    }),
  }),
];
