import Type from "typebox";
import { renameGroup } from "../../../../core/groups/change-group.ts";
import { listGroupMembers, listGroupsOf } from "../../../../core/groups/list-groups.ts";
import { syncGroups } from "../../../../core/groups/sync-groups.ts";
import { type RongcloudRow, row } from "../../endpoint.ts";
import { bracketMap, groupId, optional, pageNumber, userId, wholeNumber } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import { nameText } from "./members.ts";
import { noticeNotes, noticeOf, noticeParams } from "./notice.ts";

/** More than the groups that are made here can have; those of other APIs may be larger. */
const mostMembers = 1_000_000;

const longestId = 64;

/** Throws 1002, 1005. An empty name leaves the group's. */
function groupsOf(given: Record<string, string> = {}): Map<string, string | undefined> {
  const groups = Object.entries(given).map(([id, name]) => {
    if (id === "") throw new RongcloudRefusal(1002, "The parameter group is wrong. An id is empty.");
    if (Buffer.byteLength(id) > longestId || [...name].length > longestId)
      throw new RongcloudRefusal(
        1005,
        "The parameter group has an id or a name that is longer than allowed.",
      );
    return [id, name === "" ? undefined : name] as const;
  });
  return new Map(groups);
}

export const groupRows: RongcloudRow[] = [
  row({
    path: "/group/refresh.json",
    summary: "Rename a group.",
    notes: [
      "The name is the title of its notifications. A group that is not there keeps it, too.",
      ...noticeNotes,
    ],
    params: { groupId, groupName: nameText("The new name."), ...noticeParams },
    example: { params: { groupId: "g1", groupName: "Dinner" } },
    run: (core, params) =>
      renameGroup(core, { groupId: params.groupId, name: params.groupName, ...noticeOf(params) }),
  }),
  row({
    path: "/group/sync.json",
    summary: "Make these the only groups that a user is in.",
    notes: [
      "The user joins those where they are no member, which come into being if they have to, then leaves all others. Names are taken over.",
      "Without any group the user leaves them all.",
      "Groups change one by one. When one of them is full (code 405) the user has left none, and may have joined some; the call can be repeated.",
    ],
    params: {
      userId,
      group: optional(
        bracketMap({ max: 1000, description: "`group[ID]=NAME` for each group; at most 1000." }),
      ),
    },
    example: { params: { userId: "u1", group: { g1: "Lunch", g2: "Work" } } },
    run: (core, { userId: user, group }) => syncGroups(core, user, groupsOf(group)),
  }),
  row({
    path: "/group/user/query.json",
    summary: "List all members of a group.",
    params: { groupId },
    result: { users: Type.Array(Type.Object({ id: Type.String() })) },
    example: { params: { groupId: "g1" }, result: { users: [{ id: "u1" }, { id: "u2" }] } },
    run: async (core, { groupId: group }) => ({
      users: (await listGroupMembers(core, group, mostMembers)).map((id) => ({ id })),
    }),
  }),
  row({
    path: "/user/group/query.json",
    summary: "List the groups that a user is in, in the order of their making.",
    notes: ["Without `page`, or with 0, the first 5000 at once."],
    params: {
      userId,
      page: pageNumber,
      size: optional(
        wholeNumber({ minimum: 1, maximum: 1000, description: "Groups of a page; 50 if absent." }),
      ),
    },
    result: { groups: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })) },
    example: {
      params: { userId: "u1", page: 1, size: 50 },
      result: { groups: [{ id: "g1", name: "Lunch" }] },
    },
    async run(core, { userId: user, page = 0, size = 50 }) {
      const part = page === 0 ? {} : { offset: (page - 1) * size, limit: size };
      const groups = await listGroupsOf(core, user, part);
      return { groups: groups.map(({ id, name }) => ({ id, name: name ?? "" })) };
    },
  }),
];
