/** What another app's handle reaches of users and of what is decided about them: nothing. A part of `tenancy.ts`. */

import { expect } from "bun:test";
import type { AppStore } from "../store.ts";
import { type Check, returns } from "./tenancy-check.ts";

export const userChecks = {
  // The same user may live in two apps without meeting.
  registerUser: async (intruder) => {
    await intruder.registerUser({ id: "ann", name: "Theirs", portraitUrl: "theirs", at: 7 });
    expect(await intruder.findUserProfile("ann")).toMatchObject({ name: "Theirs", registeredAt: 7 });
  },
  updateUser: returns((intruder) => intruder.updateUser("ann", { name: "Theirs" }), false),
  deleteUser: returns((intruder) => intruder.deleteUser("ann"), false),
  findUserProfile: returns((intruder) => intruder.findUserProfile("ann"), null),
  listUsers: returns((intruder) => intruder.listUsers({ offset: 0, limit: 10, isNewestFirst: true }), {
    total: 0,
    users: [],
  }),
  findUserStates: returns((intruder) => intruder.findUserStates(["ann", "ben"]), []),
  changeUserRules: async (intruder) => {
    await intruder.changeUserRules(["ann"], { blockedUntil: 9e15, isDirectMuted: true, usesAllowlist: true });
    expect((await intruder.findUserStates(["ann"]))[0]?.blockedUntil).toBe(9e15);
  },
  listRuledUsers: returns((intruder) => intruder.listRuledUsers("blocked", 0, { offset: 0, limit: 10 }), {
    total: 0,
    users: [],
  }),
  deactivateUsers: returns((intruder) => intruder.deactivateUsers(["ann"], 1, 1), ["ann"]),
  reactivateUsers: returns((intruder) => intruder.reactivateUsers(["ben"], 9e15), []),
  eraseUser: async (intruder) => {
    await intruder.deactivateUsers(["ann"], 1, 1);
    expect(await intruder.eraseUser("ann", 10)).toBe(true);
  },
  addContacts: async (intruder) => {
    await intruder.addContacts("ann", "block", ["eve"], 1);
    expect(await intruder.findListing(["ann"], "block", "eve")).toEqual(["ann"]);
  },
  removeContacts: async (intruder) => {
    await intruder.removeContacts("ann", "block", ["ben"]);
  },
  findListing: returns((intruder) => intruder.findListing(["ann"], "block", "ben"), []),
  listContacts: returns((intruder) => intruder.listContacts("ann", "block", { before: null, limit: 9 }), []),
} satisfies Partial<Record<keyof AppStore, Check>>;
