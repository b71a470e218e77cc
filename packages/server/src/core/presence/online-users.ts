import { ParlanceError } from "../../errors.ts";
import type { Micros } from "../../ports/store.ts";
import type { Presence } from "../../ports/store-presence.ts";
import type { Core } from "../core.ts";

/** One user as others may see them. */
export interface PresenceState {
  userId: string;
  isOnline: boolean;
  /** Since when, by the device that is connected longest; null while offline. */
  since: Micros | null;
  /** Of the devices that are connected, each once, in alphabetical order. */
  platforms: string[];
}

/** Users whose state one call tells, and users of one page. */
export const mostUsersAsked = 1000;

/** All that is needed of a core, so that a command line can ask, too. */
export type PresenceReader = Pick<Core, "store">;

/** What the rows say of these users, in their order, each once. */
export function toStates(userIds: readonly string[], rows: readonly Presence[]): PresenceState[] {
  const byUser = new Map<string, Presence[]>();
  for (const userId of userIds) byUser.set(userId, []);
  for (const row of rows) byUser.get(row.userId)?.push(row);
  return [...byUser].map(([userId, devices]) => ({
    userId,
    isOnline: devices.length > 0,
    since: devices.length > 0 ? Math.min(...devices.map(({ since }) => since)) : null,
    platforms: [...new Set(devices.map(({ platform }) => platform))].filter(Boolean).sort(),
  }));
}

/** Who of these is online, on whichever node. At most 1000 ids; throws `invalidInput` for more. */
export async function listOnline(core: PresenceReader, userIds: readonly string[]): Promise<PresenceState[]> {
  if (userIds.length > mostUsersAsked) {
    throw new ParlanceError("invalidInput", { userIds: `Ask for at most ${mostUsersAsked} users at once.` });
  }
  return toStates(userIds, await core.store.findPresence([...userIds]));
}

/** How many users are online, each counted once however many devices they have. */
export function countOnline(core: PresenceReader): Promise<number> {
  return core.store.countOnline();
}

/** Ids of users who are online, in order, after `afterUserId` (null: from the first); `limit` is 1 to 1000. */
export function pageOnline(
  core: PresenceReader,
  afterUserId: string | null,
  limit: number,
): Promise<string[]> {
  return core.store.listOnline(afterUserId, Math.min(Math.max(1, limit), mostUsersAsked));
}
