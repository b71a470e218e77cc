import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import { expectRefusal, type Fixture, newConversation, send } from "./fixture.ts";

const register = (own: AppStore, id: string, at = 1) => own.registerUser({ id, name: id, at });
const stateOf = async (own: AppStore, userId: string) => (await own.findUserStates([userId]))[0];
const page = { offset: 0, limit: 100 };
const ruled = async (own: AppStore, rule: "blocked" | "deactivated" | "directMuted", now = 0) =>
  (await own.listRuledUsers(rule, now, page)).users.map(({ userId }) => userId);
const contacts = async (own: AppStore, userId: string) =>
  (await own.listContacts(userId, "block", { before: null, limit: 10 })).map((contact) => contact.userId);

export const usersContract = (fixture: Fixture): void => {
  describe("users", () => {
    test("are registered once, and their names change", async () => {
      const { own } = await fixture.newApp();
      expect(await own.registerUser({ id: "ann", name: "Ann", portraitUrl: "p", at: 10 })).toBe(10);
      expect(await own.registerUser({ id: "ann", name: "Anna", at: 20 })).toBe(10);
      const anna = { id: "ann", name: "Anna", portraitUrl: "p", registeredAt: 10 };
      expect(await own.findUserProfile("ann")).toEqual(anna);
      expect(await own.updateUser("ann", { portraitUrl: "" })).toBe(true);
      expect(await own.updateUser("ann", {})).toBe(true);
      expect(await own.findUserProfile("ann")).toEqual({ ...anna, portraitUrl: "" });
      expect(await own.updateUser("ben", { name: "Ben" })).toBe(false);
      expect(await own.updateUser("ben", {})).toBe(false);
      expect(await own.findUserProfile("ben")).toBeNull();
      await own.openSession({ tokenHash: "t", userId: "cid", deviceId: "d", fcmToken: null }, 1);
      expect(await own.findUserProfile("cid")).toMatchObject({ name: null, portraitUrl: null });
    });

    test("are listed in the order of their registration, page by page", async () => {
      const { own } = await fixture.newApp();
      for (const [index, id] of ["cid", "ann", "ben"].entries()) await register(own, id, index);
      const list = async (offset: number, limit: number, isNewestFirst = false) => {
        const { total, users } = await own.listUsers({ offset, limit, isNewestFirst });
        return [total, ...users.map(({ id }) => id)];
      };
      expect(await list(0, 2)).toEqual([3, "cid", "ann"]);
      expect(await list(2, 2)).toEqual([3, "ben"]);
      expect(await list(0, 2, true)).toEqual([3, "ben", "ann"]);
      expect(await list(9, 2)).toEqual([3]);
    });

    test("have rules, whether they are registered or not", async () => {
      const { own } = await fixture.newApp();
      await register(own, "ann", 3);
      await own.changeUserRules(["ann", "new", "ann"], { blockedUntil: 50, isDirectMuted: true });
      await own.changeUserRules(["ann"], { tokensFrom: 9, usesAllowlist: true });
      await own.changeUserRules(["ann"], { tokensFrom: 7 });
      await own.changeUserRules(["ann"], {});
      const fresh = { tokensFrom: 0, deactivatedAt: null, usesAllowlist: false };
      const both = { blockedUntil: 50, isDirectMuted: true };
      expect(await stateOf(own, "new")).toEqual({ userId: "new", registeredAt: null, ...fresh, ...both });
      expect(await stateOf(own, "ann")).toEqual({
        userId: "ann",
        registeredAt: 3,
        ...fresh,
        ...both,
        tokensFrom: 9,
        usesAllowlist: true,
      });
      expect(await register(own, "ann")).toBe(9);
      expect(await own.findUserStates(["nobody"])).toEqual([]);
      expect(await own.findUserStates([])).toEqual([]);
    });

    test("who are under a rule are listed, in its order, and how many there are", async () => {
      const { own } = await fixture.newApp();
      await own.changeUserRules(["ann"], { blockedUntil: 30 });
      await own.changeUserRules(["ben"], { blockedUntil: 50 });
      await own.changeUserRules(["cid"], { blockedUntil: 10 });
      expect(await ruled(own, "blocked", 10)).toEqual(["ben", "ann"]);
      expect(await own.listRuledUsers("blocked", 0, { offset: 1, limit: 1 })).toEqual({
        total: 3,
        users: [{ userId: "ann", at: 30 }],
      });
      await own.changeUserRules(["ben"], { blockedUntil: 0 });
      expect(await ruled(own, "blocked")).toEqual(["ann", "cid"]);
      await own.changeUserRules(["ben", "ann"], { isDirectMuted: true });
      expect((await ruled(own, "directMuted")).sort()).toEqual(["ann", "ben"]);
      await own.changeUserRules(["ben"], { isDirectMuted: false });
      expect(await ruled(own, "directMuted")).toEqual(["ann"]);
    });

    test("who are deactivated lose what was theirs alone, and stay a member", async () => {
      const { own } = await fixture.newApp();
      await own.registerUser({ id: "ann", name: "Ann", portraitUrl: "p", at: 1 });
      const rooms = await Promise.all(Array.from({ length: 5 }, () => newConversation(own)));
      await own.saveTag("ann", { id: "t", name: "T" }, 9);
      for (const { id } of rooms) {
        const { sentAt } = await send(own, id, { senderId: "ben" });
        await own.deleteOwn(id, "ann", [sentAt], 9);
        await own.updateSettings(id, "ann", { isPinned: true, muteLevel: 5, draft: "x", addTags: ["t"] });
      }
      await own.addContacts("ann", "block", ["eve"], 9);
      await own.openSession({ tokenHash: "t", userId: "ann", deviceId: "d", fcmToken: null }, 1);

      expect(await own.deactivateUsers(["ann", "ghost"], 100, 200)).toEqual(["ann", "ghost"]);
      expect(await own.deactivateUsers(["ann"], 300, 400)).toEqual([]);
      expect(await ruled(own, "deactivated")).toEqual(["ann", "ghost"]);
      expect(await stateOf(own, "ann")).toMatchObject({ deactivatedAt: 100, tokensFrom: 100 });
      const mine = (due: { userId: string }[]) => due.map(({ userId }) => userId);
      expect(mine(await fixture.store.apps.listDueErasures(1000))).toContain("ann");
      expect(await own.reactivateUsers(["ann"], 500)).toEqual(["ann"]);
      const pieces: boolean[] = [];
      while (pieces.at(-1) !== true) pieces.push(await own.eraseUser("ann", 2));
      expect(pieces).toEqual([false, false, true]);
      expect(await own.eraseUser("ann", 2)).toBe(true);
      expect(await own.eraseUser("nobody", 2)).toBe(true);
      expect(await own.eraseUser("ghost", 2)).toBe(true);

      expect(await own.findUserProfile("ann")).toMatchObject({ name: null, portraitUrl: null });
      expect(await own.findSession("t")).toBeNull();
      expect([await own.listTags("ann"), await contacts(own, "ann")]).toEqual([[], []]);
      const ids = rooms.map(({ id }) => id);
      for (const state of await own.listConversationStates("ann", ids, 10))
        expect(state).toMatchObject({
          lastMessage: null,
          unread: 0,
          isRemoved: true,
          settings: { isPinned: false, muteLevel: null, draft: null, tags: [] },
        });
      for (const id of ids) {
        expect(await own.listVisibleMessages(id, "ann", null, 10)).toEqual([]);
        expect(await own.listVisibleMessages(id, "ben", null, 10)).toHaveLength(1);
      }
      await send(own, ids[0] as number, { senderId: "ben" });
      expect(await own.listVisibleMessages(ids[0] as number, "ann", null, 10)).toHaveLength(1);
      expect(await own.countUnread(ids, "ann", 10)).toEqual([1, 0, 0, 0, 0]);

      expect(await own.reactivateUsers(["ann", "nobody"], 99)).toEqual(["ann"]);
      expect(await own.reactivateUsers(["ann", "nobody"], 100)).toEqual([]);
      expect(await own.reactivateUsers(["ann"], 100)).toEqual([]);
      expect(await stateOf(own, "ann")).toMatchObject({ deactivatedAt: null, tokensFrom: 100 });
      expect(mine(await fixture.store.apps.listDueErasures(1000))).not.toContain("ann");
    });

    test("who are deleted are as if they had never been", async () => {
      const { own } = await fixture.newApp();
      for (const id of ["ann", "ben"]) {
        await register(own, id, 5);
        await own.openSession({ tokenHash: id, userId: id, deviceId: "d", fcmToken: null }, 1);
        await own.changeUserRules([id], { blockedUntil: 9e15 });
        await own.addContacts(id, "allow", ["eve"], 9);
      }
      expect(await own.deleteUser("ann")).toBe(true);
      expect(await own.deleteUser("ann")).toBe(false);
      expect(await own.findUserStates(["ann", "ben"])).toHaveLength(1);
      expect([await own.findSession("ann"), await own.findListing(["ann"], "allow", "eve")]).toEqual([
        null,
        [],
      ]);
      expect(await register(own, "ann", 77)).toBe(77);
    });

    test("nobody comes to an app that is deleted", async () => {
      const { app, own } = await fixture.newApp();
      await fixture.store.apps.delete(app.key);
      await expectRefusal(register(own, "ann"), "notFound");
      await expectRefusal(own.changeUserRules(["ann"], { blockedUntil: 1 }), "notFound");
      await expectRefusal(own.deactivateUsers(["ann"], 1, 1), "notFound");
      await expectRefusal(own.addContacts("ann", "block", ["ben"], 9), "notFound");
    });
  });

  describe("users' lists of each other", () => {
    test("hold whom they are told to, up to a number, newest first", async () => {
      const { own } = await fixture.newApp();
      await own.addContacts("ann", "block", ["b", "a"], 3);
      await own.addContacts("ann", "block", ["c", "a"], 3);
      expect(await contacts(own, "ann")).toEqual(["c", "b", "a"]);
      await expectRefusal(own.addContacts("ann", "block", ["d"], 3), "invalidInput");
      await own.addContacts("ann", "allow", ["d"], 3);
      await own.addContacts("ben", "block", ["a"], 3);
      expect((await own.findListing(["ann", "ben", "cid"], "block", "a")).sort()).toEqual(["ann", "ben"]);
      expect(await own.findListing(["ann", "ben"], "block", "c")).toEqual(["ann"]);
      expect(await own.findListing(["ann"], "block", "d")).toEqual([]);
      expect(await own.findListing([], "block", "a")).toEqual([]);
      const [first, ...others] = await own.listContacts("ann", "block", { before: null, limit: 1 });
      expect([first?.userId, others]).toEqual(["c", []]);
      const rest = await own.listContacts("ann", "block", { before: first ?? null, limit: 9 });
      expect(rest.map(({ userId }) => userId)).toEqual(["b", "a"]);
      expect((await own.listContacts("ann", "block", { before: rest[0] ?? null, limit: 9 }))[0]?.userId).toBe(
        "a",
      );
      await own.removeContacts("ann", "block", ["a", "b", "x"]);
      expect(await contacts(own, "ann")).toEqual(["c"]);
      expect(await contacts(own, "ben")).toEqual(["a"]);
      expect(await own.findListing(["ann"], "allow", "d")).toEqual(["ann"]);
    });
  });
};
