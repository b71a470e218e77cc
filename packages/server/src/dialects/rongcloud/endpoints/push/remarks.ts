import Type from "typebox";
import { listRemarks, saveGroupRemark, saveRemarks } from "../../../../core/push/remarks.ts";
import { row } from "../../endpoint.ts";
import { groupId, id, jsonText, optional, text, userId, wholeNumber } from "../../params.ts";

const pageSize = 50;
const remark = text({ maxLength: 64, description: "What notifications call them." });

export const remarkRows = [
  row({
    path: "/user/remarks/set.json",
    summary: "Set what a user calls others in notifications.",
    notes: ["Others that were set before stay; a user has 3000 remarks at most."],
    params: {
      userId,
      remarks: jsonText(
        Type.Array(
          Type.Object({
            id: Type.String({ minLength: 1, maxLength: 64 }),
            remark: Type.String({ minLength: 1, maxLength: 64 }),
          }),
          { minItems: 1, maxItems: 100, description: "JSON text of a list." },
        ),
      ),
    },
    example: { params: { userId: "u1", remarks: '[{"id":"u2","remark":"Bob"}]' } },
    run: (core, given) =>
      saveRemarks(
        core,
        given.userId,
        given.remarks.map((one) => ({ targetId: one.id, remark: one.remark })),
      ),
  }),
  row({
    path: "/user/remarks/del.json",
    summary: "Take back what a user calls another in notifications.",
    params: { userId, targetId: id("The other one.") },
    example: { params: { userId: "u1", targetId: "u2" } },
    run: async (core, given) => void (await core.store.removeRemark(given.userId, given.targetId)),
  }),
  row({
    path: "/user/remarks/get.json",
    summary: "List what a user calls others in notifications.",
    notes: ["In the order of the others' ids."],
    params: {
      userId,
      page: optional(wholeNumber({ minimum: 0, maximum: 1_000_000, default: 1, description: "From 1 on." })),
      size: optional(wholeNumber({ minimum: 1, maximum: pageSize, default: pageSize })),
    },
    result: {
      total: Type.Integer(),
      users: Type.Array(Type.Object({ id: Type.String(), remark: Type.String() })),
    },
    example: {
      params: { userId: "u1", page: 1, size: 50 },
      result: { total: 1, users: [{ id: "u2", remark: "Bob" }] },
    },
    run: async (core, given) => {
      const { page = 1, size: limit = pageSize } = given;
      const offset = Math.max(0, page - 1) * limit;
      const { total, remarks } = await listRemarks(core, given.userId, { offset, limit });
      return { total, users: remarks.map((one) => ({ id: one.targetId, remark: one.remark })) };
    },
  }),
  row({
    path: "/group/remarks/set.json",
    summary: "Set what a member is called in notifications of a group.",
    notes: ["What the receiver calls the sender (`/user/remarks/set.json`) wins."],
    params: { userId, groupId, remark },
    example: { params: { userId: "u1", groupId: "g1", remark: "Captain" } },
    run: (core, given) => saveGroupRemark(core, given.groupId, given.userId, given.remark),
  }),
  row({
    path: "/group/remarks/del.json",
    summary: "Take back what a member is called in notifications of a group.",
    params: { userId, groupId },
    example: { params: { userId: "u1", groupId: "g1" } },
    run: (core, given) => saveGroupRemark(core, given.groupId, given.userId, null),
  }),
  row({
    path: "/group/remarks/get.json",
    summary: "Tell what a member is called in notifications of a group.",
    notes: ["An empty text where nothing is set."],
    params: { userId, groupId },
    result: { remark: Type.String() },
    example: { params: { userId: "u1", groupId: "g1" }, result: { remark: "Captain" } },
    run: async (core, given) => ({
      remark: (await core.store.findGroupRemark(given.groupId, given.userId)) ?? "",
    }),
  }),
];
