/** `audience` of the push endpoints. */

import Type, { type Static } from "typebox";
import type { Audience } from "../../core/push/audience.ts";
import type { PushJob } from "../../core/push/push-jobs.ts";
import { mostUserTags } from "../../core/push/user-tags.ts";
import { RongcloudRefusal } from "./refusal.ts";

const optional = Type.Optional;

const tags = optional(Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: mostUserTags }));
const operator = optional(Type.Unsafe<"AND" | "OR">({ enum: ["AND", "OR"] }));

const shared = {
  tag: tags,
  tag_or: tags,
  packageName: optional(Type.String({ maxLength: 255 })),
  is_to_all: optional(Type.Boolean({ description: "Everybody; all other conditions are passed over." })),
};
const userids = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 1000 });
const item = Type.Object({
  tags: Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { minItems: 1, maxItems: mostUserTags }),
  isNot: optional(Type.Boolean()),
  tagsOperator: operator,
  itemsOperator: operator,
});
export const audience = Type.Object({ ...shared, userid: optional(userids) });
export const finerAudience = Type.Object({
  ...shared,
  tagItems: optional(Type.Array(item, { maxItems: 20 })),
});
export type GivenAudience = Static<typeof audience> & Static<typeof finerAudience>;

/** Throws 1002 for one that names nobody. */
export function readAudience(given: GivenAudience): Pick<PushJob, "audience" | "packageName"> {
  const { is_to_all, userid, tag, tag_or, tagItems, packageName } = given;
  if (is_to_all) return { audience: {} };
  if (userid) return { audience: { userIds: userid } };
  const found: Audience = {};
  if (tag?.length) found.tags = tag;
  if (tag_or?.length) found.anyTags = tag_or;
  if (tagItems?.length)
    found.items = tagItems.map((one) => ({
      ...{ tags: one.tags, isNot: one.isNot ?? false },
      ...{ tagsOperator: one.tagsOperator ?? "AND", itemsOperator: one.itemsOperator ?? "AND" },
    }));
  if (Object.keys(found).length === 0 && !packageName)
    throw new RongcloudRefusal(1002, "The parameter audience names nobody; is_to_all names everybody.");
  return { audience: found, ...(packageName && { packageName }) };
}
