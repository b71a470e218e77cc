import Type from "typebox";
import { findSettings, presetSettings } from "../../../../core/conversations/presets.ts";
import { listTags } from "../../../../core/conversations/tags.ts";
import { conversationType, nameOf } from "../../conversation-types.ts";
import { row } from "../../endpoint.ts";
import { flag, id, optional, userId } from "../../params.ts";

const targetId = id("The other user, the group, or the sender of system messages.");
const millis = (micros: number): number => Math.floor(micros / 1000);

export const conversationSettingsRows = [
  row({
    path: "/conversation/top/set.json",
    summary: "Pin a conversation for a user, or unpin it.",
    notes: [
      "The user's own devices see it at once. A conversation that does not exist comes into being on the user's list alone.",
    ],
    params: { userId, conversationType, targetId, setTop: flag({ description: "`true` or `false`." }) },
    example: { params: { userId: "u1", conversationType: 1, targetId: "u2", setTop: "true" } },
    run: (core, given) =>
      presetSettings(core, given.userId, nameOf(given.conversationType, given.targetId), {
        isPinned: given.setTop,
      }),
  }),
  row({
    method: "GET",
    path: "/conversation/attribute/get.json",
    summary: "Tell what a user set of a conversation.",
    notes: [
      "`top` and `mute` are there if they were ever set, by the user's client or a call. Parameters travel in the query.",
    ],
    params: { userId, conversationType, targetId },
    result: {
      data: Type.Object({
        targetId: Type.String(),
        conversationType: Type.Integer(),
        top: optional(Type.Object({ top: Type.Boolean(), topTime: Type.Integer() })),
        mute: optional(Type.Object({ mute: Type.Integer() })),
        tags: Type.Array(
          Type.Object({ tagId: Type.String(), tagName: Type.String(), createTime: Type.Integer() }),
        ),
      }),
    },
    example: {
      params: { userId: "u1", conversationType: 3, targetId: "g1" },
      result: {
        data: {
          ...{ targetId: "g1", conversationType: 3, mute: { mute: 5 }, tags: [] },
          top: { top: true, topTime: 1_767_225_600_000 },
        },
      },
    },
    run: async (core, given) => {
      const name = nameOf(given.conversationType, given.targetId);
      const [own, known] = await Promise.all([
        findSettings(core, given.userId, name),
        listTags(core, given.userId),
      ]);
      return {
        data: {
          targetId: given.targetId,
          conversationType: given.conversationType,
          ...(own?.pinnedAt != null && { top: { top: own.isPinned, topTime: own.pinnedAt } }),
          ...(own?.muteLevel != null && { mute: { mute: own.muteLevel } }),
          tags: known
            .filter((tag) => own?.tags.includes(tag.id))
            .map((tag) => ({ tagId: tag.id, tagName: tag.name, createTime: millis(tag.createdAt) })),
        },
      };
    },
  }),
];
