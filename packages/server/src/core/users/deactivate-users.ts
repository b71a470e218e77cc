import { randomInt } from "node:crypto";
import { ParlanceError } from "../../errors.ts";
import type { PageOf } from "../../ports/store-users.ts";
import type { Core } from "../core.ts";
import { shutOut } from "./shut-out.ts";

const minute = 60_000;
const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

/** `C70B-B1D6-82E8-5SBO`: names the call in logs. */
const newOperation = (): string =>
  Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => letters[randomInt(32)]).join("")).join("-");

/**
 * Logs users out for good: they can't connect, their tokens are worthless, and what is theirs alone is erased, soon or
 * after the app's `deactivationMinutes` (`erase.ts`). They stay members, and what they said stays. Nothing changes for
 * those who are deactivated already. Returns the name of the operation.
 */
export async function deactivateUsers(core: Core, userIds: readonly string[]): Promise<string> {
  const operation = newOperation();
  const now = Date.now();
  const eraseAt = now + core.settings.deactivationMinutes * minute;
  const deactivated = await core.store.deactivateUsers([...userIds], now, eraseAt);
  shutOut(core, userIds, "userDeactivated");
  core.log.info({ operation, users: deactivated.length }, "users deactivated");
  return operation;
}

/**
 * Lets users come back, without what was erased; not before the app's `reactivationMinutes` are over: then, or while
 * somebody's data are still being erased, throws `invalidInput` with the ids, and nobody comes back. Those who aren't
 * deactivated stay as they are. Returns the name of the operation.
 */
export async function reactivateUsers(core: Core, userIds: readonly string[]): Promise<string> {
  const operation = newOperation();
  const before = Date.now() - core.settings.reactivationMinutes * minute;
  const early = await core.store.reactivateUsers([...userIds], before);
  if (early.length > 0)
    throw new ParlanceError("invalidInput", {
      userId: `Deactivated too short a time ago to come back: ${early.join(", ")}.`,
    });
  core.log.info({ operation, users: userIds.length }, "users reactivated");
  return operation;
}

/** Ids of users who are deactivated, in the order in which they were. */
export async function listDeactivated(core: Core, page: PageOf): Promise<string[]> {
  const { users } = await core.store.listRuledUsers("deactivated", Date.now(), page);
  return users.map(({ userId }) => userId);
}
