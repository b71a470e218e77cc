/** Users whose clients may not write one to one. */

import Type from "typebox";
import { listDirectMuted, setDirectMuted } from "../../../../core/users/mute-direct.ts";
import { row } from "../../endpoint.ts";
import { choice, ids, optional, wholeNumber } from "../../params.ts";

const type = choice(["PERSON"], { description: "One-to-one conversations." });

export const directMuteRows = [
  row({
    path: "/user/chat/fb/set.json",
    summary: "Mute users in all of their one-to-one conversations, or let them write again.",
    notes: ["Until it is taken back. What the Server API sends in their name passes."],
    params: {
      userId: ids({ max: 1000 }),
      state: choice([0, 1], { description: "1: muted; 0: not." }),
      type,
    },
    example: { params: { userId: ["u01"], state: 1, type: "PERSON" } },
    run: (core, { userId, state }) => setDirectMuted(core, userId, state === 1),
  }),
  row({
    path: "/user/chat/fb/querylist.json",
    summary: "List the users who are muted in one-to-one conversations, those first that were so first.",
    params: {
      num: optional(wholeNumber({ minimum: 1, maximum: 200, default: 100 })),
      offset: optional(wholeNumber({ minimum: 0, maximum: 100_000_000, default: 0 })),
      type,
    },
    result: { total: Type.Integer(), users: Type.Array(Type.String()) },
    example: { params: { type: "PERSON" }, result: { total: 1, users: ["u01"] } },
    async run(core, { num = 100, offset = 0 }) {
      const { total, users } = await listDirectMuted(core, { offset, limit: num });
      return { total, users: users.map(({ userId }) => userId) };
    },
  }),
];
