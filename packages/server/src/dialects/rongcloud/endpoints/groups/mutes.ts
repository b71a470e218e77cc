import Type from "typebox";
import type { Core } from "../../../../core/core.ts";
import { listMutedInGroup, muteInGroup, unmuteInGroup } from "../../../../core/groups/mutes.ts";
import type { GroupMute } from "../../../../ports/store-groups.ts";
import { dateText } from "../../date-text.ts";
import { type RongcloudRow, row } from "../../endpoint.ts";
import { ids, optional, text, wholeNumber } from "../../params.ts";

const userIds = ids({ max: 20, description: "Ids of users, the key repeated; at most 20." });

const group = optional(
  text({ maxBytes: 64, description: "A group's id. Absent, empty or 0: every group of the app." }),
);

/** Some SDKs write the absent group as 0. */
const groupOf = (id = ""): string | null => (id === "" || id === "0" ? null : id);

/** For a mute that doesn't end: clients of the API read a time here. */
const never = "9999-12-31 23:59:59";

const toWire = (core: Core, { userId, mutedAt, until }: GroupMute) => ({
  startTime: dateText(mutedAt, core.settings.timeZone),
  time: until === null ? never : dateText(until, core.settings.timeZone),
  userId,
});

export const muteRows: RongcloudRow[] = [
  row({
    path: "/group/user/gag/add.json",
    summary: "Mute users in a group, or in all groups.",
    notes: [
      "It binds what their clients send, at once and on all nodes, and not what is sent over this API. They get messages as before.",
      "It stays while they leave and join, or the group is dismissed and created again, until its time is over. A second mute replaces the first.",
      "Users need be no members, and the group need not be there. At most 100 users are muted in all groups (the app's `mutedInAllGroups`), 10,000 in one.",
    ],
    params: {
      userId: userIds,
      groupId: group,
      minute: wholeNumber({ minimum: 0, maximum: 43_200, description: "0: until it is lifted." }),
    },
    example: { params: { userId: ["u1"], groupId: "g1", minute: 30 } },
    run: (core, { userId, groupId, minute }) =>
      muteInGroup(core, { groupId: groupOf(groupId), userIds: userId, minutes: minute || null }),
  }),
  row({
    path: "/group/user/gag/rollback.json",
    summary: "Lift the mute of users in a group, or that in all groups.",
    notes: ["The one in all groups and those in single ones are lifted each for itself."],
    params: { userId: userIds, groupId: group },
    example: { params: { userId: ["u1"], groupId: "g1" } },
    run: (core, { userId, groupId }) => unmuteInGroup(core, groupOf(groupId), userId),
  }),
  row({
    path: "/group/user/gag/list.json",
    summary: "List the users who are muted in a group, or in all groups.",
    notes: [
      `\`time\` is when the mute ends, ${never} for one that doesn't; times are in the app's \`timeZone\`.`,
    ],
    params: { groupId: group },
    result: {
      users: Type.Array(
        Type.Object({ startTime: Type.String(), time: Type.String(), userId: Type.String() }),
      ),
    },
    example: {
      params: { groupId: "g1" },
      result: {
        users: [{ startTime: "2024-02-07 18:25:12", time: "2024-02-07 18:55:12", userId: "u1" }],
      },
    },
    async run(core, { groupId }) {
      const mutes = await listMutedInGroup(core, groupOf(groupId));
      return { users: mutes.map((mute) => toWire(core, mute)) };
    },
  }),
];
