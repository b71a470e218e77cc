import type { Core } from "../../core/core.ts";
import type { Millis } from "../../ports/store.ts";

/** A time as the API writes it, `2024-02-07 18:25:12`, in the app's `timeZone`. */
export function dateText(core: Core, time: Millis): string {
  const [, sign = "+", hours = "0", minutes = "0"] =
    /^([+-])(\d\d):(\d\d)$/.exec(core.settings.timeZone) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
  return new Date(time + offset).toISOString().slice(0, 19).replace("T", " ");
}
