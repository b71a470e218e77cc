/** Hosted groups themselves: their making, their facts, their end. */

import Type from "typebox";
import { findHosted } from "../../../../core/hosted-groups/find-hosted.ts";
import {
  createHostedGroup,
  importGroup,
  updateHostedGroup,
} from "../../../../core/hosted-groups/host-group.ts";
import { dismissHosted } from "../../../../core/hosted-groups/membership.ts";
import { row } from "../../endpoint.ts";
import { oneOfNames } from "../../hosting.ts";
import { groupId, id, ids, optional, text } from "../../params.ts";
import { factsNote, factsOf, factsParams, groupExample, groupResult, onGroup, toGroup } from "./rules.ts";

const name = text({ maxLength: 64, description: "The group's name." });
const owner = id("The owner's id.");
const groups = ids({ max: 50, description: "Ids of groups." });

export const hostedGroupRows = [
  row({
    path: "/entrust/group/create.json",
    summary: "Make a hosted group with its owner and first members.",
    notes: [
      factsNote,
      "It is a group as any other one, with messages, members and mutes, whose facts are kept here. Everybody in it is told with the event `notice` (groupOperation: create). 25409: there is such a group. 25411: more members than the app's maxGroupMembers.",
    ],
    params: { groupId, name, owner, userIds: optional(ids({ max: 30 })), ...factsParams },
    example: {
      params: {
        groupId: "g01",
        name: "Lunch",
        owner: "u01",
        userIds: ["u02"],
        groupProfile: { introduction: "Lunch at noon" },
      },
    },
    run: onGroup((core, { groupId, name, owner, userIds = [], ...facts }) =>
      createHostedGroup(core, { groupId, name, ownerId: owner, userIds, ...factsOf(facts) }),
    ),
  }),
  row({
    path: "/entrust/group/import.json",
    summary: "Host a group that is there.",
    notes: [
      factsNote,
      "Its members and messages stay; the owner comes into it if they were none of them. 25410: there is no such group. 25409: it is hosted already.",
    ],
    params: { groupId, name, owner, ...factsParams },
    example: { params: { groupId: "g01", name: "Lunch", owner: "u01" } },
    run: onGroup((core, { groupId, name, owner, ...facts }) =>
      importGroup(core, { groupId, name, ownerId: owner, ...factsOf(facts) }),
    ),
  }),
  row({
    path: "/entrust/group/profile/update.json",
    summary: "Change facts of a hosted group.",
    notes: [
      factsNote,
      "What is named changes, the rest stays; an empty text takes a field away. The name may be in groupProfile, too. Members are told (groupInfoChanged). 25410: there is no such group. 25429: it isn't hosted.",
    ],
    params: { groupId, name: optional(name), ...factsParams },
    example: { params: { groupId: "g01", groupProfile: { name: "Dinner", announcement: "At eight." } } },
    run: onGroup(async (core, { groupId, name, ...facts }) => {
      await updateHostedGroup(core, groupId, { ...(name && { name }), ...factsOf(facts) });
    }),
  }),
  row({
    path: "/entrust/group/profile/query.json",
    summary: "Read facts of hosted groups.",
    notes: ["In the order of the ids; groups that aren't hosted are left out."],
    params: { groupIds: optional(groups), groupId: optional(groups) },
    result: { profiles: Type.Array(Type.Object({ ...groupResult, groupName: Type.String() })) },
    example: {
      params: { groupIds: ["g01"] },
      result: { profiles: [{ ...groupExample, groupName: "Lunch" }] },
    },
    run: onGroup(async (core, { groupIds, groupId }) => {
      const found = await findHosted(core, oneOfNames("groupIds", groupIds, groupId));
      return { profiles: found.map((group) => ({ ...toGroup(group), groupName: group.name })) };
    }),
  }),
  row({
    path: "/entrust/group/dismiss.json",
    summary: "End a hosted group.",
    notes: [
      "Everybody leaves, and is told (groupOperation: dismiss); its facts are forgotten. Messages stay as in other groups: who makes the group again sees them.",
    ],
    params: { groupId },
    example: { params: { groupId: "g01" } },
    run: onGroup((core, { groupId }) => dismissHosted(core, groupId)),
  }),
];
