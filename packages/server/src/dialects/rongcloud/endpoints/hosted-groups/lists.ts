/** Lists of hosted groups: all of the app, and those of a user. */

import Type from "typebox";
import { listHostedGroups, listJoinedGroups } from "../../../../core/hosted-groups/list-hosted.ts";
import type { GroupRole } from "../../../../ports/store-hosted-groups.ts";
import { row } from "../../endpoint.ts";
import { fieldsText, millis } from "../../hosting.ts";
import { choice, optional, userId } from "../../params.ts";
import { groupExample, groupResult, onGroup, pageParams, readPage, toGroup } from "./rules.ts";

const { createTime: _, memberCount: __, ...joinedResult } = groupResult;
const { memberCount, ...joinedExample } = groupExample;

/** Here the numbers are the other way round than in lists of members. */
const roleOf: Record<number, GroupRole> = { 1: 3, 2: 2, 3: 1 };

export const hostedListRows = [
  row({
    path: "/entrust/group/query.json",
    summary: "Page through all hosted groups of the app.",
    notes: ["By the time of hosting. pageToken is there when there is a next page."],
    params: pageParams(1000),
    result: {
      pageToken: Type.Optional(Type.String()),
      groups: Type.Array(
        Type.Object({
          groupId: Type.String(),
          name: Type.String(),
          groupProfile: Type.String({ description: "JSON text." }),
          portraitUrl: Type.String(),
          creator: Type.String(),
          owner: Type.String(),
          time: Type.Integer({ description: "Milliseconds." }),
        }),
      ),
    },
    example: {
      params: { size: 50, order: 1 },
      result: {
        groups: [
          {
            ...{ groupId: "g01", name: "Lunch", groupProfile: "{}", portraitUrl: "" },
            ...{ creator: "u01", owner: "u01", time: 1_767_225_600_000 },
          },
        ],
      },
    },
    run: onGroup(async (core, page) => {
      const { groups, next } = await listHostedGroups(core, readPage(page));
      return {
        ...(next !== null && { pageToken: next }),
        groups: groups.map(({ conversation, name, fields, creatorId, ownerId, createdAt }) => ({
          groupId: conversation.key,
          name,
          groupProfile: fieldsText(fields),
          portraitUrl: fields.portraitUrl ?? "",
          creator: creatorId,
          owner: ownerId,
          time: millis(createdAt),
        })),
      };
    }),
  }),
  row({
    path: "/entrust/joined/group/query.json",
    summary: "Page through the hosted groups of a user.",
    notes: [
      "By the time of joining. The numbers of roles are the other way round in the parameter than in the answer, where they are those of members.",
    ],
    params: {
      userId,
      role: optional(
        choice([0, 1, 2, 3], { default: 0, description: "0 any, 1 as owner, 2 as admin, 3 as member." }),
      ),
      ...pageParams(100),
    },
    result: {
      totalCount: Type.Integer(),
      pageToken: Type.Optional(Type.String()),
      groups: Type.Array(
        Type.Object({
          ...joinedResult,
          createTime: Type.Integer({ description: "Milliseconds." }),
          name: Type.String(),
          remarkName: Type.String(),
          joinTime: Type.Integer({ description: "Milliseconds." }),
          role: Type.Integer({ description: "1 member, 2 admin, 3 owner." }),
          count: Type.Integer({ description: "Members." }),
        }),
      ),
    },
    example: {
      params: { userId: "u01", role: 0 },
      result: {
        totalCount: 1,
        groups: [
          {
            ...joinedExample,
            ...{ name: "Lunch", remarkName: "", joinTime: 1_767_225_600_000, role: 3, count: memberCount },
          },
        ],
      },
    },
    run: onGroup(async (core, { userId, role = 0, ...page }) => {
      const wanted = { role: roleOf[Number(role)] ?? null, ...readPage(page) };
      const { groups, total, next } = await listJoinedGroups(core, userId, wanted);
      return {
        totalCount: total,
        ...(next !== null && { pageToken: next }),
        groups: groups.map((group) => {
          const { memberCount: count, ...shown } = toGroup(group);
          const { name, remarkName, role, joinedAt } = group;
          return { ...shown, name, remarkName, role, joinTime: millis(joinedAt), count };
        }),
      };
    }),
  }),
];
