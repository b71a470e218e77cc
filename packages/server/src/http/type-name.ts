/** A schema in a few words: "string, 1 to 255 characters", "list of strings". */

import type { TSchema } from "typebox";
import { choicesOf, digitsFormat } from "./sentences.ts";

interface Bounds {
  type?: string;
  format?: string;
  items?: TSchema;
  anyOf?: TSchema[];
  minLength?: number;
  maxLength?: number;
  /** UTF-8; not JSON Schema's. */
  maxBytes?: number;
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
}

const range = (from: number | undefined, to: number | undefined, unit: string): string => {
  if (from === undefined && to === undefined) return "";
  if (to === undefined) return `, at least ${from}${from === 1 ? unit.replace(/s$/, "") : unit}`;
  return from === undefined ? `, at most ${to}${unit}` : `, ${from} to ${to}${unit}`;
};

export const typeName = (schema: TSchema): string => {
  const choices = choicesOf(schema);
  if (choices) return `one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`;
  const bounds = schema as Bounds;
  if (bounds.anyOf) return bounds.anyOf.map(typeName).join(" or ");
  switch (bounds.type) {
    case "string":
      return bounds.format === digitsFormat
        ? "integer (64 bits)"
        : `string${range(bounds.minLength, bounds.maxLength, " characters")}${range(undefined, bounds.maxBytes, " bytes")}`;
    case "array":
      return `list${bounds.items ? ` of ${typeName(bounds.items).replace(/^\w+/, "$&s")}` : ""}${range(bounds.minItems, bounds.maxItems, " items")}`;
    case "integer":
    case "number":
      return `${bounds.type}${range(bounds.minimum, bounds.maximum, "")}`;
    default:
      return bounds.type ?? "any value";
  }
};
