import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import type { NewFriend } from "../store-friends.ts";
import { expectRefusal, type Fixture } from "./fixture.ts";

const add = (own: AppStore, userId: string, friendId: string, given: Partial<NewFriend> = {}) =>
  own.addFriend({
    userId,
    friendId,
    isForced: false,
    permissionByDefault: 2,
    extra: "",
    now: 1000,
    expiresAt: 2000,
    mostFriends: 10,
    ...given,
  });

const force = (own: AppStore, userId: string, friendId: string, given: Partial<NewFriend> = {}) =>
  add(own, userId, friendId, { isForced: true, ...given });

const friendsOf = async (own: AppStore, userId: string, isNewestFirst = false): Promise<string[]> =>
  (await own.listFriends(userId, { after: null, isNewestFirst, limit: 100 })).map((friend) => friend.userId);

export const friendsContract = (fixture: Fixture): void => {
  describe("friends", () => {
    test("are friends from both sides, once", async () => {
      const { own } = await fixture.newApp();
      expect(await force(own, "ann", "ben")).toBe("added");
      expect([await friendsOf(own, "ann"), await friendsOf(own, "ben")]).toEqual([["ben"], ["ann"]]);
      await expectRefusal(force(own, "ann", "ben"), "alreadyFriends");
      await expectRefusal(add(own, "ben", "ann"), "alreadyFriends");
      expect(await own.countFriends("ben")).toBe(1);
      expect(await own.countFriends("nobody")).toBe(0);
    });

    test("are made as the other one allows", async () => {
      const { own } = await fixture.newApp();
      await own.setFriendPermission(["open", "open"], 1);
      await own.setFriendPermission(["closed", "shy"], 3);
      await own.setFriendPermission(["shy"], 2);
      expect(await add(own, "ann", "open")).toBe("added");
      expect(await add(own, "ann", "shy")).toBe("applied");
      await expectRefusal(add(own, "ann", "closed"), "friendRefused");
      expect(await add(own, "ann", "new", { permissionByDefault: 1 })).toBe("added");
      expect(await force(own, "ann", "closed")).toBe("added");
      expect((await friendsOf(own, "ann")).sort()).toEqual(["closed", "new", "open"]);
      const permissions = await own.findFriendPermissions(["open", "closed", "shy", "ann", "nobody"]);
      expect(permissions.sort((a, b) => a.permission - b.permission)).toEqual([
        { userId: "open", permission: 1 },
        { userId: "shy", permission: 2 },
        { userId: "closed", permission: 3 },
      ]);
    });

    test("who applied is taken by who adds them, while the application lasts", async () => {
      const { own } = await fixture.newApp();
      expect(await add(own, "ann", "ben")).toBe("applied");
      expect(await add(own, "ann", "ben", { now: 1500, expiresAt: 2500 })).toBe("applied");
      // Neither needs the other's leave any more.
      await own.setFriendPermission(["ann"], 3);
      expect(await add(own, "ben", "ann", { now: 2400 })).toBe("added");
      expect(await add(own, "cid", "ben")).toBe("applied");
      expect(await add(own, "ben", "cid", { now: 2000 })).toBe("applied");
      expect(await friendsOf(own, "cid")).toEqual([]);
      await own.deleteFriends("ann", ["ben"]);
      // The old application is gone with the friendship that came of it.
      await expectRefusal(add(own, "ben", "ann"), "friendRefused");
    });

    test("two who apply to each other at once are friends", async () => {
      const { own } = await fixture.newApp();
      const pairs = Array.from({ length: 8 }, (_, index) => [`a${index}`, `b${index}`] as const);
      const outcomes = await Promise.all(pairs.flatMap(([a, b]) => [add(own, a, b), add(own, b, a)]));
      expect(outcomes.filter((outcome) => outcome === "added")).toHaveLength(pairs.length);
      for (const [a, b] of pairs) expect(await friendsOf(own, b)).toEqual([a]);
    });

    test("nobody has more than so many, however many are added at once", async () => {
      const { own } = await fixture.newApp();
      const given = { mostFriends: 3 };
      const adds = Array.from({ length: 9 }, (_, index) => force(own, `u${index}`, "star", given));
      const made = (await Promise.allSettled(adds)).filter(({ status }) => status === "fulfilled");
      expect([made.length, await own.countFriends("star")]).toEqual([3, 3]);
      const error = await expectRefusal(force(own, "late", "star", given), "tooManyFriends");
      expect(error.details).toEqual({ userId: "star" });
      expect((await expectRefusal(force(own, "star", "late", given), "tooManyFriends")).details).toEqual({
        userId: "star",
      });
      expect(await own.countFriends("late")).toBe(0);
    });

    test("go from both sides, one by one and all at once", async () => {
      const { own } = await fixture.newApp();
      for (const friend of ["ben", "cid", "dan", "eva"]) await force(own, "ann", friend);
      await force(own, "ben", "cid");
      expect((await own.deleteFriends("ann", ["ben", "nobody", "cid"])).sort()).toEqual(["ben", "cid"]);
      expect([await own.countFriends("ann"), await friendsOf(own, "ben")]).toEqual([2, ["cid"]]);
      expect((await own.clearFriends("ann")).sort()).toEqual(["dan", "eva"]);
      expect(await own.clearFriends("ann")).toEqual([]);
      expect([await own.countFriends("ann"), await own.countFriends("eva")]).toEqual([0, 0]);
      expect([await friendsOf(own, "dan"), await friendsOf(own, "cid")]).toEqual([[], ["ben"]]);
    });

    test("are shown to each as they want, and to the other not", async () => {
      const { own } = await fixture.newApp();
      await force(own, "ann", "ben");
      await own.saveFriend("ann", "ben", { remarkName: "Benny", ownFields: { ext_a: "1" } }, 2);
      await own.saveFriend("ann", "ben", { ownFields: { ext_a: null, ext_b: "2" } }, 2);
      expect(await own.findFriends("ann", ["ben", "cid"])).toMatchObject([
        { userId: "ben", remarkName: "Benny", ownFields: { ext_b: "2" } },
      ]);
      expect(await own.findFriends("ben", ["ann"])).toMatchObject([{ remarkName: "", ownFields: {} }]);
      const many = { ext_c: "3", ext_d: "4" };
      await expectRefusal(
        own.saveFriend("ann", "ben", { remarkName: "x", ownFields: many }, 2),
        "tooManyFields",
      );
      await expectRefusal(own.saveFriend("ann", "cid", { remarkName: "x" }, 2), "notFriends");
      await own.saveFriend("ann", "ben", { remarkName: "" }, 2);
      expect((await own.findFriends("ann", ["ben"]))[0]?.remarkName).toBe("");
    });

    test("are listed in pages by the time of adding, either way", async () => {
      const { own } = await fixture.newApp();
      const all = ["zoe", "ben", "max", "cid", "dan"];
      for (const friend of all) await force(own, "ann", friend);
      for (const isNewestFirst of [false, true]) {
        const seen: string[] = [];
        let after: number | null = null;
        for (;;) {
          const page: Awaited<ReturnType<AppStore["listFriends"]>> = await own.listFriends("ann", {
            after,
            isNewestFirst,
            limit: 2,
          });
          seen.push(...page.map(({ userId }) => userId));
          const last = page.at(-1);
          if (last === undefined) break;
          after = last.createdAt;
        }
        expect(seen).toEqual(isNewestFirst ? all.toReversed() : all);
      }
    });
  });
};
