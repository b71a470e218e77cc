/**
 * What fields of profiles and groups may hold. A change names fields; an empty text, or null, takes one away. Fields of
 * the app's own have names that begin with `ext_`, and hold texts.
 */

import { ParlanceError } from "../../errors.ts";

export type FieldKind = { kind: "text"; maxLength: number } | { kind: "number"; least: number; most: number };

export const textField = (maxLength: number): FieldKind => ({ kind: "text", maxLength });
export const numberField = (least: number, most: number): FieldKind => ({ kind: "number", least, most });

/** Characters, not code units. */
export const isLonger = (text: string, most: number): boolean =>
  text.length > most && [...text].length > most;

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes("\0");

const wrong = (
  code: "fieldUnknown" | "fieldTooLong" | "fieldNotNumber" | "fieldOutOfRange" | "ownFieldWrong",
  field: string,
  sentence: string,
) => new ParlanceError(code, { field }, `${field}: ${sentence}`);

/** A text of at most so many characters. Throws `fieldTooLong`, `invalidInput`. */
export function readText(name: string, value: unknown, maxLength: number): string {
  if (typeof value !== "string" || !isStorable(value))
    throw new ParlanceError("invalidInput", { [name]: "It must be a text." });
  if (isLonger(value, maxLength)) throw wrong("fieldTooLong", name, `At most ${maxLength} characters.`);
  return value;
}

function readNumber(name: string, value: unknown, least: number, most: number): number {
  const number = typeof value === "string" && /^-?\d{1,9}$/.test(value) ? Number(value) : value;
  if (!Number.isInteger(number)) throw wrong("fieldNotNumber", name, "It must be a whole number.");
  if ((number as number) < least || (number as number) > most)
    throw wrong("fieldOutOfRange", name, `It must be from ${least} to ${most}.`);
  return number as number;
}

/** Throws `fieldUnknown`, `fieldTooLong`, `fieldNotNumber`, `fieldOutOfRange`, `invalidInput`. */
export function readFields(
  kinds: Readonly<Record<string, FieldKind>>,
  given: Readonly<Record<string, unknown>>,
): Record<string, string | number | null> {
  const read = Object.entries(given).map(([name, value]) => {
    const field = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (field === undefined) throw wrong("fieldUnknown", name.slice(0, 64), "There is no such field.");
    if (value === null || value === "") return [name, null];
    if (field.kind === "number") return [name, readNumber(name, value, field.least, field.most)];
    return [name, readText(name, value, field.maxLength)];
  });
  return Object.fromEntries(read);
}

const ownValueLength = 256;

/** Throws `ownFieldWrong`, `fieldTooLong`, `invalidInput`. How many there may be, the store knows. */
export function readOwnFields(
  shape: RegExp,
  given: Readonly<Record<string, unknown>>,
): Record<string, string | null> {
  const read = Object.entries(given).map(([name, value]) => {
    if (!shape.test(name)) throw wrong("ownFieldWrong", name.slice(0, 64), "Such names are not taken.");
    if (value === null || value === "") return [name, null];
    return [name, readText(name, value, ownValueLength)];
  });
  return Object.fromEntries(read);
}
