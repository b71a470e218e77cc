/** Reads a JSON object, bounded in depth, without losing digits of large whole numbers. */

import { ParlanceError } from "../errors.ts";
import { BigNumber, type RawValue } from "./raw-value.ts";

export const maxDepth = 32;

const refuse = (sentence: string) => new ParlanceError("invalidInput", {}, sentence);

const isDeeperThan = (text: string, most: number): boolean => {
  let depth = 0;
  let isInString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isInString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) isInString = false;
    } else if (code === 0x22) isInString = true;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > most) return true;
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
  return false;
};

/** The third argument is standard since ES2025, but not in TypeScript's library yet. */
type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown;

const keepDigits: Reviver = (_key, value, context) => {
  const source = context?.source;
  return typeof value === "number" && !Number.isSafeInteger(value) && source && /^-?\d+$/.test(source)
    ? new BigNumber(source)
    : value;
};

/** Throws `invalidInput` for anything but an object. */
export const decodeJson = (text: string): Map<string, RawValue> => {
  if (isDeeperThan(text, maxDepth)) throw refuse(`The JSON is nested deeper than ${maxDepth} levels.`);
  let value: unknown;
  try {
    // A reviver makes parsing several times slower, so only texts that may hold such a number pay for it.
    value = JSON.parse(text, /\d{16}/.test(text) ? keepDigits : undefined);
  } catch {
    throw refuse("The body is not valid JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof BigNumber)
    throw refuse("The JSON body must be an object.");
  return new Map(Object.entries(value as Record<string, RawValue>));
};
