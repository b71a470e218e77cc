/** A schema as a reader of the reference sees it: `string, 1 to 64 characters`. */

import { schemas } from "../index.ts";
import type { Schema } from "../schema/schema.ts";

/** Shapes that have a section of their own, by name. */
export const namedShapes: Readonly<Record<string, Schema>> = {
  Conversation: schemas.conversationRef,
  Message: schemas.message,
  Change: schemas.change,
  Mentions: schemas.mentions,
  Quote: schemas.quote,
  Position: schemas.position,
  ConversationState: schemas.conversationState,
  RemovedConversation: schemas.removedConversation,
  Settings: schemas.settings,
  Member: schemas.member,
  User: schemas.user,
  Presence: schemas.presence,
  ChatroomKey: schemas.chatroomKey,
};

const nameOf = (schema: Schema): string | undefined =>
  Object.entries(namedShapes).find(
    ([, shape]) =>
      shape === schema || (shape.properties !== undefined && shape.properties === schema.properties),
  )?.[0];

const range = (least: number | undefined, most: number | undefined, unit: string): string => {
  if (most === undefined || most === Number.MAX_SAFE_INTEGER)
    return least ? `, at least ${least}${unit}` : "";
  return least ? `, ${least} to ${most}${unit}` : `, at most ${most}${unit}`;
};

/** `items` says what a list or an object of any keys holds. */
const byType: Readonly<Record<NonNullable<Schema["type"]>, (schema: Schema) => string>> = {
  string: ({ enum: values, minLength, maxLength }) =>
    values
      ? values.map((value) => `\`${value}\``).join(", ")
      : `string${range(minLength, maxLength, " characters")}`,
  integer: ({ minimum, maximum }) => `integer${range(minimum, maximum, "")}`,
  number: ({ minimum, maximum }) =>
    minimum === undefined || maximum === undefined ? "number" : `number, ${minimum} to ${maximum}`,
  boolean: () => "boolean",
  null: () => "null",
  array: ({ items, minItems, maxItems }) =>
    `list of (${items ? typeText(items) : "anything"})${range(minItems, maxItems, " items")}`,
  object: (schema) => objectText(schema),
};

const objectText = (schema: Schema): string => {
  const { properties, required = [], additionalProperties: others, minProperties, maxProperties } = schema;
  if (typeof others === "object")
    return `object of (${typeText(others)})${range(minProperties, maxProperties, " keys")}`;
  if (!properties) return "object";
  const fields = Object.entries(properties).map(
    ([name, field]) => `${name}${required.includes(name) ? "" : "?"}: ${typeText(field)}`,
  );
  return fields.length === 0 ? "{}" : `{ ${fields.join("; ")} }`;
};

export function typeText(schema: Schema): string {
  const name = nameOf(schema);
  if (name) return `[${name}](#${name.toLowerCase()})`;
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.anyOf) return schema.anyOf.map(typeText).join(" or ");
  return schema.type ? byType[schema.type](schema) : "anything";
}
