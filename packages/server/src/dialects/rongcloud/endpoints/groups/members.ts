import { dismissGroup, joinGroup, leaveGroup } from "../../../../core/groups/change-group.ts";
import { type RongcloudRow, row } from "../../endpoint.ts";
import { groupId, ids, optional, text, userId, wholeNumber } from "../../params.ts";
import { noticeNotes, noticeOf, noticeParams } from "./notice.ts";

const userIds = ids({ max: 1000, description: "Ids of users, the key repeated; at most 1000." });

/** Of the original nothing is known but that it is shown as the title of notifications. */
export const nameText = (description: string) => text({ maxLength: 64, description });

const maxMember = optional(
  wholeNumber({
    minimum: 1,
    maximum: 1_000_000,
    description: "Members that the group may have after this call, if fewer than the app allows; not kept.",
  }),
);

const full =
  "A call after which the group would have more members than the app's `maxGroupMembers` (3000) is refused as a whole, with code 405.";
const silent =
  "Clients are told nothing but that their list of conversations has changed; send a message if people are to read of it.";

const join = async (
  core: Parameters<RongcloudRow["run"]>[0],
  params: Parameters<typeof noticeOf>[1] & {
    userId: string[];
    groupId: string;
    groupName?: string;
    maxMember?: number;
  },
) =>
  joinGroup(core, {
    groupId: params.groupId,
    userIds: params.userId,
    ...(params.groupName && { name: params.groupName }),
    ...(params.maxMember !== undefined && { most: params.maxMember }),
    ...(await noticeOf(core, params)),
  });

export const memberRows: RongcloudRow[] = [
  row({
    path: "/group/create.json",
    summary: "Create a group and let users join it.",
    notes: [
      "A group that is there keeps its members, and the users join it.",
      "The id of a dismissed group brings that group back: those named here see the history that it has.",
      full,
      silent,
      ...noticeNotes,
    ],
    params: {
      userId: userIds,
      groupId,
      groupName: nameText("Shown as the title of notifications."),
      maxMember,
      ...noticeParams,
    },
    example: { params: { userId: ["u1", "u2"], groupId: "g1", groupName: "Lunch" } },
    run: join,
  }),
  row({
    path: "/group/join.json",
    summary: "Let users join a group; they get what is sent from now on.",
    notes: [
      "What was sent before is not for them, unless the app's setting `historyBeforeJoining` is on.",
      "A group that is not there comes into being, as with /group/create.json.",
      full,
      silent,
      ...noticeNotes,
    ],
    params: {
      userId: userIds,
      groupId,
      groupName: optional(nameText("Renames the group.")),
      maxMember,
      ...noticeParams,
    },
    example: { params: { userId: ["u3"], groupId: "g1" } },
    run: join,
  }),
  row({
    path: "/group/quit.json",
    summary: "Take users out of a group; they get nothing more of it.",
    notes: ["Those who are no members are passed over. Mutes stay.", silent, ...noticeNotes],
    params: { userId: userIds, groupId, ...noticeParams },
    example: { params: { userId: ["u3"], groupId: "g1" } },
    run: async (core, params) =>
      leaveGroup(core, {
        groupId: params.groupId,
        userIds: params.userId,
        ...(await noticeOf(core, params)),
      }),
  }),
  row({
    path: "/group/dismiss.json",
    summary: "Dismiss a group: all members leave.",
    notes: [
      "The messages stay on the server, for nobody to see, until the group is created again. Mutes stay, too.",
      "Any user may be named; who it was is kept nowhere.",
      silent,
      ...noticeNotes,
    ],
    params: { userId, groupId, ...noticeParams },
    example: { params: { userId: "u1", groupId: "g1" } },
    run: async (core, params) =>
      dismissGroup(core, { groupId: params.groupId, ...(await noticeOf(core, params)) }),
  }),
];
