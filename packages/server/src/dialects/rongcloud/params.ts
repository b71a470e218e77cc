/**
 * What parameters are made of. Each builder gives a TypeBox schema, for checks and documents, with a mark (`wire`) of how
 * the value travels: SDKs contradict each other, so each accepts all that any of them sends.
 */

import Type, { type Static, type TProperties, type TSchema } from "typebox";

/** How a value travels beyond what its JSON type says. */
export type WireForm = "list" | "texts" | "json" | "map" | "flag";

export interface WireMark {
  wire?: WireForm;
  /** UTF-8. */
  maxBytes?: number;
}

type Options = { description?: string; default?: unknown };

export const text = (options: Options & { maxLength?: number; maxBytes?: number } = {}) =>
  Type.String(options);

/** Ids are case-sensitive, up to 64 bytes. */
export const id = (description: string) => Type.String({ description, maxBytes: 64 });

export const userId = id("A user's id.");
export const groupId = id("A group's id.");

export const wholeNumber = (options: Options & { minimum?: number; maximum?: number } = {}) =>
  Type.Integer(options);

/** A time in milliseconds, however far away: some say "until ever" by it. */
export const moment = (description: string) =>
  wholeNumber({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });

/** In 2255. What is later means this: in microseconds it still is a safe integer. */
export const latestMoment = 9_000_000_000_000;

/** `1`, `true`, `True` and their opposites. */
export const flag = (options: Options = {}) => Type.Boolean({ ...options, wire: "flag" });

/** Repeated keys, a comma list, or JSON text of a list; each id once. */
export const ids = ({ max, description = "Ids of users." }: { max: number; description?: string }) =>
  Type.Array(Type.String({ maxBytes: 64, minLength: 1 }), {
    description,
    minItems: 1,
    maxItems: max,
    wire: "list",
  });

/** Repeated keys, or JSON text of a list: commas are part of a text. */
export const texts = (
  options: { max: number; min?: number; maxLength?: number; maxBytes?: number } & Options,
) => {
  const { max, min = 1, maxLength, maxBytes, ...rest } = options;
  const item = { ...(maxLength && { maxLength }), ...(maxBytes && { maxBytes }) };
  return Type.Array(Type.String(item), { ...rest, minItems: min, maxItems: max, wire: "texts" });
};

/** JSON text of this schema in forms; in JSON bodies the value itself as well. */
export const jsonText = <Schema extends TSchema>(schema: Schema): Schema =>
  ({ ...schema, wire: "json" }) as Schema;

/** `name[key]=value` in forms, an object in JSON. */
export const bracketMap = (options: Options & { max?: number } = {}) => {
  const { max, ...rest } = options;
  const bound = max === undefined ? {} : { maxProperties: max };
  return Type.Record(Type.String(), Type.String(), { ...rest, ...bound, wire: "map" });
};

/** One of these, as a number or its text. */
export const choice = <const Values extends readonly (number | string)[]>(
  values: Values,
  options: Options = {},
) => Type.Unsafe<Values[number]>({ enum: [...values], ...options });

export const optional = Type.Optional;

export const pageNumber = optional(
  wholeNumber({ minimum: 0, maximum: 1_000_000, description: "From 1 on." }),
);

export const paramsOf = (params: TProperties) => Type.Object(params);

/** The values that `run` gets. */
export type Wire<Params extends TProperties> = Static<ReturnType<typeof Type.Object<Params>>>;
