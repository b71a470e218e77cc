import { describe, expect, test } from "bun:test";
import type { OpenedStore } from "../store.contract.ts";
import { expectRefusal, Fixture, readLog, send, setActive } from "./fixture.ts";

export const lifeContract = (open: () => Promise<OpenedStore>): void => {
  const withStore = async (work: (fixture: Fixture, opened: OpenedStore) => Promise<void>) => {
    const opened = await open();
    const fixture = new Fixture();
    fixture.store = opened.store;
    try {
      await work(fixture, opened);
    } finally {
      await fixture.store.close();
      await opened.dispose();
    }
  };

  describe("life", () => {
    test("a fresh store is empty and healthy", () =>
      withStore(async ({ store }) => {
        await store.check();
        expect(await store.apps.list()).toEqual([]);
        expect(await store.apps.purge(10)).toBe(0);
      }));

    test("everything is there when it is opened again, and numbers go on", () =>
      withStore(async (fixture, opened) => {
        const { app, own, group } = await fixture.newGroup();
        await own.openSession(
          { tokenHash: "t", userId: "ann", deviceId: "d", fcmToken: "f", customData: "{}" },
          1,
        );
        const first = await send(own, group.id, { clientId: "c1" });
        const last = await send(own, group.id, { clientId: "c2", marksRead: true });
        await setActive(own, group.id, first.sentAt, false);
        const report = await own.createReport({
          conversationId: group.id,
          sentAt: first.sentAt,
          reporterId: "ben",
          reportType: 1,
          comment: "x",
        });
        const [revision, session] = [await fixture.store.apps.revision(), await own.findSession("t")];
        await fixture.store.close();

        fixture.store = await opened.reopen();
        const again = fixture.store.forApp(app.id);
        expect(await fixture.store.apps.list()).toEqual([app]);
        expect(await fixture.store.apps.revision()).toBe(revision);
        expect(await again.findSession("t")).toEqual(session);
        expect(await again.findConversation(group.key, ["group"])).toEqual(group);
        expect((await readLog(again, group.id)).map(({ seq }) => seq)).toEqual([2]);
        expect(await again.listReports(null, 10)).toEqual([report]);
        expect(await again.countUnread([group.id], "ben", 10)).toEqual([1]);
        expect(await send(again, group.id, { clientId: "c1" })).toEqual({ ...first, isRepeat: true });
        const next = await send(again, group.id);
        // Hiding was the third entry.
        expect(next.seq).toBe(4);
        expect(next.sentAt).toBeGreaterThan(last.sentAt);
      }));

    test("closing finishes what was accepted and refuses what comes later", () =>
      withStore(async (fixture, opened) => {
        const { app, own, group } = await fixture.newGroup();
        const accepted = Array.from({ length: 2000 }, () => send(own, group.id));
        const closed = fixture.store.close();
        await expectRefusal(send(own, group.id), "unavailable");
        await expectRefusal(own.findUsers(["ann"]), "unavailable");
        expect((await Promise.all(accepted)).map(({ seq }) => seq)).toEqual(
          accepted.map((_, index) => index + 1),
        );
        await closed;
        await fixture.store.close();
        await expectRefusal(fixture.store.check(), "unavailable");
        await expectRefusal(fixture.store.backup("/nowhere"), "unavailable");
        fixture.store = await opened.reopen();
        expect(await readLog(fixture.store.forApp(app.id), group.id)).toHaveLength(2000);
      }));
  });
};
