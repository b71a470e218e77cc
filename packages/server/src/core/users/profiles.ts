import { ParlanceError } from "../../errors.ts";
import type { PageOf, RegisteredUser } from "../../ports/store-users.ts";
import type { Core } from "../core.ts";

/** Throws `userNotFound`. */
export async function getUser(core: Core, userId: string): Promise<RegisteredUser> {
  const user = await core.store.findUserProfile(userId);
  if (user === null) throw new ParlanceError("userNotFound");
  return user;
}

/** What isn't named stays. Throws `userNotFound`. */
export async function updateUser(
  core: Core,
  userId: string,
  change: { name?: string | undefined; portraitUrl?: string | undefined },
): Promise<void> {
  if (!(await core.store.updateUser(userId, change))) throw new ParlanceError("userNotFound");
  core.log.info({ user: userId }, "user changed");
}

/** All users in the order of their registration, and how many there are. */
export const listUsers = (
  core: Core,
  page: PageOf & { isNewestFirst: boolean },
): Promise<{ total: number; users: RegisteredUser[] }> => core.store.listUsers(page);
