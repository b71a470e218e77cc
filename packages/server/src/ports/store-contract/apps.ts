import { describe, expect, test } from "bun:test";
import { expectRefusal, type Fixture, unique } from "./fixture.ts";

export const appsContract = (fixture: Fixture): void => {
  const find = async (key: string) => (await fixture.store.apps.list()).find((app) => app.key === key);

  describe("apps", () => {
    test("creates an app and lists it", async () => {
      const before = Date.now();
      const { app } = await fixture.newApp();
      expect(app).toMatchObject({
        name: "An app",
        isActive: true,
        maxOnlineUsers: null,
        retentionDays: null,
        settings: {},
      });
      expect(app.createdAt).toBeWithin(before, Date.now() + 1);
      expect(await find(app.key)).toEqual(app);
    });

    test("refuses a key and a secret that another app has, and says which", async () => {
      const { app } = await fixture.newApp();
      const sameKey = { key: app.key, secret: unique("secret"), name: "b" };
      const sameSecret = { key: unique("key"), secret: app.secret, name: "b" };
      const byKey = await expectRefusal(fixture.store.apps.create(sameKey), "invalidInput");
      expect(Object.keys(byKey.details)).toEqual(["key"]);
      const bySecret = await expectRefusal(fixture.store.apps.create(sameSecret), "invalidInput");
      expect(Object.keys(bySecret.details)).toEqual(["secret"]);
      expect(JSON.stringify(bySecret.details)).not.toContain(app.secret);
    });

    test("changes what is named and nothing else", async () => {
      const { app } = await fixture.newApp();
      const { apps } = fixture.store;
      const off = await apps.update(app.key, { isActive: false, maxOnlineUsers: 5 });
      expect(off).toEqual({ ...app, isActive: false, maxOnlineUsers: 5 });
      const renamed = await apps.update(app.key, {
        name: "New",
        secret: unique("secret"),
        maxOnlineUsers: null,
      });
      expect(renamed).toEqual({ ...off, name: "New", secret: renamed.secret, maxOnlineUsers: null });
      expect(await apps.update(app.key, { retentionDays: 30 })).toEqual({ ...renamed, retentionDays: 30 });
      expect(await apps.update(app.key, { retentionDays: null })).toEqual(renamed);
      const set = await apps.update(app.key, { settings: { a: 1, b: "two" } });
      expect(set).toEqual({ ...renamed, settings: { a: 1, b: "two" } });
      expect(await apps.update(app.key, { settings: { b: null } })).toEqual({ ...set, settings: { a: 1 } });
      expect(await apps.update(app.key, { settings: { a: null } })).toEqual(renamed);
      expect(await apps.update(app.key, {})).toEqual(renamed);
      expect(await find(app.key)).toEqual(renamed);
    });

    test("refuses a retention that is none, and takes the shortest and the longest", async () => {
      const { app } = await fixture.newApp();
      const { apps } = fixture.store;
      for (const retentionDays of [0, -1, 1.5, 36_501]) {
        const given = { key: unique("key"), secret: unique("secret"), name: "b", retentionDays };
        for (const call of [apps.create(given), apps.update(app.key, { retentionDays })])
          expect(Object.keys((await expectRefusal(call, "invalidInput")).details)).toEqual(["retentionDays"]);
      }
      expect(await find(app.key)).toEqual(app);
      const given = { key: unique("key"), secret: unique("secret"), name: "b", retentionDays: 1 };
      expect((await apps.create(given)).retentionDays).toBe(1);
      expect((await apps.update(app.key, { retentionDays: 36_500 })).retentionDays).toBe(36_500);
    });

    test("lets an app keep its secret, and refuses another's", async () => {
      const [{ app }, { app: other }] = [await fixture.newApp(), await fixture.newApp()];
      expect(await fixture.store.apps.update(app.key, { secret: app.secret })).toEqual(app);
      const refusal = await expectRefusal(
        fixture.store.apps.update(app.key, { secret: other.secret }),
        "invalidInput",
      );
      expect(Object.keys(refusal.details)).toEqual(["secret"]);
    });

    test("a deleted app is gone at once, and its key and secret are free", async () => {
      const { app, own } = await fixture.newApp();
      await fixture.store.apps.delete(app.key);
      expect(await find(app.key)).toBeUndefined();
      await expectRefusal(fixture.store.apps.delete(app.key), "notFound");
      await expectRefusal(fixture.store.apps.update(app.key, { name: "b" }), "notFound");
      const heir = await fixture.store.apps.create({ key: app.key, secret: app.secret, name: "Heir" });
      expect(heir.id).not.toBe(app.id);
      const session = { tokenHash: "t", userId: "ann", deviceId: "d", fcmToken: null };
      await expectRefusal(own.openSession(session, 1), "notFound");
      expect(await fixture.store.forApp(heir.id).findUsers(["ann"])).toEqual([]);
    });

    test("refuses what does not exist", async () => {
      await expectRefusal(fixture.store.apps.update(unique("key"), { name: "b" }), "notFound");
      await expectRefusal(fixture.store.apps.delete(unique("key")), "notFound");
    });

    test("the revision rises with every change, and with nothing else", async () => {
      const { apps } = fixture.store;
      const revisions = [await apps.revision()];
      const { app, own } = await fixture.newApp();
      revisions.push(await apps.revision());
      await apps.update(app.key, { isActive: false });
      revisions.push(await apps.revision());
      await own.openSession({ tokenHash: unique("t"), userId: "ann", deviceId: "d", fcmToken: null }, 1);
      await expectRefusal(apps.update(unique("key"), {}), "notFound");
      expect(await apps.revision()).toBe(revisions.at(-1) as number);
      await apps.delete(app.key);
      revisions.push(await apps.revision());
      expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
    });
  });
};
