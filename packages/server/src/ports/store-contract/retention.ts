import { describe, expect, test } from "bun:test";
import type { OpenedStore } from "../store.contract.ts";
import type { AppStore } from "../store.ts";
import type { LogEntry } from "../store-entries.ts";
import { expectRefusal, type Fixture, newConversation, readLog, send, setActive } from "./fixture.ts";

const DAY_MS = 86_400_000;

export const retentionContract = (fixture: Fixture, opened: () => OpenedStore): void => {
  const keep = (key: string, retentionDays: number | null) =>
    fixture.store.apps.update(key, { retentionDays });
  /** Calls `expire` until the app has so many rows left; it is let do something every 50 ms. */
  const expireTo = async (appId: number, left: number, limit = 1000): Promise<void> => {
    const deadline = Date.now() + 20_000;
    while ((await opened().countMessages(appId)) !== left && Date.now() < deadline) {
      await fixture.store.apps.expire(limit);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(await opened().countMessages(appId)).toBe(left);
  };
  const sendMany = async (own: AppStore, id: number, count: number) => {
    await Promise.all(Array.from({ length: count }, () => send(own, id)));
  };

  /** A group with messages 1 to 4 of 100 days ago, 5, which hid the third, 6 and 7 of 40 days ago, and 8 of now. */
  const newOldGroup = async () => {
    const made = await fixture.newGroup();
    const { app, own, group } = made;
    const sent = [];
    for (let count = 0; count < 4; count++)
      sent.push(await send(own, group.id, { clientId: `old-${count}` }));
    await setActive(own, group.id, sent[2]?.sentAt as number, false);
    await own.moveReadMark(group.id, "ben", sent[1]?.sentAt as number);
    await opened().age(app.id, 60 * DAY_MS);
    for (let count = 0; count < 2; count++) await send(own, group.id);
    await opened().age(app.id, 40 * DAY_MS);
    const last = await send(own, group.id);
    const [first, , , sixth] = await own.listMessages(group.id, null, 10, { isForward: true });
    return { ...made, last, first: first?.sentAt as number, sixth: sixth?.sentAt as number };
  };
  const seqOf = (entry: LogEntry) => ("message" in entry ? entry.message : entry.change).seq;
  const look = async (own: AppStore, id: number) => ({
    seqs: (await readLog(own, id)).map(({ seq }) => seq),
    after: (await own.listEntriesAfter(id, 0, 10)).map(seqOf),
    last: (await own.listLastMessages([id])).map(({ seq }) => seq),
    unread: await own.countUnread([id, id], "ben", 100),
    unreadOfAnn: await own.countUnread([id], "ann", 100),
    starts: (await own.findLogStarts([id])).map(({ seq }) => seq),
    heads: (await own.findHeads([id])).map(({ seq }) => seq),
    marks: await own.listReadMarks(id, 10),
  });

  describe("retention", () => {
    test("shows what an app keeps, from the moment it is set, and all again when it is not removed yet", async () => {
      const { app, own, group } = await newOldGroup();
      const all = await look(own, group.id);
      expect(all).toMatchObject({ seqs: [1, 2, 4, 6, 7, 8], after: [1, 2, 3, 4, 5, 6, 7, 8], starts: [1] });
      expect(all).toMatchObject({ last: [8], unread: [4, 4], unreadOfAnn: [6], heads: [8] });
      await keep(app.key, 50);
      const some = await look(own, group.id);
      expect(some).toEqual({
        ...all,
        seqs: [6, 7, 8],
        after: [6, 7, 8],
        starts: [6],
        unread: [3, 3],
        unreadOfAnn: [3],
      });
      await keep(app.key, 101);
      expect(await look(own, group.id)).toEqual(all);
    });

    test("reads the same before and after messages are removed", async () => {
      const { app, own, group } = await newOldGroup();
      await keep(app.key, 50);
      const before = await look(own, group.id);
      expect(await opened().countMessages(app.id)).toBe(8);
      // Each is past by more than a month, which is how much longer whole months may take to be removed.
      await expireTo(app.id, 3);
      expect(await look(own, group.id)).toEqual(before);
      expect((await send(own, group.id)).seq).toBe(9);
      expect(await own.countUnread([group.id], "ben", 100)).toEqual([4]);
      expect(before.marks).toMatchObject([{ userId: "ben", seq: 2 }]);
    });

    test("what is past is found by nothing", async () => {
      const { app, own, group, first, sixth, last } = await newOldGroup();
      await keep(app.key, 50);
      expect(await own.findMessage(group.id, first)).toBeNull();
      expect(await own.findMessages(first)).toEqual([]);
      expect(await own.findMessage(group.id, sixth)).toMatchObject({ seq: 6 });
      expect(await own.findMessages(sixth)).toHaveLength(1);
      await expectRefusal(setActive(own, group.id, first, false), "messageNotFound");
      expect(await own.findStates(group.id, [first, sixth])).toEqual([{ sentAt: first, state: "deleted" }]);
      expect(await own.moveReadMark(group.id, "cid", sixth - 1)).toBeNull();
      expect(await own.moveReadMark(group.id, "cid", sixth)).toMatchObject({ seq: 6, hasMoved: true });
      expect(await own.countUnread([group.id], "cid", 100)).toEqual([2]);
      const report = { conversationId: group.id, reporterId: "ben", reportType: 1, comment: null };
      await expectRefusal(own.createReport({ ...report, sentAt: first }), "messageNotFound");
      expect(await own.findLogStarts([group.id, group.id])).toEqual([
        { conversationId: group.id, seq: 6, sentAt: sixth },
      ]);
      await setActive(own, group.id, sixth, false);
      expect(await own.countUnread([group.id], "ann", 100)).toEqual([2]);
      expect(await own.findLogStarts([group.id])).toMatchObject([{ seq: 6 }]);
      await setActive(own, group.id, last.sentAt, false);
      expect(await own.listLastMessages([group.id])).toMatchObject([{ seq: 7 }]);
    });

    test("a log that is past as a whole goes on with the next number, and nobody has unread messages", async () => {
      const { app, own, group } = await newOldGroup();
      await opened().age(app.id, 70 * DAY_MS);
      await keep(app.key, 30);
      const empty = { conversationId: group.id, seq: 9, sentAt: null };
      for (const left of [8, 0]) {
        await expireTo(app.id, left);
        expect(await look(own, group.id)).toMatchObject({ seqs: [], after: [], last: [], unread: [0, 0] });
        expect(await own.findLogStarts([group.id])).toEqual([empty]);
        expect(await own.moveReadMark(group.id, "ben", Date.now() * 1000)).toBeNull();
      }
      expect((await send(own, group.id)).seq).toBe(9);
      expect(await look(own, group.id)).toMatchObject({ seqs: [9], unread: [1, 1], starts: [9] });
    });

    test("an empty log begins with its first message; one that is deleted has no beginning", async () => {
      const { own, group } = await fixture.newGroup();
      const gone = await newConversation(own);
      await own.deleteConversation(gone.id);
      expect(await own.findLogStarts([group.id, gone.id, 12_345])).toEqual([
        { conversationId: group.id, seq: 1, sentAt: null },
      ]);
      expect(await own.findLogStarts([])).toEqual([]);
    });

    test("holds for mentions, messages for some and changes as for what they are about", async () => {
      const { app, own, group } = await fixture.newGroup();
      const mentions = { userIds: ["ben"], isAll: false };
      const some = { mentions, toUserIds: ["ben"] };
      const [old] = [
        await send(own, group.id, { mentions, clientId: "old" }),
        await send(own, group.id, some),
      ];
      const change = { conversationId: group.id, of: old.sentAt - 60 * DAY_MS * 1000, by: "ann" };
      await opened().age(app.id, 60 * DAY_MS);
      await own.change({ ...change, kind: "modify", content: '{"text":"late"}', clientId: "c" });
      const kept = [await send(own, group.id, some), await send(own, group.id, { mentions })];
      const see = async () => ({
        unread: await own.countUnread([group.id], "ben", 100),
        mentioned: await own.countMentions([group.id], "ben", 100),
        listed: (await own.listMentions(group.id, "ben", null, 10)).map(({ seq }) => seq),
        log: (await own.listEntriesAfter(group.id, 0, 10)).map(seqOf),
        since: [1, 2, 3].map((seq) => own.listEntriesSince(group.id, seq, 10, "ben")),
      });
      expect(await see()).toMatchObject({
        unread: [4],
        mentioned: [4],
        listed: [5, 4, 2, 1],
        log: [1, 2, 3, 4, 5],
      });
      await keep(app.key, 30);
      // Rows of five entries, of four mentions, and of two times two recipients; then of what is left.
      for (const left of [13, 7]) {
        await expireTo(app.id, left);
        const { since, ...seen } = await see();
        expect(seen).toEqual({ unread: [2], mentioned: [2], listed: [5, 4], log: [3, 4, 5] });
        const [gone, , whole] = await Promise.all(since);
        expect(gone).toBeNull();
        expect(whole?.entries.map(seqOf)).toEqual([4, 5]);
        const [entry] = await own.listEntriesAfter(group.id, 0, 1);
        expect(entry).toMatchObject({ change: { kind: "modify", ofSeq: 1, isActive: false } });
        expect(entry).not.toHaveProperty("change.content");
        await expectRefusal(own.change({ ...change, kind: "hide" }), "messageNotFound");
        const repeat = await own.change({ ...change, kind: "modify", content: "{}", clientId: "c" });
        expect(repeat).toMatchObject({ isRepeat: true, change: { seq: 3 } });
        expect(await own.moveReadMark(group.id, "cid", (kept[1]?.sentAt as number) - 1)).toBeNull();
      }
      expect(await own.moveReadMark(group.id, "ben", kept[0]?.sentAt as number)).toMatchObject({ seq: 4 });
      expect(await own.countUnread([group.id], "ben", 100)).toEqual([1]);
    });

    test("reports keep their copy", async () => {
      const { app, own, group, first } = await newOldGroup();
      const given = {
        conversationId: group.id,
        sentAt: first,
        reporterId: "ben",
        reportType: 1,
        comment: null,
      };
      const report = await own.createReport(given);
      await keep(app.key, 1);
      await expireTo(app.id, 1);
      expect(await own.listReports(null, 10)).toEqual([report]);
    });

    test("removes in pieces, at most one in 50 ms, and leaves other apps and newer messages alone", async () => {
      const [mine, other] = [await fixture.newGroup(), await fixture.newGroup()];
      for (const { own, group, app } of [mine, other]) {
        await sendMany(own, group.id, 25);
        await opened().age(app.id, 100 * DAY_MS);
        await sendMany(own, group.id, 3);
      }
      await keep(mine.app.key, 30);
      const counts = new Set([28]);
      for (let left = 28; left > 3; left = await opened().countMessages(mine.app.id)) {
        counts.add(left);
        const begun = performance.now();
        const removed = await fixture.store.apps.expire(10);
        expect(removed).toBeLessThanOrEqual(10);
        if (removed > 0 && (await fixture.store.apps.expire(10)) > 0)
          expect(performance.now() - begun).toBeGreaterThan(45);
      }
      expect(Math.max(...counts)).toBe(28);
      await expireTo(mine.app.id, 3);
      expect(await opened().countMessages(other.app.id)).toBe(28);
      expect(await readLog(other.own, other.group.id)).toHaveLength(28);
      expect((await readLog(mine.own, mine.group.id)).map(({ seq }) => seq)).toEqual([26, 27, 28]);
      expect(await fixture.store.apps.expire(0)).toBe(0);
      expect(await fixture.store.apps.expire(-1)).toBe(0);
    });

    test("however short the retention, a client id is known for a week", async () => {
      const { app, own, group } = await fixture.newGroup();
      const first = await send(own, group.id, { clientId: "c" });
      await opened().age(app.id, 6 * DAY_MS);
      await keep(app.key, 1);
      // An app that is older and comes later: when it is through, the first would have had its turn.
      const witness = await fixture.newGroup();
      await send(witness.own, witness.group.id);
      await opened().age(witness.app.id, 60 * DAY_MS);
      await keep(witness.app.key, 1);
      await expireTo(witness.app.id, 0);
      expect(await opened().countMessages(app.id)).toBe(1);
      expect(await readLog(own, group.id)).toEqual([]);
      const repeat = await send(own, group.id, { clientId: "c" });
      expect(repeat).toEqual({ ...first, sentAt: first.sentAt - 6 * DAY_MS * 1000, isRepeat: true });
      await opened().age(app.id, 60 * DAY_MS);
      await expireTo(app.id, 0);
      expect(await send(own, group.id, { clientId: "c" })).toMatchObject({ seq: 2, isRepeat: false });
    });

    test("a client id is known across the end of a month", async () => {
      const { app, own, group } = await fixture.newGroup();
      const sent = [];
      // Of the last 7 days, whichever of them was the last of its month.
      for (let day = 0; day < 7; day++) {
        sent.push(await send(own, group.id, { clientId: `c${day}` }));
        if (day < 6) await opened().age(app.id, DAY_MS);
      }
      const repeats = await Promise.all(sent.map((_, day) => send(own, group.id, { clientId: `c${day}` })));
      expect(repeats.map(({ seq, isRepeat }) => ({ seq, isRepeat }))).toEqual(
        sent.map(({ seq }) => ({ seq, isRepeat: true })),
      );
      expect(await opened().countMessages(app.id)).toBe(7);
    });
  });
};
