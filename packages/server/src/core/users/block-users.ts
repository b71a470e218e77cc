import type { Millis } from "../../ports/store.ts";
import type { PageOf, RuledUsers } from "../../ports/store-users.ts";
import type { Core } from "../core.ts";
import { shutOut } from "./shut-out.ts";

const minute = 60_000;

/**
 * Shuts users out for a time: their connections end on every node, and they can't connect until it is over, which it is
 * by itself. What is sent to them meanwhile waits in its conversations.
 */
export async function blockUsers(core: Core, userIds: readonly string[], minutes: number): Promise<void> {
  await core.store.changeUserRules([...userIds], { blockedUntil: Date.now() + minutes * minute });
  shutOut(core, userIds, "userBlocked");
  core.log.info({ users: userIds.length, minutes }, "users blocked");
}

export async function unblockUsers(core: Core, userIds: readonly string[]): Promise<void> {
  await core.store.changeUserRules([...userIds], { blockedUntil: 0 });
  core.log.info({ users: userIds.length }, "users unblocked");
}

/** Those who are blocked now; the one whose block ends last comes first. */
export const listBlocked = (core: Core, page: PageOf, now: Millis = Date.now()): Promise<RuledUsers> =>
  core.store.listRuledUsers("blocked", now, page);
