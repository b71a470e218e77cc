/** Says what is wrong with a value, for whoever has no validator at hand: tests, tools, other dialects' bridges. */

import type { Infer, Schema } from "./schema.ts";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const typeChecks: Readonly<Record<NonNullable<Schema["type"]>, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  integer: Number.isSafeInteger,
  number: Number.isFinite,
  boolean: (value) => typeof value === "boolean",
  object: isObject,
  array: Array.isArray,
  null: (value) => value === null,
};

/** Characters, not UTF-16 units: JSON Schema counts so. */
const charactersOf = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};

const outside = (value: number, least = 0, most = Number.POSITIVE_INFINITY): boolean =>
  value < least || value > most;

const checkString = (schema: Schema, value: string, path: string): string[] => {
  if (schema.enum && !schema.enum.includes(value))
    return [`${path}: must be one of ${schema.enum.join(", ")}`];
  if (outside(charactersOf(value), schema.minLength, schema.maxLength))
    return [
      `${path}: must have ${schema.minLength ?? 0} to ${schema.maxLength ?? "any number of"} characters`,
    ];
  if (schema.pattern && !new RegExp(schema.pattern, "u").test(value))
    return [`${path}: has characters that may not be`];
  return [];
};

const checkNumber = (schema: Schema, value: number, path: string): string[] =>
  outside(value, schema.minimum ?? Number.NEGATIVE_INFINITY, schema.maximum)
    ? [`${path}: must be ${schema.minimum ?? "anything"} to ${schema.maximum ?? "anything"}`]
    : [];

const checkList = (schema: Schema, value: unknown[], path: string): string[] => {
  if (outside(value.length, schema.minItems, schema.maxItems))
    return [`${path}: must have ${schema.minItems ?? 0} to ${schema.maxItems ?? "any number of"} items`];
  const { items } = schema;
  return items ? value.flatMap((item, index) => faultsOf(items, item, `${path}[${index}]`)) : [];
};

const checkObject = (schema: Schema, value: Record<string, unknown>, path: string): string[] => {
  const { properties = {}, required = [], additionalProperties: others } = schema;
  const missing = required
    .filter((name) => !Object.hasOwn(value, name) || value[name] === undefined)
    .map((name) => `${path}.${name}: is required`);
  const size = Object.keys(value).length;
  const wrongSize = outside(size, schema.minProperties, schema.maxProperties)
    ? [`${path}: must have ${schema.minProperties ?? 0} to ${schema.maxProperties ?? "any number of"} keys`]
    : [];
  const wrong = Object.entries(value).flatMap(([name, inner]) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : others;
    return typeof known === "object" && inner !== undefined ? faultsOf(known, inner, `${path}.${name}`) : [];
  });
  return [...missing, ...wrongSize, ...wrong];
};

/** One sentence for each fault, each beginning with where it is; empty: the value is good. */
export function faultsOf(schema: Schema, value: unknown, path = "$"): string[] {
  if (schema.const !== undefined) return value === schema.const ? [] : [`${path}: must be ${schema.const}`];
  if (schema.anyOf) {
    const outcomes = schema.anyOf.map((branch) => faultsOf(branch, value, path));
    return outcomes.find((faults) => faults.length === 0) ?? outcomes[0] ?? [];
  }
  const { type } = schema;
  if (type && !typeChecks[type](value))
    return [`${path}: must be ${type === "null" ? type : `of type ${type}`}`];
  if (typeof value === "string") return checkString(schema, value, path);
  if (typeof value === "number") return checkNumber(schema, value, path);
  if (Array.isArray(value)) return checkList(schema, value, path);
  return isObject(value) ? checkObject(schema, value, path) : [];
}

export const isValid = <S extends Schema>(schema: S, value: unknown): value is Infer<S> =>
  faultsOf(schema, value).length === 0;
