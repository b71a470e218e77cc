import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import { type NewPushDevice, PUSH_DEVICES } from "../store-push.ts";
import { expectRefusal, type Fixture, send, unique } from "./fixture.ts";

const device = (userId: string, given: Partial<NewPushDevice> = {}): NewPushDevice => ({
  ...{ userId, deviceId: "phone", provider: "fcm", token: `token of ${userId}`, platform: "ios" },
  packageName: null,
  ...given,
});
const connect = (own: AppStore, leaseId: number, userId: string) =>
  own.updatePresence(
    leaseId,
    {
      ...{ left: [], returned: [], claimed: [] },
      arrived: [{ userId, deviceId: "web", connectionId: 1, platform: "web", openedAt: 0 }],
    },
    null,
  );
const about = { conversationId: null, senderId: null, evenOnline: false };
const tokensOf = async (own: AppStore, ...userIds: string[]) =>
  (await own.findPushTargets(userIds, about)).map(({ userId, devices }) => [
    userId,
    ...devices.map(({ token }) => token),
  ]);

export const pushContract = (fixture: Fixture): void => {
  describe("where users are notified", () => {
    test("is where they registered, and what their sessions brought; each device once, the newest first", async () => {
      const { own } = await fixture.newApp();
      expect(await own.hasPushDevices()).toBe(false);
      const session = { tokenHash: "a", userId: "ann", deviceId: "phone", fcmToken: "older" };
      await own.openSession(session, 9);
      expect(await own.hasPushDevices()).toBe(true);
      await own.openSession({ ...session, tokenHash: "b", fcmToken: "newer" }, 9);
      await own.openSession({ ...session, tokenHash: "c", deviceId: "watch", fcmToken: null }, 9);
      await own.savePushDevice(device("ann", { deviceId: "tablet", token: "apple", provider: "apns" }));
      await own.savePushDevice(device("ben"));
      expect((await tokensOf(own, "ann", "ben", "cid")).sort()).toEqual([
        ["ann", "apple", "newer"],
        ["ben", "token of ben"],
      ]);
      expect(await own.pagePushUsers(null, 10)).toEqual(["ann", "ben"]);
      expect(await own.pagePushUsers("ann", 10)).toEqual(["ben"]);
      expect(await own.pagePushUsers(null, 1)).toEqual(["ann"]);
      expect(await own.pageUsers(null, 10)).toEqual(["ann"]);
      await own.closeSession("b");
      expect(await tokensOf(own, "ann")).toEqual([["ann", "apple", "older"]]);
      expect([
        await own.removePushDevice("ben", "phone"),
        await own.removePushDevice("ben", "phone"),
      ]).toEqual([true, false]);
      expect(await tokensOf(own, "ben")).toEqual([]);
    });

    test("is the newest address of a device; one that another had before is taken from it", async () => {
      const { own } = await fixture.newApp();
      await own.savePushDevice(device("ann", { token: "first" }));
      await own.savePushDevice(device("ann", { token: "second" }));
      expect(await tokensOf(own, "ann")).toEqual([["ann", "second"]]);
      await own.savePushDevice(device("ben", { token: "second" }));
      expect(await tokensOf(own, "ann", "ben")).toEqual([["ben", "second"]]);
      for (let number = 0; number < PUSH_DEVICES + 3; number++)
        await own.savePushDevice(device("cid", { deviceId: `d${number}`, token: `t${number}` }));
      const [targets] = await own.findPushTargets(["cid"], about);
      expect(targets?.devices.map(({ token }) => token)).toEqual(
        Array.from({ length: PUSH_DEVICES }, (_, index) => `t${PUSH_DEVICES + 2 - index}`),
      );
    });

    test("is nowhere once the address is dead, unless there is a new one", async () => {
      const { own } = await fixture.newApp();
      await own.openSession({ tokenHash: "a", userId: "ann", deviceId: "phone", fcmToken: "dead" }, 9);
      await own.savePushDevice(device("ann", { deviceId: "tablet", token: "alive" }));
      const [phone, tablet] = ["phone", "tablet"].map((deviceId) => ({
        userId: "ann",
        deviceId,
        token: "dead",
      }));
      await own.forgetPushTokens([phone, tablet] as never);
      expect(await tokensOf(own, "ann")).toEqual([["ann", "alive"]]);
      expect((await own.findSession("a"))?.fcmToken).toBeNull();
    });

    test("is for who is offline everywhere, as they are called and as they want it", async () => {
      const { own, group } = await fixture.newGroup();
      for (const userId of ["ann", "ben", "cid"]) await own.savePushDevice(device(userId));
      const leaseId = await fixture.newLease();
      await connect(own, leaseId, "ben");
      await own.presetSettings(group.id, "ann", { muteLevel: 1 });
      await own.savePushPreferences("cid", { quiet: { from: 3600, minutes: 60, level: 5 } });
      await own.saveRemarks("ann", [{ targetId: "eve", remark: "Evie" }], 10);
      const targets = await own.findPushTargets(["ann", "ben", "cid"], {
        ...{ conversationId: group.id, senderId: "eve", evenOnline: false },
      });
      const byUser = Object.fromEntries(targets.map(({ devices, ...target }) => [target.userId, target]));
      const unset = { muteLevels: {}, quiet: null, hidesDetails: false };
      expect(byUser).toEqual({
        ann: { userId: "ann", preferences: unset, muteLevel: 1, remark: "Evie" },
        cid: {
          userId: "cid",
          preferences: { ...unset, quiet: { from: 3600, minutes: 60, level: 5 } },
          muteLevel: null,
          remark: null,
        },
      });
      const everybody = await own.findPushTargets(["ann", "ben"], { ...about, evenOnline: true });
      expect(everybody.map(({ userId }) => userId).sort()).toEqual(["ann", "ben"]);
      await fixture.store.nodes.endLease(leaseId);
      expect(await tokensOf(own, "ben")).toEqual([["ben", "token of ben"]]);
    });

    test("preferences change one by one, also at once", async () => {
      const { own } = await fixture.newApp();
      await Promise.all([
        own.savePushPreferences("ann", { muteLevels: { group: 1 } }),
        own.savePushPreferences("ann", { muteLevels: { direct: 5 } }),
        own.savePushPreferences("ann", { hidesDetails: true }),
      ]);
      const quiet = { from: 86_399, minutes: 1439, level: 1 } as const;
      await own.savePushPreferences("ann", { quiet, muteLevels: { group: null } });
      expect(await own.findPushPreferences("ann")).toEqual({
        ...{ muteLevels: { direct: 5 }, quiet, hidesDetails: true },
      });
      await own.savePushPreferences("ann", { quiet: null });
      expect((await own.findPushPreferences("ann")).quiet).toBeNull();
    });
  });

  describe("what people are called in notifications", () => {
    test("their names, a group's, and one's own for them", async () => {
      const { own } = await fixture.newApp();
      expect(await own.findPushNames("ann", "g")).toEqual({ name: null, groupRemark: null });
      await own.saveGroupRemark("g", "ann", "A.");
      await own.saveGroupRemark("g", "ann", "Boss");
      expect(await own.findPushNames("ann", "g")).toEqual({ name: null, groupRemark: "Boss" });
      await own.saveGroupRemark("g", "ann", null);
      expect(await own.findGroupRemark("g", "ann")).toBeNull();
    });

    test("remarks are listed in pages, replaced, removed, and no more than may be", async () => {
      const { own } = await fixture.newApp();
      const some = ["cid", "ann", "ben"].map((targetId) => ({ targetId, remark: targetId.toUpperCase() }));
      await own.saveRemarks("eve", some, 3);
      await own.saveRemarks("eve", [{ targetId: "ann", remark: "Annie" }], 3);
      await expectRefusal(own.saveRemarks("eve", [{ targetId: "dan", remark: "D" }], 3), "invalidInput");
      expect(await own.listRemarks("eve", { offset: 0, limit: 2 })).toEqual({
        total: 3,
        remarks: [
          { targetId: "ann", remark: "Annie" },
          { targetId: "ben", remark: "BEN" },
        ],
      });
      expect([await own.removeRemark("eve", "ann"), await own.removeRemark("eve", "ann")]).toEqual([
        true,
        false,
      ]);
      expect((await own.listRemarks("eve", { offset: 1, limit: 9 })).remarks).toEqual([
        { targetId: "cid", remark: "CID" },
      ]);
    });
  });

  describe("tags of users", () => {
    test("replace those before, and find their users in order", async () => {
      const { own } = await fixture.newApp();
      await own.setUserTags(["ann", "ben"], ["male", "bj"]);
      await own.setUserTags(["ben", "cid"], ["bj", "tall", "bj"]);
      await own.setUserTags(["dan"], ["bj"]);
      await own.setUserTags(["dan"], []);
      expect(
        Object.fromEntries(
          (await own.listUserTags(["ann", "ben", "cid", "dan"])).map(({ userId, tags }) => [userId, tags]),
        ),
      ).toEqual({ ann: ["male", "bj"], ben: ["bj", "tall"], cid: ["bj", "tall"] });
      expect(await own.pageTaggedUsers("bj", null, 2)).toEqual(["ann", "ben"]);
      expect(await own.pageTaggedUsers("bj", "ben", 2)).toEqual(["cid"]);
    });
  });

  describe("what is still to be sent", () => {
    const claimAll = async (appId: number, hold = 600_000) => {
      const claimed = [];
      for (;;) {
        const some = await fixture.store.pushes.claimPushes(50, hold);
        if (some.length === 0) return claimed.filter((push) => push.appId === appId);
        claimed.push(...some);
      }
    };

    test("stands in the outbox with its message, belongs to who took it for a while, and then to the next", async () => {
      const { app, own, group } = await fixture.newGroup();
      const sent = await send(own, group.id, { push: { wish: '{"text":"ü"}', hold: -1 } });
      const other = await send(own, group.id, { push: { wish: null, hold: -1 } });
      await send(own, group.id, { push: { wish: null, hold: 600_000 } });
      await send(own, group.id);
      const place = { appId: app.id, conversationId: group.id };
      const byTime = (one: { sentAt: number }, two: { sentAt: number }) => one.sentAt - two.sentAt;
      expect((await claimAll(app.id, 600_000)).sort(byTime)).toEqual([
        { ...place, sentAt: sent.sentAt, wish: '{"text":"ü"}', attempts: 0 },
        { ...place, sentAt: other.sentAt, wish: null, attempts: 0 },
      ]);
      expect(await claimAll(app.id)).toEqual([]);
      await own.postponePushes([{ conversationId: group.id, sentAt: sent.sentAt }], -1);
      expect(await claimAll(app.id)).toMatchObject([{ sentAt: sent.sentAt, attempts: 1 }]);
      await own.postponePushes(
        [sent, other].map(({ sentAt }) => ({ conversationId: group.id, sentAt })),
        -1,
      );
      await own.finishPushes([{ conversationId: group.id, sentAt: sent.sentAt }]);
      expect(await claimAll(app.id)).toMatchObject([{ sentAt: other.sentAt }]);
    });

    test("a repeat of a message has no second row, and a refused one none", async () => {
      const { app, own, group } = await fixture.newGroup();
      const push = { wish: null, hold: -1 };
      await send(own, group.id, { clientId: "c", push });
      await send(own, group.id, { clientId: "c", push });
      await expectRefusal(send(own, group.id + 1_000_000, { push }), "conversationNotFound");
      expect(await claimAll(app.id)).toHaveLength(1);
    });

    test("a job goes on where it was left", async () => {
      const { app, own } = await fixture.newApp();
      const claim = async (hold = 600_000) =>
        (await fixture.store.pushes.claimPushJobs(1000, hold)).filter(({ appId }) => appId === app.id);
      const id = unique("job");
      await own.addPushJob({ id, body: '{"a":1}' }, 600_000);
      expect(await claim()).toEqual([]);
      await own.advancePushJob(id, "ben", -1);
      const [job] = await claim();
      expect(job).toMatchObject({ id, body: '{"a":1}', afterUserId: "ben", attempts: 0 });
      expect(Math.abs((job?.createdAt ?? 0) - Date.now())).toBeLessThan(60_000);
      expect(await claim()).toEqual([]);
      await own.advancePushJob(id, "cid", -1);
      await own.finishPushJob(id);
      expect(await claim()).toEqual([]);
    });
  });
};
