import Type from "typebox";
import { muteGroups, unmuteGroups } from "../../../../core/groups/mutes.ts";
import { type RongcloudRow, row } from "../../endpoint.ts";
import { ids, optional, pageNumber, wholeNumber } from "../../params.ts";

const groupIds = ids({ max: 20, description: "Ids of groups, the key repeated; at most 20." });

const defaultSize = 50;

export const mutedGroupRows: RongcloudRow[] = [
  row({
    path: "/group/ban/add.json",
    summary: "Mute whole groups.",
    notes: [
      "Only users on the group's whitelist may write there, unless they are muted themselves; what is sent over this API is not bound by it.",
      "It stays when the group is dismissed and created again.",
    ],
    params: { groupId: groupIds },
    example: { params: { groupId: ["g1", "g2"] } },
    run: (core, { groupId }) => muteGroups(core, groupId),
  }),
  row({
    path: "/group/ban/rollback.json",
    summary: "Lift the mute of whole groups.",
    params: { groupId: groupIds },
    example: { params: { groupId: ["g1", "g2"] } },
    run: (core, { groupId }) => unmuteGroups(core, groupId),
  }),
  row({
    path: "/group/ban/query.json",
    summary: "Say which of these groups are muted, or list all that are.",
    notes: [
      "With `groupId`: those, in the order asked, `stat` 1 for a muted one and 0 for others.",
      "Without, or with `page` or `size`: a page of all muted groups, in the order of their ids.",
    ],
    params: {
      groupId: optional(groupIds),
      page: pageNumber,
      size: optional(
        wholeNumber({ minimum: 1, maximum: 200, description: "Groups of a page; 50 if absent." }),
      ),
    },
    result: {
      groupinfo: Type.Array(Type.Object({ groupId: Type.String(), stat: Type.Integer() })),
    },
    example: { params: { groupId: ["g1"] }, result: { groupinfo: [{ groupId: "g1", stat: 1 }] } },
    async run({ store }, { groupId, page, size }) {
      if (groupId !== undefined && page === undefined && size === undefined) {
        const muted = new Set(await store.findMutedGroups(groupId));
        return { groupinfo: groupId.map((id) => ({ groupId: id, stat: muted.has(id) ? 1 : 0 })) };
      }
      const limit = size ?? defaultSize;
      const offset = (Math.max(1, page ?? 1) - 1) * limit;
      const groups = await store.listMutedGroups({ offset, limit });
      return { groupinfo: groups.map((id) => ({ groupId: id, stat: 1 })) };
    },
  }),
];
