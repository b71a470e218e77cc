import { ParlanceError } from "../../errors.ts";

/**
 * Places in a list or a synchronisation, as clients keep them: whole numbers (null: none) behind a letter that says what
 * they are. Opaque, so that nobody builds one; harmless if somebody does, since every query names app and user besides.
 */
export function encodeToken(kind: string, numbers: readonly (number | null)[]): string {
  return Buffer.from(`${kind}${numbers.map((number) => number ?? "").join(".")}`).toString("base64url");
}

/** Throws `invalidInput` for what `encodeToken` didn't make for this kind and this count. */
export function decodeToken(kind: string, token: string, count: number): (number | null)[] {
  const text = token.length > 100 ? "" : Buffer.from(token, "base64url").toString();
  const parts = text.slice(kind.length).split(".");
  const numbers = parts.map((part) => (part === "" ? null : Number(part)));
  const isSound = numbers.every((number) => number === null || (Number.isSafeInteger(number) && number >= 0));
  if (text.startsWith(kind) && parts.length === count && isSound) return numbers;
  throw new ParlanceError("invalidInput", { cursor: "This is no cursor of ours." });
}
