/** Users who go for good, and those who come back. */

import Type from "typebox";
import {
  deactivateUsers,
  listDeactivated,
  reactivateUsers,
} from "../../../../core/users/deactivate-users.ts";
import { type Rate, row } from "../../endpoint.ts";
import { ids, optional, wholeNumber } from "../../params.ts";

/** 100 users a second. */
const rates: Rate[] = [
  { limit: 100, per: "second", cost: ({ userId }: { userId: string[] }) => userId.length },
];
const operateId = Type.String({ description: "Names the operation; the server's log has it, too." });

export const deactivationRows = [
  row({
    path: "/user/deactivate.json",
    summary: "Deactivate users.",
    notes: [
      "They are logged out at once and can't connect. Soon after, or after the app's deactivationMinutes, these are erased: name and portrait, what they see of their conversations' history, pins, mutes, drafts and tags, their devices, blocklist and allowlist. They stay members of their groups, and what they said stays.",
      "Those who are deactivated already stay as they are.",
    ],
    params: { userId: ids({ max: 100 }) },
    result: { operateId },
    rates,
    example: { params: { userId: "u01,u02" }, result: { operateId: "C70B-B1D6-82E8-5SBO" } },
    run: async (core, { userId }) => ({ operateId: await deactivateUsers(core, userId) }),
  }),
  row({
    path: "/user/deactivate/query.json",
    summary: "List the users who are deactivated, those first that were so first.",
    notes: ["Those whose data are still to be erased are among them."],
    params: {
      pageNo: optional(wholeNumber({ minimum: 1, maximum: 1_000_000, default: 1 })),
      pageSize: optional(wholeNumber({ minimum: 1, maximum: 50, default: 50 })),
    },
    result: { users: Type.Array(Type.String()) },
    example: { params: { pageNo: 1, pageSize: 50 }, result: { users: ["u01", "u02"] } },
    run: async (core, { pageNo = 1, pageSize = 50 }) => ({
      users: await listDeactivated(core, { offset: (pageNo - 1) * pageSize, limit: pageSize }),
    }),
  }),
  row({
    path: "/user/reactivate.json",
    aliases: ["/user/activate.json"],
    summary: "Let deactivated users come back, without what was erased.",
    notes: [
      "An hour must have passed since they were deactivated (the app's reactivationMinutes), and their data must be erased. If one of them is too early, 1002 answers with their ids, and nobody comes back. Those who are not deactivated stay as they are.",
    ],
    params: { userId: ids({ max: 100 }) },
    result: { operateId },
    rates,
    example: { params: { userId: "u03" }, result: { operateId: "C70B-B1D6-82E8-5SBO" } },
    run: async (core, { userId }) => ({ operateId: await reactivateUsers(core, userId) }),
  }),
];
