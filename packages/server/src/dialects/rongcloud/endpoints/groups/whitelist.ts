import Type from "typebox";
import { endExemption, exemptFromMute } from "../../../../core/groups/mutes.ts";
import { type RongcloudRow, row } from "../../endpoint.ts";
import { groupId, ids } from "../../params.ts";

const userIds = ids({ max: 20, description: "Ids of users, the key repeated; at most 20." });

export const whitelistRows: RongcloudRow[] = [
  row({
    path: "/group/user/ban/whitelist/add.json",
    summary: "Let users write in a group while it is muted.",
    notes: [
      "A mute of the user, in this group or in all, holds nevertheless.",
      "It stays while they leave and join, or the group is dismissed and created again. At most 10,000 users a group.",
    ],
    params: { userId: userIds, groupId },
    example: { params: { userId: ["u1"], groupId: "g1" } },
    run: (core, { userId, groupId: group }) => exemptFromMute(core, group, userId),
  }),
  row({
    path: "/group/user/ban/whitelist/rollback.json",
    summary: "Take users off a group's whitelist.",
    params: { userId: userIds, groupId },
    example: { params: { userId: ["u1"], groupId: "g1" } },
    run: (core, { userId, groupId: group }) => endExemption(core, group, userId),
  }),
  row({
    path: "/group/user/ban/whitelist/query.json",
    summary: "List the users on a group's whitelist.",
    params: { groupId },
    result: { userIds: Type.Array(Type.String()) },
    example: { params: { groupId: "g1" }, result: { userIds: ["u1"] } },
    run: async ({ store }, { groupId: group }) => ({ userIds: await store.listExempt(group) }),
  }),
];
