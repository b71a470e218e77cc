/**
 * Makes typed values of what arrived. Missing and wrong parameters are refused by name (1002), over-long ones with 1005;
 * unknown ones are passed over.
 */

import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { coerce } from "../../http/coerce.ts";
import { BigNumber, type RawParams, type RawValue, Repeated } from "../../http/raw-value.ts";
import { describeErrors } from "../../http/sentences.ts";
import type { RongcloudRow } from "./endpoint.ts";
import { schemaOf } from "./endpoint.ts";
import type { WireMark } from "./params.ts";
import { RongcloudRefusal } from "./refusal.ts";

type Schema = TSchema &
  WireMark & { type?: string; items?: Schema; properties?: Record<string, Schema>; default?: unknown };

interface Field {
  name: string;
  schema: Schema;
  isRequired: boolean;
  validator: ReturnType<typeof Compile>;
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const asText = (value: RawValue): unknown => coerce({ type: "string" } as TSchema, value);

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);

/** One text may hold a JSON list, or a list with commas where `splits`. */
const fromText = (text: string, splits: boolean): unknown[] => {
  const list = /^\s*\[/.test(text) ? parseJson(text) : undefined;
  if (Array.isArray(list)) return list;
  return splits ? text.split(",") : [text];
};

const toList = (raw: RawValue, splits: boolean): unknown => {
  // In a form, a list without items.
  if (raw === "") return [];
  const items = raw instanceof Repeated ? raw.values : Array.isArray(raw) ? raw : [raw];
  const texts = items.flatMap((item: RawValue) =>
    typeof item === "string" && (raw instanceof Repeated || !Array.isArray(raw))
      ? fromText(item, splits)
      : [item],
  );
  // An SDK writes null for each text that there isn't, so that the others keep their places.
  const values = texts.map((item) => (item === null && !splits ? "" : asText(item as RawValue)));
  // Two separators in a row name nobody.
  return splits
    ? [...new Set(values.map((item) => (typeof item === "string" ? item.trim() : item)))].filter(
        (item) => item !== "",
      )
    : values;
};

/** Some SDKs write numbers inside of JSON texts as texts, too. */
const coerceAll = (schema: Schema, value: unknown): unknown => {
  const { properties, items } = schema;
  if (Array.isArray(value)) return items ? value.map((item) => coerceAll(items, item)) : value;
  if (typeof value !== "object" || value === null || properties === undefined)
    return coerce(schema, value as RawValue);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const of = Object.hasOwn(properties, key) ? properties[key] : undefined;
      return [key, of ? coerceAll(of, inner) : inner];
    }),
  );
};

const fromJson = (schema: Schema, raw: RawValue): unknown => {
  const value = raw instanceof Repeated ? raw.values.at(-1) : raw;
  const parsed = typeof value === "string" ? parseJson(value) : value;
  return parsed === undefined ? value : coerceAll(schema, parsed);
};

const toFlag = (raw: RawValue): unknown => {
  const value = raw instanceof Repeated ? raw.values.at(-1) : raw;
  return coerce({ type: "boolean" } as TSchema, value as RawValue);
};

/** `group[10001]=Name` of a form, an object of JSON, or its text; the last of a repeated key wins. */
const toMap = (name: string, params: RawParams): unknown => {
  const whole = params.get(name);
  const given = typeof whole === "string" ? parseJson(whole) : whole;
  const isObject =
    typeof given === "object" && given !== null && !(given instanceof Repeated) && !Array.isArray(given);
  const map = new Map<string, unknown>(
    isObject && !(given instanceof BigNumber) ? Object.entries(given) : [],
  );
  for (const [key, value] of params)
    if (key.startsWith(`${name}[`) && key.endsWith("]"))
      map.set(key.slice(name.length + 1, -1), value instanceof Repeated ? value.values.at(-1) : value);
  if (map.size === 0) return given === undefined || isObject ? undefined : given;
  return Object.fromEntries([...map].map(([key, value]) => [key, asText(value as RawValue)]));
};

const readValue = ({ name, schema }: Field, params: RawParams): unknown => {
  if (schema.wire === "map") return toMap(name, params);
  // Nobody sends `name[]` but those whose libraries write repeated keys so.
  const raw = params.get(name) ?? params.get(`${name}[]`);
  if (raw === undefined || raw === null) return undefined;
  if (schema.wire === "list" || schema.wire === "texts") return toList(raw, schema.wire === "list");
  if (schema.wire === "json") return fromJson(schema, raw);
  return schema.wire === "flag" ? toFlag(raw) : coerce(schema, raw);
};

const hasNull = (value: unknown): boolean => {
  if (typeof value === "string") return value.includes("\0");
  return typeof value === "object" && value !== null && Object.entries(value).flat().some(hasNull);
};

const isTooLong = (schema: Schema, value: unknown): boolean => {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items !== undefined && value.some((item) => isTooLong(items, item));
  }
  if (typeof value !== "string") return false;
  const { maxBytes, maxLength } = schema as Schema & { maxLength?: number };
  return (
    (maxLength !== undefined && value.length > maxLength && [...value].length > maxLength) ||
    (maxBytes !== undefined && value.length * 3 > maxBytes && Buffer.byteLength(value) > maxBytes)
  );
};

const wrong = (code: number, name: string, what: string) =>
  new RongcloudRefusal(code, `The parameter ${name} ${what}`);

function check({ name, schema, validator }: Field, value: unknown): void {
  if (isTooLong(schema, value)) throw wrong(1005, name, "is longer than allowed.");
  if (!validator.Check(value)) {
    const [sentence = "Enter a valid value."] = describeErrors(schema, validator.Errors(value));
    throw wrong(1002, name, `is wrong. ${sentence}`);
  }
  if (hasNull(value)) throw wrong(1002, name, "is wrong. Null characters are not allowed.");
}

/** Compiles a row's parameters once. The function throws `RongcloudRefusal`. */
export const compileRow = (row: RongcloudRow): ((raw: RawParams) => Record<string, unknown>) => {
  const schema = schemaOf(row) as TSchema & { required?: string[]; properties: Record<string, Schema> };
  const required = new Set(schema.required ?? []);
  const fields: Field[] = Object.entries(schema.properties).map(([name, field]) => ({
    name,
    schema: field,
    isRequired: required.has(name),
    validator: Compile(field),
  }));
  return (raw) => {
    const values: Record<string, unknown> = {};
    for (const field of fields) {
      const { name, schema: of, isRequired } = field;
      const value = readValue(field, raw);
      if (isBlank(value)) {
        if (isRequired) throw wrong(1002, name, "is required.");
        if (of.default !== undefined) values[name] = of.default;
        // An empty text takes something back.
        else if (value === "" && of.type === "string") values[name] = "";
        continue;
      }
      check(field, value);
      values[name] = value;
    }
    return values;
  };
};
