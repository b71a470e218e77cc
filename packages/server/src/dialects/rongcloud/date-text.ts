import type { Millis } from "../../ports/store.ts";

/** `2016-05-24 10:38:19` in a time zone given as its offset, such as `+08:00`. */
export function dateText(at: Millis, timeZone: string): string {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(timeZone) ?? [];
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === "-" ? -60_000 : 60_000);
  return new Date(at + offset).toISOString().slice(0, 19).replace("T", " ");
}
