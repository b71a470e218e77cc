/** Key-values that anybody who sees a message may put on it: votes, reactions, what a form was answered. */

import { ParlanceError } from "../../errors.ts";

export const mostKeysPerCall = 100;
/** Characters. */
const longestValue = 4096;
const key = /^[A-Za-z0-9+=_-]{1,32}$/;

const refuse = (field: string, sentence: string): never => {
  throw new ParlanceError("invalidInput", { [field]: sentence });
};

/** Throws `invalidInput` for none or more than 100, and for a key that is not 1 to 32 of A–Z a–z 0–9 + = _ -. */
export function assertKeys(field: string, keys: readonly string[]): void {
  if (keys.length === 0 || keys.length > mostKeysPerCall) refuse(field, `Give 1 to ${mostKeysPerCall} keys.`);
  if (!keys.every((name) => key.test(name)))
    refuse(field, "A key has 1 to 32 letters, digits, and characters of + = _ -.");
}

/** As `assertKeys`, and for values longer than 4096 characters, with half a surrogate pair, or with a NUL. */
export function assertKeyValues(keys: Readonly<Record<string, string>>): void {
  assertKeys("keys", Object.keys(keys));
  for (const value of Object.values(keys))
    if (value.length > longestValue || !value.isWellFormed() || value.includes("\0"))
      refuse("keys", `A value has at most ${longestValue} characters, and NUL is none of them.`);
}
