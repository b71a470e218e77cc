import { ParlanceError } from "../../errors.ts";
import type { ConversationKind } from "../../ports/store.ts";
import type { MuteLevel } from "../../ports/store-conversations.ts";
import type { PushPreferences, QuietHours } from "../../ports/store-push.ts";
import { assertUserId } from "../conversations/direct.ts";
import type { Core } from "../core.ts";

export const secondsADay = 86_400;
export const longestQuiet = 1439;

/** What holds in conversations of this kind where the user set nothing else; 0 takes it back. */
export async function setKindLevel(
  core: Core,
  userId: string,
  kind: ConversationKind,
  level: MuteLevel,
): Promise<void> {
  assertUserId(userId);
  await core.store.savePushPreferences(userId, { muteLevels: { [kind]: level === 0 ? null : level } });
}

/** Every day, in the app's time zone; null takes them back. Throws `invalidInput`. */
export async function setQuietHours(core: Core, userId: string, quiet: QuietHours | null): Promise<void> {
  assertUserId(userId);
  if (quiet !== null && !areHours(quiet))
    throw new ParlanceError("invalidInput", {
      quiet: `Give a second of the day and 1 to ${longestQuiet} minutes.`,
    });
  await core.store.savePushPreferences(userId, { quiet });
}

const areHours = ({ from, minutes }: QuietHours): boolean =>
  Number.isInteger(from) &&
  from >= 0 &&
  from < secondsADay &&
  Number.isInteger(minutes) &&
  minutes >= 1 &&
  minutes <= longestQuiet;

export const findPreferences = (core: Core, userId: string): Promise<PushPreferences> =>
  core.store.findPushPreferences(userId);

/** Whether the moment (milliseconds since the epoch) is within them, where clocks are so many minutes ahead of UTC. */
export function areQuiet({ from, minutes }: QuietHours, now: number, zoneMinutes: number): boolean {
  const second = Math.floor(now / 1000) + zoneMinutes * 60;
  const since = (((second - from) % secondsADay) + secondsADay) % secondsADay;
  return since < minutes * 60;
}

/** Of an offset such as `+08:00`. */
export function minutesOf(timeZone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(timeZone) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}
