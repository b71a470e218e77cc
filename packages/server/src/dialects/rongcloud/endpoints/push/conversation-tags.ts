import Type from "typebox";
import { tagNameLength, tagsPerUser } from "../../../../core/conversations/bounds.ts";
import { nameFor } from "../../../../core/conversations/conversation-name.ts";
import {
  conversationsPerTag,
  conversationsPerTagging,
  removeTags,
  saveTags,
  tagConversations,
  untagConversations,
} from "../../../../core/conversations/presets.ts";
import { listTags } from "../../../../core/conversations/tags.ts";
import { conversationType, nameOf, typeOf } from "../../conversation-types.ts";
import { row } from "../../endpoint.ts";
import { jsonText, texts, userId } from "../../params.ts";

const tagId = Type.String({ minLength: 1, maxLength: 20, description: "The tag's id, unique for the user." });
const conversations = jsonText(
  Type.Array(Type.Object({ targetId: Type.String({ minLength: 1, maxLength: 64 }), conversationType }), {
    minItems: 1,
    maxItems: conversationsPerTagging,
  }),
);
const oneConversation = [{ targetId: "u2", conversationType: 1 }];
type Named = { targetId: string; conversationType: number }[];
const namesOf = (given: Named) => given.map((one) => nameOf(one.conversationType, one.targetId));
const millis = (micros: number): number => Math.floor(micros / 1000);

export const conversationTagRows = [
  row({
    path: "/user/conversation/tag/set.json",
    summary: "Make or rename tags that a user has for conversations.",
    notes: [
      `A user has ${tagsPerUser} tags at most; of a call that would make more, none is made. The user's own devices see it at once.`,
    ],
    params: {
      userId,
      tags: jsonText(
        Type.Array(Type.Object({ tagId, tagName: Type.String({ minLength: 1, maxLength: tagNameLength }) }), {
          minItems: 1,
          maxItems: tagsPerUser,
        }),
      ),
    },
    example: { params: { userId: "u1", tags: [{ tagId: "t1", tagName: "Work" }] } },
    run: (core, given) =>
      saveTags(
        core,
        given.userId,
        given.tags.map((tag) => ({ id: tag.tagId, name: tag.tagName })),
      ),
  }),
  row({
    path: "/user/conversation/tag/del.json",
    summary: "Remove tags of a user, from conversations as well.",
    notes: ["Those that the user does not have are passed over."],
    params: { userId, tagIds: texts({ max: tagsPerUser, maxLength: 64 }) },
    example: { params: { userId: "u1", tagIds: ["t1"] } },
    run: (core, given) => removeTags(core, given.userId, given.tagIds),
  }),
  row({
    method: "GET",
    path: "/user/conversation/tag/get.json",
    summary: "List the tags that a user has for conversations.",
    notes: ["In the order of their making. Parameters travel in the query."],
    params: { userId },
    result: {
      data: Type.Object({
        userId: Type.String(),
        tags: Type.Array(
          Type.Object({ tagId: Type.String(), tagName: Type.String(), createTime: Type.Integer() }),
        ),
      }),
    },
    example: {
      params: { userId: "u1" },
      result: {
        data: { userId: "u1", tags: [{ tagId: "t1", tagName: "Work", createTime: 1_767_225_600_000 }] },
      },
    },
    run: async (core, given) => ({
      data: {
        userId: given.userId,
        tags: (await listTags(core, given.userId)).map((tag) => ({
          ...{ tagId: tag.id, tagName: tag.name, createTime: millis(tag.createdAt) },
        })),
      },
    }),
  }),
  row({
    path: "/tag/conversation/set.json",
    summary: "Put a user's tag on conversations.",
    notes: [
      `The tag must exist. It stands on ${conversationsPerTag} conversations at most: beyond that the oldest lose it.`,
      "Conversations need not exist yet.",
    ],
    params: { userId, tagId, conversations },
    example: { params: { userId: "u1", tagId: "t1", conversations: oneConversation } },
    run: (core, given) =>
      tagConversations(core, given.userId, given.tagId, namesOf(given.conversations as Named)),
  }),
  row({
    path: "/tag/conversation/del.json",
    summary: "Take a user's tag from conversations.",
    notes: ["The tag must exist. Conversations without it are passed over."],
    params: { userId, tagId, conversations },
    example: { params: { userId: "u1", tagId: "t1", conversations: oneConversation } },
    run: (core, given) =>
      untagConversations(core, given.userId, given.tagId, namesOf(given.conversations as Named)),
  }),
  row({
    method: "GET",
    path: "/tag/conversation/get.json",
    summary: "List the conversations that have a user's tag.",
    notes: ["Those that got it last come first. Parameters travel in the query."],
    params: { userId, tagId },
    result: {
      data: Type.Object({
        userId: Type.String(),
        tagId: Type.String(),
        conversations: Type.Array(Type.Object({ targetId: Type.String(), conversationType: Type.Integer() })),
      }),
    },
    example: {
      params: { userId: "u1", tagId: "t1" },
      result: { data: { userId: "u1", tagId: "t1", conversations: oneConversation } },
    },
    run: async (core, given) => {
      const tagged = await core.store.listTagged(given.userId, given.tagId, conversationsPerTag);
      return {
        data: {
          userId: given.userId,
          tagId: given.tagId,
          conversations: tagged.map(({ kind, key }) => {
            const name = nameFor({ kind, key }, given.userId);
            return { targetId: name.id, conversationType: typeOf(name.kind) };
          }),
        },
      };
    },
  }),
];
