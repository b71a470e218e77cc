/** Who owns a hosted group, and who helps. */

import Type from "typebox";
import { addAdmins, removeAdmins } from "../../../../core/hosted-groups/admins.ts";
import { transferOwner } from "../../../../core/hosted-groups/membership.ts";
import { ParlanceError } from "../../../../errors.ts";
import { row } from "../../endpoint.ts";
import { zeroOrOne } from "../../hosting.ts";
import { groupId, id, ids, optional } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import { forgetParams, onGroup, toForget } from "./rules.ts";

export const roleRows = [
  row({
    path: "/entrust/group/transfer/owner.json",
    summary: "Give a hosted group to another of its members.",
    notes: [
      "The former owner stays as a member, or leaves with isQuit 1; the flags count then. Members are told (groupOperation: transfer). 25418: the new owner is no member.",
    ],
    params: {
      groupId,
      newOwner: id("The new owner's id."),
      isQuit: optional(zeroOrOne("1: the former owner leaves.", 0)),
      ...forgetParams,
    },
    example: { params: { groupId: "g01", newOwner: "u02", isQuit: 0 } },
    run: onGroup((core, { groupId, newOwner, isQuit = 0, ...flags }) =>
      transferOwner(core, groupId, { ownerId: newOwner, leaves: isQuit === 1 ? toForget(flags) : null }),
    ),
  }),
  row({
    path: "/entrust/group/manager/add.json",
    summary: "Make members admins of a hosted group.",
    notes: [
      "At most 10 in a group; above that nobody becomes one, and the answer has code 25419 with managerCount. Those who are no members are passed over and named in userIds. Members are told (groupOperation: addAdmin). 25425: the owner is among them.",
    ],
    params: { groupId, userIds: ids({ max: 10 }) },
    result: {
      userIds: Type.Optional(Type.Array(Type.String(), { description: "Those who are no members." })),
      managerCount: Type.Optional(
        Type.Integer({ description: "How many there are, where it would be too many." }),
      ),
    },
    example: { params: { groupId: "g01", userIds: ["u02"] }, result: {} },
    run: onGroup(async (core, { groupId, userIds }) => {
      try {
        const notMembers = await addAdmins(core, groupId, userIds);
        return notMembers.length > 0 ? { userIds: notMembers } : {};
      } catch (error) {
        if (!(error instanceof ParlanceError)) throw error;
        if (error.code === "ownerStays") throw new RongcloudRefusal(25425, "The owner can't be an admin.");
        if (error.code !== "tooManyAdmins") throw error;
        return { code: 25419, errorMessage: error.message, managerCount: error.details.count };
      }
    }),
  }),
  row({
    path: "/entrust/group/manager/remove.json",
    summary: "Make admins of a hosted group members again.",
    notes: ["Those who are none are passed over. Members are told (groupOperation: removeAdmin)."],
    params: { groupId, userIds: ids({ max: 10 }) },
    example: { params: { groupId: "g01", userIds: ["u02"] } },
    run: onGroup((core, { groupId, userIds }) => removeAdmins(core, groupId, userIds)),
  }),
];
