/**
 * Makes of a raw value what a schema asks for, where the meaning is plain: "42" is an integer, `True` a boolean, 42 a
 * user id, one value a list of one. What has no plain meaning is returned as it came, for the validator to refuse.
 */

import type { TSchema } from "typebox";
import { BigNumber, type RawValue, Repeated } from "./raw-value.ts";

interface SchemaShape {
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly TSchema[];
  items?: TSchema;
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

const toText = (value: RawValue): unknown => {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : value;
  return value instanceof BigNumber ? value.digits : value;
};

/** "7.0" is 7, as JSON's 7.0 is. */
const toInteger = (value: RawValue): unknown => {
  if (typeof value !== "string") return value;
  const digits = /^\s*([+-]?\d{1,20})(?:\.0*)?\s*$/.exec(value)?.[1];
  const integer = digits === undefined ? Number.NaN : Number(digits);
  return Number.isSafeInteger(integer) ? integer : value;
};

const toNumber = (value: RawValue): unknown => {
  if (value instanceof BigNumber) return Number(value.digits);
  if (typeof value !== "string" || !/^\s*[+-]?\d+(\.\d*)?(e[+-]?\d+)?\s*$/i.test(value)) return value;
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
};

const toBoolean = (value: RawValue): unknown => {
  const word =
    typeof value === "string" ? value.trim().toLowerCase() : typeof value === "number" ? String(value) : "";
  return booleans.get(word) ?? value;
};

const toList = (value: RawValue, items: TSchema | undefined): unknown => {
  const list = value instanceof Repeated ? value.values : Array.isArray(value) ? value : [value];
  if (!(value instanceof Repeated) && !Array.isArray(value) && isObject(value)) return value;
  return items ? list.map((item: RawValue) => coerce(items, item)) : list.map(toPlain);
};

const isObject = (value: RawValue): boolean =>
  typeof value === "object" && value !== null && !(value instanceof BigNumber);

/** JSON as any parser would have given it, for parameters that take whatever comes. */
const toPlain = (value: RawValue): unknown => {
  if (typeof value === "string") return value.toWellFormed();
  if (value instanceof BigNumber) return Number(value.digits);
  if (value instanceof Repeated) return value.values.at(-1);
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toPlain(inner as RawValue)]));
};

/** The allowed value that is written the same way, so that "2" finds 2. */
const toChoice = (value: RawValue, allowed: readonly unknown[]): unknown => {
  const written = toText(value);
  return allowed.find((option) => option === value || String(option) === String(written)) ?? value;
};

const constantsOf = (branches: readonly TSchema[]): unknown[] =>
  branches.map((branch) => (branch as SchemaShape).const).filter((constant) => constant !== undefined);

/** The schema of a list may stand inside a union; so may the one that allows null. */
const coerceUnion = (branches: readonly TSchema[], value: RawValue): unknown => {
  const constants = constantsOf(branches);
  if (constants.length === branches.length) return toChoice(value, constants);
  const types = branches.map((branch) => (branch as SchemaShape).type);
  const natural =
    value === null
      ? "null"
      : Array.isArray(value)
        ? "array"
        : value instanceof BigNumber
          ? "string"
          : typeof value;
  const branch = branches[types.indexOf(natural)] ?? branches.find((_, index) => types[index] !== "null");
  return branch ? coerce(branch, value) : toPlain(value);
};

export const coerce = (schema: TSchema, raw: RawValue): unknown => {
  const { type, items, anyOf, enum: options, const: constant } = schema as SchemaShape;
  if (type === "array") return toList(raw, items);
  const value = raw instanceof Repeated ? (raw.values.at(-1) ?? "") : raw;
  if (options) return toChoice(value, options);
  if (constant !== undefined) return toChoice(value, [constant]);
  if (anyOf) return coerceUnion(anyOf, value);
  if (type === "string") return toText(value);
  if (type === "integer") return toInteger(value);
  if (type === "number") return toNumber(value);
  if (type === "boolean") return toBoolean(value);
  return toPlain(value);
};
