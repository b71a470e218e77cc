/** Reads `application/x-www-form-urlencoded`, in bodies and in queries. */

import { ParlanceError } from "../errors.ts";
import { type RawValue, Repeated } from "./raw-value.ts";

/** Far above the most members one call may name; below what would keep the process busy. */
export const maxPairs = 200_000;

const escapes = /(?:%[0-9a-f]{2})+/gi;

/** A % that starts no escape is itself. Throws `URIError` for escapes that are not UTF-8. */
const unescapeText = (text: string): string => {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  return spaced.includes("%") ? spaced.replace(escapes, decodeURIComponent) : spaced;
};

/** Pairs in order; `a` alone is `a=`. Throws `invalidInput`. */
export const decodePairs = (text: string): [name: string, value: string][] => {
  const pairs: [string, string][] = [];
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf("&", start);
    if (end < 0) end = text.length;
    if (end > start) {
      if (pairs.length >= maxPairs)
        throw new ParlanceError("invalidInput", {}, "The form has too many fields.");
      const pair = text.slice(start, end);
      const at = pair.indexOf("=");
      try {
        pairs.push(
          at < 0
            ? [unescapeText(pair), ""]
            : [unescapeText(pair.slice(0, at)), unescapeText(pair.slice(at + 1))],
        );
      } catch {
        throw new ParlanceError("invalidInput", {}, "The form is not valid UTF-8.");
      }
    }
    start = end + 1;
  }
  return pairs;
};

/** Repeated keys become `Repeated`. */
export const collectPairs = (pairs: Iterable<readonly [string, string]>): Map<string, RawValue> => {
  const params = new Map<string, RawValue>();
  for (const [name, value] of pairs) {
    const known = params.get(name);
    if (known === undefined) params.set(name, value);
    else if (known instanceof Repeated) known.values.push(value);
    else params.set(name, new Repeated([String(known), value]));
  }
  return params;
};

export const decodeForm = (text: string): Map<string, RawValue> => collectPairs(decodePairs(text));
