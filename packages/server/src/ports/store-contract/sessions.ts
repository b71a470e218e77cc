import { describe, expect, test } from "bun:test";
import { expectRefusal, type Fixture } from "./fixture.ts";

export const sessionsContract = (fixture: Fixture): void => {
  const session = (
    tokenHash: string,
    given: { userId?: string; deviceId?: string; customData?: string } = {},
  ) => ({
    tokenHash,
    userId: "ann",
    deviceId: "phone",
    fcmToken: null,
    ...given,
  });

  describe("sessions", () => {
    test("opens, finds and closes a session", async () => {
      const { own } = await fixture.newApp();
      const before = Date.now();
      await own.openSession({ ...session("t1"), fcmToken: "fcm" }, 3);
      const found = await own.findSession("t1");
      expect(found).toEqual({
        userId: "ann",
        deviceId: "phone",
        fcmToken: "fcm",
        createdAt: found?.createdAt as number,
      });
      // Times rise strictly, so a burst may run a little ahead of the wall clock.
      expect(found?.createdAt).toBeWithin(before, Date.now() + 1000);
      expect(await own.closeSession("t1")).toEqual(found);
      expect(await own.closeSession("t1")).toBeNull();
      expect(await own.findSession("t1")).toBeNull();
    });

    test("keeps the newest sessions of a user's device, and leaves other devices alone", async () => {
      const { own } = await fixture.newApp();
      await own.openSession(session("tablet", { deviceId: "tablet" }), 2);
      await own.openSession(session("other", { userId: "ben" }), 2);
      await Promise.all([1, 2, 3, 4].map((number) => own.openSession(session(`t${number}`), 2)));
      const open = await Promise.all(
        ["t1", "t2", "t3", "t4", "tablet", "other"].map(
          async (token) => (await own.findSession(token)) !== null,
        ),
      );
      expect(open).toEqual([false, false, true, true, true, true]);
    });

    test("refuses a token that is in use, and changes nothing", async () => {
      const { own } = await fixture.newApp();
      await own.openSession(session("t1"), 2);
      await expectRefusal(own.openSession(session("t1", { userId: "eve" }), 2), "invalidInput");
      expect((await own.findSession("t1"))?.userId).toBe("ann");
      expect(await own.findUsers(["eve"])).toEqual([]);
    });

    test("creates the user, and keeps custom data until new data come", async () => {
      const { own } = await fixture.newApp();
      await own.openSession(session("t1"), 9);
      expect(await own.findUsers(["ann", "nobody"])).toEqual([{ id: "ann", customData: null }]);
      await own.openSession(session("t2", { customData: '{"name":"Ann"}' }), 9);
      await own.openSession(session("t3"), 9);
      expect(await own.findUsers(["ann"])).toEqual([{ id: "ann", customData: '{"name":"Ann"}' }]);
      await own.openSession(session("t4", { customData: "{}" }), 9);
      expect(await own.findUsers(["ann", "ann"])).toEqual([{ id: "ann", customData: "{}" }]);
    });

    test("says whether the user's data are new", async () => {
      const { own } = await fixture.newApp();
      const open = async (tokenHash: string, userId: string, customData?: string) =>
        own.openSession(session(tokenHash, { userId, ...(customData !== undefined && { customData }) }), 9);
      expect(await open("t1", "ann")).toBe(false);
      expect(await open("t2", "ann", "{}")).toBe(true);
      expect(await open("t3", "ann", "{}")).toBe(false);
      expect(await open("t4", "ann")).toBe(false);
      const many = ["ann {}", "ann {}", 'ben {"a":1}', "cid", 'dan {"a":2}'];
      const outcomes = many.map((line, index) =>
        open(`m${index}`, ...(line.split(" ") as [string, string?])),
      );
      expect(await Promise.all(outcomes)).toEqual([false, false, true, false, true]);
      expect(await own.findUsers(["ben"])).toEqual([{ id: "ben", customData: '{"a":1}' }]);
      await expectRefusal(open("m3", "eve", "{}"), "invalidInput");
    });

    test("finds users among thousands of ids, and none among none", async () => {
      const { own } = await fixture.newApp();
      await own.openSession(session("t1", { userId: "user-1999" }), 1);
      await own.openSession(session("t2", { userId: "user-0" }), 1);
      const ids = Array.from({ length: 2500 }, (_, number) => `user-${number}`);
      expect((await own.findUsers(ids)).map((user) => user.id).sort()).toEqual(["user-0", "user-1999"]);
      expect(await own.findUsers([])).toEqual([]);
    });

    test("keeps ids as they are, whatever is in them", async () => {
      const { own } = await fixture.newApp();
      const strange = ["a'b", 'a"b', "a%", "A", "ä", "🙂", "a\nb", " a", "' OR 1=1 --"];
      for (const [number, userId] of strange.entries()) {
        await own.openSession(session(`t${number}`, { userId, deviceId: userId }), 1);
        expect(await own.findSession(`t${number}`)).toMatchObject({ userId, deviceId: userId });
      }
      expect((await own.findUsers([...strange, "a", "b"])).map((user) => user.id).sort()).toEqual(
        strange.sort(),
      );
    });
  });
};
