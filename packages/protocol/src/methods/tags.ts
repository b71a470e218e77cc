import { tagName } from "../parts/conversation-state.ts";
import { integer, list, object } from "../schema/schema.ts";
import { method } from "./method.ts";

const named = object({ name: tagName });
const done = object({});

/** A user's own names for sets of conversations. */
export const tagMethods = {
  "tag.create": method({
    sentence: "Makes a tag.",
    params: named,
    result: done,
    errors: ["tooManyTags", "tagExists"],
    example: { params: { name: "work" }, result: {} },
  }),
  "tag.rename": method({
    sentence: "Renames a tag; conversations keep it.",
    params: object({ name: tagName, newName: tagName }),
    result: done,
    errors: ["tagNotFound", "tagExists"],
    example: { params: { name: "work", newName: "office" }, result: {} },
  }),
  "tag.remove": method({
    sentence: "Removes a tag, also from its conversations.",
    params: named,
    result: done,
    errors: ["tagNotFound"],
    example: { params: { name: "work" }, result: {} },
  }),
  "tag.list": method({
    sentence: "Returns the caller's tags, oldest first.",
    params: object({}),
    result: object({ tags: list(object({ name: tagName, conversationCount: integer({ minimum: 0 }) })) }),
    errors: [],
    example: { params: {}, result: { tags: [{ name: "work", conversationCount: 2 }] } },
  }),
};
