/** One text for many, with a place in it for what is each one's own. */

import Type from "typebox";
import { mostContentBytes } from "../../content/to-core.ts";
import { jsonText, optional, texts } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";
import { saidParams, sendParams } from "./sending.ts";

const { pushContent: _, pushData: __, pushExt: ___, ...common } = sendParams;

export const templateParams = (most: number) => ({
  ...common,
  ...saidParams,
  toUserId: texts({ max: most, maxBytes: 64, description: "Receivers, in the order of values." }),
  values: jsonText(
    Type.Array(Type.Record(Type.String(), Type.Unknown()), {
      minItems: 1,
      maxItems: most,
      description: 'For each receiver what stands for what: {"{name}": "Tom"}.',
    }),
  ),
  pushContent: optional(texts({ max: most, min: 0, maxBytes: 8192, description: "One for each receiver." })),
  pushData: optional(texts({ max: most, min: 0, maxBytes: 8192, description: "One for each receiver." })),
  pushExt: optional(
    jsonText(Type.Array(Type.Unknown(), { maxItems: most, description: "One for each receiver." })),
  ),
});

type Values = Record<string, unknown>;

const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** What is put in is not looked at again. Throws 1005 when it becomes longer than a content may be. */
export function fill(template: string, values: Values): string {
  const names = Object.keys(values).filter((name) => name !== "");
  if (names.length === 0) return template;
  const pattern = names
    .sort((one, other) => other.length - one.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("|");
  let size = template.length;
  return template.replace(new RegExp(pattern, "g"), (name) => {
    const value = textOf(values[name]);
    size += value.length;
    if (size > 2 * mostContentBytes)
      throw new RongcloudRefusal(1005, "content length exceeds limit, at most 128 KB.");
    return value;
  });
}

const fillAll = (value: unknown, values: Values): unknown => {
  if (typeof value === "string") return fill(value, values);
  if (Array.isArray(value)) return value.map((item) => fillAll(item, values));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fillAll(inner, values)]));
};

/** In JSON the values stand within texts, whatever characters they have; elsewhere they stand as they are. */
export function fillContent(content: string, values: Values): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    return fill(content, values);
  }
  return JSON.stringify(fillAll(parsed, values));
}
