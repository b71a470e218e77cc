/**
 * Whom users don't take direct messages from, and whom they do. Of a user's two lists one is in use: the blocklist, unless
 * the user was set to the allowlist, or all of the app's are. Both are one-sided: whoever blocks somebody may still write
 * to them. Clients that may not write are refused (`direct-rules.ts`); a back end's messages pass unless it asks (`accepts.ts`).
 */

import { ParlanceError } from "../../errors.ts";
import type { Contact, ContactListName, UserState } from "../../ports/store-users.ts";
import type { Core } from "../core.ts";

/** Throws `invalidInput` where the list would have more than the app's `maxContacts`; then nobody was added. */
export async function addContacts(
  core: Core,
  userId: string,
  list: ContactListName,
  contactIds: readonly string[],
): Promise<void> {
  await core.store.addContacts(userId, list, [...contactIds], core.settings.maxContacts);
  changed(core, [userId]);
}

export async function removeContacts(
  core: Core,
  userId: string,
  list: ContactListName,
  contactIds: readonly string[],
): Promise<void> {
  await core.store.removeContacts(userId, list, [...contactIds]);
  changed(core, [userId]);
}

export interface ContactPage {
  userIds: string[];
  /** Where the next page begins; null: this was the last. */
  next: string | null;
}

/** Newest first, up to `limit` after the page that ended with `token`. Throws `invalidInput` for a token that is none. */
export async function listContacts(
  core: Core,
  userId: string,
  list: ContactListName,
  { token, limit }: { token: string | null; limit: number },
): Promise<ContactPage> {
  const before = token === null ? null : readToken(token);
  const found = await core.store.listContacts(userId, list, { before, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    userIds: page.map((contact) => contact.userId),
    next: found.length > limit && last ? writeToken(last) : null,
  };
}

/** Throws `invalidInput` for the blocklist where all of the app's users are on allowlists. */
export async function setAllowlistUse(
  core: Core,
  userIds: readonly string[],
  usesAllowlist: boolean,
): Promise<void> {
  if (core.settings.usesAllowlists && !usesAllowlist)
    throw new ParlanceError("invalidInput", {
      usesAllowlist: "Everybody of this app is on their allowlist.",
    });
  await core.store.changeUserRules([...userIds], { usesAllowlist });
  changed(core, userIds);
}

/** Of these users those who use their allowlist. */
export async function whoUseAllowlists(core: Core, userIds: readonly string[]): Promise<Set<string>> {
  if (core.settings.usesAllowlists) return new Set(userIds);
  const states: UserState[] = await core.store.findUserStates([...userIds]);
  return new Set(states.filter((state) => state.usesAllowlist).map(({ userId }) => userId));
}

function changed(core: Core, userIds: readonly string[]): void {
  core.publish({ kind: "directRulesChanged", userIds: [...userIds] });
  core.log.debug({ users: userIds.length }, "lists of contacts changed");
}

const writeToken = ({ addedAt, userId }: Contact): string =>
  Buffer.from(`${addedAt}/${userId}`).toString("base64url");

function readToken(token: string): Contact {
  const [, time, userId] = /^(\d{1,16})\/(.{1,255})$/s.exec(Buffer.from(token, "base64url").toString()) ?? [];
  const addedAt = Number(time);
  if (userId !== undefined && !userId.includes("\0") && Number.isSafeInteger(addedAt))
    return { addedAt, userId };
  throw new ParlanceError("invalidInput", { pageToken: "This is no token of ours." });
}
