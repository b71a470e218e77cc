/**
 * What an app decided about its users, and whom users take messages from. Rules may be made for ids that nobody has
 * registered yet: they hold from then on.
 */

import type { Micros, Millis } from "./store.ts";

/** Who a user is to the store. All moments are by the clocks of nodes. */
export interface UserState {
  userId: string;
  /** Null: nobody of this id was ever registered, or they were deleted. */
  registeredAt: Millis | null;
  /** Tokens and sessions from before this moment are worthless; 0: none is. */
  tokensFrom: Millis;
  /** Shut out until then; 0, or a moment that is past: they aren't. */
  blockedUntil: Millis;
  /** When the app deactivated them; null: it did not. */
  deactivatedAt: Millis | null;
  /** May not write in direct conversations. */
  isDirectMuted: boolean;
  /** Takes direct messages only from those on their allowlist; otherwise from all who aren't on their blocklist. */
  usesAllowlist: boolean;
}

/** What isn't named stays. */
export interface UserRulesChange {
  /** Never back. */
  tokensFrom?: Millis;
  blockedUntil?: Millis;
  isDirectMuted?: boolean;
  usesAllowlist?: boolean;
}

/** Both are kept, whichever is in use. */
export type ContactListName = "block" | "allow";

export interface Contact {
  userId: string;
  addedAt: Micros;
}

export interface NewUser {
  id: string;
  name: string;
  /** Undefined leaves what was there. */
  portraitUrl?: string | undefined;
  /** Now, by the clock of the node; kept of the first call. */
  at: Millis;
}

export interface RegisteredUser {
  id: string;
  name: string | null;
  portraitUrl: string | null;
  registeredAt: Millis;
}

/** `blocked`: the block that ends last comes first. `deactivated`, `directMuted`: in the order in which they became it. */
export type UserRule = "blocked" | "deactivated" | "directMuted";

export interface RuledUsers {
  /** How many there are on all pages. */
  total: number;
  /** `at`: when the block ends, or when the user became what is asked for. */
  users: { userId: string; at: Millis }[];
}

export interface PageOf {
  offset: number;
  limit: number;
}

/** Somebody whose data are to be erased now. */
export interface DueErasure {
  appId: number;
  userId: string;
}

export interface UserStore {
  /** Creates or updates the user; resolves to the moment that their tokens must not be older than. */
  registerUser(user: NewUser): Promise<Millis>;
  /** What isn't named stays. False: there is no such user. */
  updateUser(
    id: string,
    change: { name?: string | undefined; portraitUrl?: string | undefined },
  ): Promise<boolean>;
  findUserProfile(id: string): Promise<RegisteredUser | null>;
  /** In the order of their registration, and how many there are. */
  listUsers(page: PageOf & { isNewestFirst: boolean }): Promise<{ total: number; users: RegisteredUser[] }>;
  /** Of those who are registered or for whom there are rules, in no order. */
  findUserStates(userIds: string[]): Promise<UserState[]>;
  changeUserRules(userIds: string[], change: UserRulesChange): Promise<void>;
  /** Blocks that have ended by `now` are over. */
  listRuledUsers(rule: UserRule, now: Millis, page: PageOf): Promise<RuledUsers>;

  /** Resolves to those who were not deactivated before. Their tokens are worthless; their data go from `eraseAt` on. */
  deactivateUsers(userIds: string[], at: Millis, eraseAt: Millis): Promise<string[]>;
  /**
   * Resolves to those who can't come back yet, because they were deactivated after `before` or their data are still being
   * erased; if there are any, nobody does.
   */
  reactivateUsers(userIds: string[], before: Millis): Promise<string[]>;
  /**
   * Erases the next piece of what is the user's alone: sessions, lists, tags, and of at most `limit` conversations their
   * settings and their view of the history. They stay a member. Resolves to whether nothing is left.
   */
  eraseUser(userId: string, limit: number): Promise<boolean>;
  /** Forgets user and rules, and all that is not in a conversation; false: there was no such user. */
  deleteUser(userId: string): Promise<boolean>;

  /** Who is on the list keeps their place. Throws `invalidInput` above `most` on the list. */
  addContacts(userId: string, list: ContactListName, contactIds: string[], most: number): Promise<void>;
  removeContacts(userId: string, list: ContactListName, contactIds: string[]): Promise<void>;
  /** Those of these users who have this one on the list. */
  findListing(userIds: string[], list: ContactListName, contactId: string): Promise<string[]>;
  /** Newest first, after `before`. */
  listContacts(
    userId: string,
    list: ContactListName,
    page: { before: Contact | null; limit: number },
  ): Promise<Contact[]>;
}
