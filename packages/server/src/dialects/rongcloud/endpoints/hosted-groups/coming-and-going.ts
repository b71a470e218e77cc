/** Who comes into a hosted group, and who goes. */

import Type from "typebox";
import { joinHosted, kickFromAll, leaveHosted } from "../../../../core/hosted-groups/membership.ts";
import { row } from "../../endpoint.ts";
import { groupId, ids, userId } from "../../params.ts";
import { forgetParams, groupExample, groupResult, onGroup, toForget, toGroup } from "./rules.ts";

const users = ids({ max: 100 });
const leaving = { groupId, userIds: users, ...forgetParams };
const leavingNotes = [
  "What was kept of them as members is forgotten: role, nickname, their name for the group. Those who are no members are passed over. 25417: the owner stays; then nobody leaves. Everybody in the group, and those who left, are told.",
];

export const comingAndGoingRows = [
  row({
    path: "/entrust/group/join.json",
    summary: "Let users into a hosted group.",
    notes: [
      "Whatever its joinPerm says. Those who are in it already stay so. Everybody in it is told (groupOperation: join). 25411: more members than the app's maxGroupMembers.",
    ],
    params: { groupId, userIds: users },
    result: { ...groupResult, name: Type.String() },
    example: {
      params: { groupId: "g01", userIds: ["u02", "u03"] },
      result: { ...groupExample, name: "Lunch" },
    },
    run: onGroup(async (core, { groupId, userIds }) => {
      const group = await joinHosted(core, groupId, userIds);
      return { ...toGroup(group), name: group.name };
    }),
  }),
  row({
    path: "/entrust/group/quit.json",
    summary: "Take users out of a hosted group, as if they left.",
    notes: leavingNotes,
    params: leaving,
    example: { params: { groupId: "g01", userIds: ["u02"], isDelBan: 0 } },
    run: onGroup((core, { groupId, userIds, ...flags }) =>
      leaveHosted(core, groupId, { userIds, how: "quit", forget: toForget(flags) }),
    ),
  }),
  row({
    path: "/entrust/group/member/kick.json",
    summary: "Throw users out of a hosted group.",
    notes: leavingNotes,
    params: leaving,
    example: { params: { groupId: "g01", userIds: ["u02"] } },
    run: onGroup((core, { groupId, userIds, ...flags }) =>
      leaveHosted(core, groupId, { userIds, how: "kick", forget: toForget(flags) }),
    ),
  }),
  row({
    path: "/entrust/group/member/kick/all.json",
    summary: "Throw a user out of all hosted groups but their own.",
    notes: [
      "Groups that the user owns are to be transferred first. One after the other, so that it may take a while.",
    ],
    params: { userId },
    example: { params: { userId: "u02" } },
    run: onGroup((core, { userId }) => kickFromAll(core, userId)),
  }),
];
