import type { Micros } from "../../ports/store.ts";

/**
 * Ids as I2A's clients see them.
 *
 * Users and rooms carry the application behind a colon (`u1:APP`); clients cut it off at will, so both forms are
 * understood. A message's id is its time in nanoseconds. Ours are whole microseconds, for a reason: a multiple of
 * 1000 below 2^62 (until the year 2116) survives a JavaScript client that reads it as a double and prints it again.
 */

export function wireId(id: string, appKey: string): string {
  return `${id}:${appKey}`;
}

/** The id without this application's suffix, if it had one. Other colons belong to the id. */
export function localId(wire: string, appKey: string): string {
  const suffix = `:${appKey}`;
  return wire.length > suffix.length && wire.endsWith(suffix) ? wire.slice(0, -suffix.length) : wire;
}

/** Digits to put into a frame or a string. */
export function wireTime(sentAt: Micros): string {
  // A mark may stand before our first microsecond, and a number with leading zeros would be no JSON.
  return sentAt === 0 ? "0" : `${sentAt}000`;
}

const nanosPerMicro = 1000n;

/** No time of ours is later; a later one asked for means "the newest". */
const latest = BigInt(Number.MAX_SAFE_INTEGER);

/** The last of our times that is not after this many nanoseconds. */
export function timeUpTo(nanoseconds: bigint): Micros {
  const micros = nanoseconds / nanosPerMicro;
  return Number(micros < latest ? micros : latest);
}

/** Our times before this are exactly those before so many nanoseconds. */
export function timeBefore(nanoseconds: bigint): Micros {
  const micros = (nanoseconds + nanosPerMicro - 1n) / nanosPerMicro;
  return Number(micros < latest ? micros : latest);
}

/** The message with exactly this id, or null: ids between two of ours are nobody's. */
export function exactTime(nanoseconds: bigint): Micros | null {
  return nanoseconds % nanosPerMicro === 0n ? timeUpTo(nanoseconds) : null;
}

/** A time as clients write it: digits in a string, or a number. Null for anything else, and for what isn't positive. */
export function parseTime(value: unknown): bigint | null {
  if (typeof value === "string" && /^\d{1,30}$/.test(value)) {
    const digits = BigInt(value);
    return digits > 0n ? digits : null;
  }
  if (typeof value === "number" && Number.isFinite(value) && value >= 1) return BigInt(Math.floor(value));
  return null;
}
