/** Members of hosted groups: who they are, what they are shown as, what they call the group. */

import Type from "typebox";
import {
  findGroupRemark,
  findHostedMembers,
  listHostedMembers,
  setGroupRemark,
  setHostedMember,
} from "../../../../core/hosted-groups/members.ts";
import type { GroupRole, HostedMember } from "../../../../ports/store-hosted-groups.ts";
import { row } from "../../endpoint.ts";
import { millis } from "../../hosting.ts";
import { choice, groupId, ids, optional, text, userId } from "../../params.ts";
import { onGroup, pageParams, readPage } from "./rules.ts";

const members = Type.Array(
  Type.Object({
    userId: Type.String(),
    nickname: Type.String(),
    role: Type.Integer({ description: "1 member, 2 admin, 3 owner." }),
    time: Type.Integer({ description: "Of joining, in milliseconds." }),
    extra: Type.String(),
  }),
);

const shown = { userId: "u01", nickname: "Annie", role: 3, time: 1_767_225_600_000, extra: "" };

const toMember = ({ userId, nickname, role, joinedAt, extra }: HostedMember) => ({
  ...{ userId, nickname, role, extra },
  time: millis(joinedAt),
});

export const hostedMemberRows = [
  row({
    path: "/entrust/group/member/query.json",
    summary: "Page through the members of a hosted group.",
    notes: ["By the time of joining. pageToken is there when there is a next page."],
    params: {
      groupId,
      type: optional(
        choice([0, 1, 2, 3], { default: 0, description: "0 all, 1 members, 2 admins, 3 the owner." }),
      ),
      ...pageParams(100),
    },
    result: { totalCount: Type.Integer(), pageToken: Type.Optional(Type.String()), members },
    example: { params: { groupId: "g01", type: 0 }, result: { totalCount: 1, members: [shown] } },
    run: onGroup(async (core, { groupId, type = 0, ...page }) => {
      const role = (Number(type) || null) as GroupRole | null;
      const { members, total, next } = await listHostedMembers(core, groupId, { role, ...readPage(page) });
      return {
        totalCount: total,
        ...(next !== null && { pageToken: next }),
        members: members.map(toMember),
      };
    }),
  }),
  row({
    path: "/entrust/group/member/specific/query.json",
    summary: "Read some members of a hosted group.",
    notes: ["In the order of the ids; those who are no members are left out."],
    params: { groupId, userIds: ids({ max: 100 }) },
    result: { members },
    example: { params: { groupId: "g01", userIds: ["u01"] }, result: { members: [shown] } },
    run: onGroup(async (core, { groupId, userIds }) => ({
      members: (await findHostedMembers(core, groupId, userIds)).map(toMember),
    })),
  }),
  row({
    path: "/entrust/group/member/set.json",
    summary: "Set what a member is shown as in a hosted group.",
    notes: ["Members are told (memberInfoChanged). 25418: the user is no member."],
    params: {
      groupId,
      userId,
      nickname: text({ maxLength: 64 }),
      extra: optional(text({ maxLength: 128 })),
    },
    example: { params: { groupId: "g01", userId: "u01", nickname: "Annie" } },
    run: onGroup((core, { groupId, userId, nickname, extra }) =>
      setHostedMember(core, groupId, userId, { nickname, ...(extra !== undefined && { extra }) }),
    ),
  }),
  row({
    path: "/entrust/group/remarkname/set.json",
    summary: "Set what a member calls a hosted group, for themselves.",
    notes: [
      "It is the title of pushes to them. Their devices are told (remarkChanged). 25418: the user is no member.",
    ],
    params: { groupId, userId, remarkName: text({ maxLength: 64 }) },
    example: { params: { groupId: "g01", userId: "u01", remarkName: "Canteen" } },
    run: onGroup((core, { groupId, userId, remarkName }) =>
      setGroupRemark(core, groupId, userId, remarkName),
    ),
  }),
  row({
    path: "/entrust/group/remarkname/delete.json",
    summary: "Take back what a member calls a hosted group.",
    params: { groupId, userId },
    example: { params: { groupId: "g01", userId: "u01" } },
    run: onGroup((core, { groupId, userId }) => setGroupRemark(core, groupId, userId, "")),
  }),
  row({
    path: "/entrust/group/remarkname/query.json",
    summary: "Read what a member calls a hosted group.",
    params: { groupId, userId },
    result: { remarkName: Type.String({ description: "Empty: nothing of their own." }) },
    example: { params: { groupId: "g01", userId: "u01" }, result: { remarkName: "Canteen" } },
    run: onGroup(async (core, { groupId, userId }) => ({
      remarkName: await findGroupRemark(core, groupId, userId),
    })),
  }),
];
