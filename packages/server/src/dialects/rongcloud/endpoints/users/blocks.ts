/** Users who are shut out for a time. */

import Type from "typebox";
import { blockUsers, listBlocked, unblockUsers } from "../../../../core/users/block-users.ts";
import { dateText } from "../../date-text.ts";
import { row } from "../../endpoint.ts";
import { ids, optional, pageNumber, wholeNumber } from "../../params.ts";

const mostWithoutPages = 1000;

export const blockRows = [
  row({
    path: "/user/block.json",
    summary: "Shut users out for some minutes.",
    notes: [
      "Their connections end at once, with a close code that tells clients not to come back (4202 userBlocked), and connecting is refused. The block ends by itself. Others may write to them meanwhile; it is all there afterwards. Another call replaces the time.",
    ],
    params: {
      userId: ids({ max: 20 }),
      minute: wholeNumber({ minimum: 1, maximum: 43_200, description: "Minutes, up to 30 days." }),
    },
    example: { params: { userId: ["u01"], minute: 10 } },
    run: (core, { userId, minute }) => blockUsers(core, userId, minute),
  }),
  row({
    path: "/user/unblock.json",
    summary: "End blocks before their time.",
    params: { userId: ids({ max: 20 }) },
    example: { params: { userId: ["u01"] } },
    run: (core, { userId }) => unblockUsers(core, userId),
  }),
  row({
    path: "/user/block/query.json",
    summary: "List the users who are blocked, the one whose block ends last first.",
    notes: [
      `Without a page, or with page 0, the first ${mostWithoutPages}. Times are in the app's timeZone.`,
    ],
    params: { page: pageNumber, size: optional(wholeNumber({ minimum: 1, maximum: 1000, default: 50 })) },
    result: { users: Type.Array(Type.Object({ userId: Type.String(), blockEndTime: Type.String() })) },
    example: {
      params: {},
      result: { users: [{ userId: "u01", blockEndTime: "2015-01-11 01:28:20" }] },
    },
    async run(core, { page = 0, size = 50 }) {
      const { users } = await listBlocked(
        core,
        page === 0 ? { offset: 0, limit: mostWithoutPages } : { offset: (page - 1) * size, limit: size },
      );
      return {
        users: users.map(({ userId, at }) => ({
          userId,
          blockEndTime: dateText(at, core.settings.timeZone),
        })),
      };
    },
  }),
];
