/** Hours of an app's day, as its operator counts them. */

import type { Millis } from "../../ports/store.ts";

export const hourMillis = 3_600_000;
/** For how long after its beginning an hour's messages can be fetched. */
export const keptMillis = 3 * 24 * hourMillis;

/** Milliseconds of an offset such as `+08:00`. */
export function offsetOf(timeZone: string): Millis {
  const [hours = 0, minutes = 0] = timeZone.slice(1).split(":").map(Number);
  return (timeZone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

/** When the hour `YYYYMMDDHH` begins at this offset; null: it is none. */
export function beginningOf(hour: string, timeZone: string): Millis | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)$/.exec(hour);
  if (!parts) return null;
  const [, year, month, day, of] = parts;
  const time = Date.parse(`${year}-${month}-${day}T${of}:00:00.000Z`);
  // The thirty-first of a month that has thirty days would be another day.
  if (Number.isNaN(time) || hourAt(time, "+00:00") !== hour) return null;
  return time - offsetOf(timeZone);
}

/** `YYYYMMDDHH` of a moment. */
export const hourAt = (time: Millis, timeZone: string): string =>
  new Date(time + offsetOf(timeZone)).toISOString().slice(0, 13).replace(/[-T]/g, "");

/** `YYYY-MM-DD HH:mm:ss.SSS` of a moment. */
export const textOf = (time: Millis, timeZone: string): string =>
  new Date(time + offsetOf(timeZone)).toISOString().slice(0, 23).replace("T", " ");
