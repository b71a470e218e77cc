/** Compiles a row's parameters once, into a function that makes typed values of raw ones or names all that is wrong. */

import type { TObject, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import Format from "typebox/format";
import { ParlanceError } from "../errors.ts";
import { coerce } from "./coerce.ts";
import type { RawParams, RawValue } from "./raw-value.ts";
import { describeErrors, digitsFormat, mayNotBeNull, noNullCharacters, required } from "./sentences.ts";

Format.Set(digitsFormat, (value) => /^\d{1,19}$/.test(value));

interface Field {
  name: string;
  schema: TSchema;
  isRequired: boolean;
  isText: boolean;
  fallback: unknown;
  validator: ReturnType<typeof Compile>;
}

type Outcome = { value: unknown } | { wrong: string[] } | "absent";

const hasNullCharacter = (value: unknown): boolean =>
  typeof value === "string" ? value.includes("\0") : Array.isArray(value) && value.some(hasNullCharacter);

const readField = (field: Field, raw: RawValue | undefined): Outcome => {
  const missing: Outcome =
    field.fallback !== undefined
      ? { value: field.fallback }
      : field.isRequired
        ? { wrong: [required] }
        : "absent";
  if (raw === undefined) return missing;
  if (raw === null && !field.validator.Check(null))
    return field.isRequired ? { wrong: [mayNotBeNull] } : missing;
  // A form has no other way to say "none".
  if (raw === "" && !field.isRequired && !field.isText) return missing;
  const value = coerce(field.schema, raw);
  if (!field.validator.Check(value))
    return { wrong: describeErrors(field.schema, field.validator.Errors(value)) };
  return hasNullCharacter(value) ? { wrong: [noNullCharacters] } : { value };
};

const mayBeText = (schema: TSchema): boolean => {
  const { type, anyOf } = schema as { type?: string; anyOf?: TSchema[] };
  return anyOf ? anyOf.some(mayBeText) : type === "string" || type === undefined;
};

/** Unknown parameters are left out. The function throws `invalidInput` with `details.fields`. */
export const compileParams = (params: TObject): ((raw: RawParams) => Record<string, unknown>) => {
  const requiredNames = new Set((params as { required?: string[] }).required ?? []);
  const fields: Field[] = Object.entries(params.properties).map(([name, schema]) => ({
    name,
    schema,
    isRequired: requiredNames.has(name),
    isText: mayBeText(schema),
    fallback: (schema as { default?: unknown }).default,
    validator: Compile(schema),
  }));
  return (raw) => {
    const values: Record<string, unknown> = {};
    const wrong: Record<string, string[]> = {};
    for (const field of fields) {
      const outcome = readField(field, raw.get(field.name));
      if (outcome === "absent") continue;
      if ("wrong" in outcome) wrong[field.name] = outcome.wrong;
      else values[field.name] = outcome.value;
    }
    if (Object.keys(wrong).length > 0) throw new ParlanceError("invalidInput", { fields: wrong });
    return values;
  };
};
