/** All users of an app: who is there, who is online, and the end of those of tests. */

import Type from "typebox";
import { listOnline } from "../../../../core/presence/online-users.ts";
import { deleteUsers } from "../../../../core/users/delete-users.ts";
import { listUsers } from "../../../../core/users/profiles.ts";
import { dateText } from "../../date-text.ts";
import { row } from "../../endpoint.ts";
import { choice, ids, optional, userId, wholeNumber } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";

export const peopleRows = [
  row({
    path: "/user/checkOnline.json",
    summary: "Ask whether a user is online, on any device.",
    params: { userId },
    result: { status: Type.String({ description: "1: online; 0: offline, or unknown." }) },
    example: { params: { userId: "u01" }, result: { status: "1" } },
    async run(core, { userId }) {
      const [state] = await listOnline(core, [userId]);
      return { status: state?.isOnline ? "1" : "0" };
    },
  }),
  row({
    path: "/user/query.json",
    summary: "List the users of the app in the order of their registration.",
    notes: [
      "All users are counted each time: it is meant for looking around, and may be called ten times a second.",
    ],
    params: {
      page: optional(wholeNumber({ minimum: 1, maximum: 1_000_000, default: 1, description: "From 1 on." })),
      pageSize: optional(wholeNumber({ minimum: 1, maximum: 100, default: 20 })),
      order: optional(choice([0, 1], { default: 0, description: "0: oldest first; 1: newest first." })),
    },
    result: {
      total: Type.Integer(),
      users: Type.Array(
        Type.Object({
          userId: Type.String(),
          userName: Type.String(),
          userPortrait: Type.String(),
          regTime: Type.String(),
        }),
      ),
    },
    rates: [{ limit: 10, per: "second" }],
    example: {
      params: { page: 1, pageSize: 20, order: 0 },
      result: {
        total: 1,
        users: [{ userId: "u01", userName: "Ann", userPortrait: "", regTime: "2016-05-24 10:38:19" }],
      },
    },
    async run(core, { page = 1, pageSize = 20, order = 0 }) {
      const { total, users } = await listUsers(core, {
        offset: (page - 1) * pageSize,
        limit: pageSize,
        isNewestFirst: order === 1,
      });
      return {
        total,
        users: users.map(({ id, name, portraitUrl, registeredAt }) => ({
          userId: id,
          userName: name ?? "",
          userPortrait: portraitUrl ?? "",
          regTime: dateText(registeredAt, core.settings.timeZone),
        })),
      };
    },
  }),
  row({
    path: "/user/delusers.json",
    summary: "Delete users of tests.",
    notes: [
      "Their connections end, their tokens are worthless, they leave their groups, and their lists and settings go. What they said stays. The id may be registered anew. An operator can switch this off with the app's setting userDeletion; then 1009 answers.",
    ],
    params: { userId: ids({ max: 100 }) },
    example: { params: { userId: ["u01", "u02"] } },
    async run(core, { userId }) {
      if (!core.settings.userDeletion) throw new RongcloudRefusal(1009);
      await deleteUsers(core, userId);
    },
  }),
];
