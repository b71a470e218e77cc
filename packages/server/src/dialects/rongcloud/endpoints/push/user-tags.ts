import Type from "typebox";
import { listUserTags, mostUserTags, setUserTags, userTagBytes } from "../../../../core/push/user-tags.ts";
import { row } from "../../endpoint.ts";
import { ids, optional, texts, userId } from "../../params.ts";

const tags = optional(
  texts({
    max: mostUserTags,
    min: 0,
    maxBytes: userTagBytes,
    description: "Letters, digits, `_`, `-` and `.`; an empty list, or none, takes all tags back.",
  }),
);
const notes = ["They replace all that a user had. Tags are for the audience of `/push.json` alone."];

export const userTagRows = [
  row({
    path: "/user/tag/set.json",
    summary: "Set the tags of a user.",
    notes,
    params: { userId, tags },
    example: { params: { userId: "u1", tags: ["bj", "male"] } },
    run: (core, given) => setUserTags(core, [given.userId], given.tags ?? []),
  }),
  row({
    path: "/user/tag/batch/set.json",
    summary: "Set the same tags for many users.",
    notes,
    params: { userIds: ids({ max: 1000 }), tags },
    rates: [{ limit: 10, per: "second" }],
    example: { params: { userIds: ["u1", "u2"], tags: ["bj"] } },
    run: (core, given) => setUserTags(core, given.userIds, given.tags ?? []),
  }),
  row({
    path: "/user/tags/get.json",
    summary: "Tell the tags of users.",
    notes: ["By user, in the order they were given; users without any have an empty list."],
    params: { userIds: ids({ max: 50 }) },
    result: { result: Type.Record(Type.String(), Type.Array(Type.String())) },
    example: {
      params: { userIds: ["u1", "u2"] },
      result: { result: { u1: ["bj", "male"], u2: [] } },
    },
    run: async (core, given) => ({ result: Object.fromEntries(await listUserTags(core, given.userIds)) }),
  }),
];
