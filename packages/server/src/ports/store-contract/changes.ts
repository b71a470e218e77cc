import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import { type Change, mostBehind, mostKeys, type NewChange } from "../store-entries.ts";
import { expectRefusal, type Fixture, newConversation, readLog, send } from "./fixture.ts";

export const changesContract = (fixture: Fixture): void => {
  const newMessage = async (given = {}) => {
    const { own, group } = await fixture.newGroup();
    const sent = await send(own, group.id, given);
    const change = (kind: NewChange["kind"], more: Partial<NewChange> = {}) =>
      own.change({ conversationId: group.id, of: sent.sentAt, kind, by: "ann", ...more });
    const find = () => own.findMessage(group.id, sent.sentAt);
    const entries = () => own.listEntriesAfter(group.id, 0, 1000);
    return { own, group, sent, change, find, entries };
  };

  describe("changes", () => {
    test("take a seq and a time, and the message becomes what it is now", async () => {
      const { own, group, sent, change, find, entries } = await newMessage();
      const changed = await change("modify", { content: '{"text":"better"}', clientId: "m" });
      const expected: Change = {
        conversationId: group.id,
        sentAt: changed?.change.sentAt as number,
        seq: 2,
        by: "ann",
        clientId: "m",
        kind: "modify",
        of: sent.sentAt,
        ofSeq: 1,
        content: '{"text":"better"}',
        isActive: true,
      };
      expect(changed).toEqual({ change: expected, isRepeat: false });
      expect(expected.sentAt).toBeGreaterThan(sent.sentAt);
      expect(await find()).toMatchObject({
        seq: 1,
        content: '{"text":"better"}',
        isActive: true,
        modifiedAt: expected.sentAt,
        changeSeq: 2,
      });
      expect(await own.findHeads([group.id])).toEqual([
        { conversation: group, seq: 2, sentAt: expected.sentAt },
      ]);
      expect((await entries())[1]).toEqual({ change: expected });
      expect((await send(own, group.id)).seq).toBe(3);
      expect(await change("modify", { content: '{"text":"better"}' })).toBeNull();
    });

    test("a recalled message keeps no content, nor do the changes before", async () => {
      const { own, group, change, find, entries } = await newMessage({
        mentions: { userIds: ["ben"], isAll: false },
      });
      await change("modify", { content: '{"text":"a secret"}' });
      await change("setKeys", { keys: { vote: "a secret" } });
      expect(await own.countMentions([group.id], "ben", 10)).toEqual([1]);
      await change("recall");
      expect(await find()).toMatchObject({ content: "{}", state: "recalled", isActive: false, changeSeq: 4 });
      expect(JSON.stringify([await entries(), await find()])).not.toContain("secret");
      expect(await readLog(own, group.id)).toEqual([]);
      const shown = await own.listMessages(group.id, null, 10, { withRecalled: true });
      expect(shown.map(({ seq, state }) => ({ seq, state }))).toEqual([{ seq: 1, state: "recalled" }]);
      const [last] = await own.listLastMessages([group.id], { withRecalled: true });
      expect(last?.state).toBe("recalled");
      expect(await own.countUnread([group.id], "ben", 10)).toEqual([0]);
      expect(await own.countMentions([group.id], "ben", 10)).toEqual([0]);
      expect(await own.listMentions(group.id, "ben", null, 10)).toEqual([]);
      expect(await change("recall")).toBeNull();
      const needContent = { content: '{"a":1}', keys: { a: "b" }, removedKeys: ["a"] };
      for (const kind of ["modify", "setKeys", "removeKeys"] as const)
        await expectRefusal(change(kind, needContent), "messageNotFound");
      expect((await change("delete"))?.change.seq).toBe(5);
      expect(await own.listMessages(group.id, null, 10, { withRecalled: true })).toEqual([]);
      expect((await find())?.state).toBe("deleted");
      expect(await change("recall")).toBeNull();
    });

    test("hidden and recalled are two things", async () => {
      const { own, group, change, find } = await newMessage();
      expect((await change("hide", { by: null }))?.change.isActive).toBe(false);
      expect((await find())?.state).toBe("hidden");
      await change("recall");
      expect(await own.listMessages(group.id, null, 10, { withRecalled: true })).toEqual([]);
      expect((await change("show", { by: null }))?.change.isActive).toBe(false);
      expect((await find())?.state).toBe("recalled");
      expect(await own.listMessages(group.id, null, 10, { withRecalled: true })).toHaveLength(1);
      expect(await own.countUnread([group.id], "ben", 10)).toEqual([0]);
    });

    test("what does not show is not told by its changes; showing it tells all", async () => {
      const { change, entries } = await newMessage();
      await change("hide", { by: null });
      expect((await change("modify", { content: '{"n":1}' }))?.change.content).toBeUndefined();
      expect((await change("setKeys", { keys: { a: "b" } }))?.change.keys).toBeUndefined();
      const shown = await change("show", { by: null });
      expect(shown?.change).toMatchObject({ isActive: true, content: '{"n":1}', keys: { a: "b" } });
      expect((await entries()).at(-1)).toEqual({ change: shown?.change as Change });
    });

    test("keys are added, replaced and removed, up to a bound", async () => {
      const { change, find } = await newMessage();
      const values = (count: number, from = 0) =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${from + index}`, "v"]));
      await change("setKeys", { keys: { a: "1", b: "2", __proto__x: "3" } });
      expect((await change("setKeys", { keys: { a: "1", b: "two" } }))?.change.keys).toEqual({ b: "two" });
      expect((await find())?.keys).toEqual({ a: "1", b: "two", __proto__x: "3" });
      expect(await change("setKeys", { keys: { a: "1" } })).toBeNull();
      const removed = await change("removeKeys", { removedKeys: ["a", "missing", "a"] });
      expect(removed?.change.removedKeys).toEqual(["a"]);
      expect(await change("removeKeys", { removedKeys: ["a"] })).toBeNull();
      for (let from = 0; from < mostKeys - 2; from += 100)
        await change("setKeys", { keys: values(Math.min(100, mostKeys - 2 - from), from) });
      expect(Object.keys((await find())?.keys ?? {})).toHaveLength(mostKeys);
      const refusal = await expectRefusal(change("setKeys", { keys: { more: "x" } }), "invalidInput");
      expect(Object.keys(refusal.details)).toEqual(["keys"]);
      expect((await change("setKeys", { keys: { b: "three" } }))?.change.keys).toEqual({ b: "three" });
    });

    test("a key may have any name", async () => {
      const { change, find } = await newMessage();
      const keys = JSON.parse('{"__proto__":"1","constructor":"2"}') as Record<string, string>;
      await change("setKeys", { keys });
      expect(Object.entries((await find())?.keys ?? {}).sort()).toEqual(Object.entries(keys).sort());
      await change("removeKeys", { removedKeys: ["__proto__"] });
      expect((await find())?.keys).toEqual({ constructor: "2" } as never);
    });

    test("a repeated client id returns the first change, and nothing else may have it", async () => {
      const { own, group, sent, change, entries } = await newMessage({ clientId: "sent" });
      const first = await change("modify", { content: '{"n":1}', clientId: "c" });
      await change("modify", { content: '{"n":2}' });
      const again = await change("modify", { content: '{"n":1}', clientId: "c" });
      expect(again).toMatchObject({ isRepeat: true, change: { seq: first?.change.seq } });
      expect(await entries()).toHaveLength(3);
      await expectRefusal(change("recall", { clientId: "c" }), "invalidInput");
      await expectRefusal(change("recall", { clientId: "sent" }), "invalidInput");
      expect(await change("recall", { clientId: "c", by: null })).toMatchObject({ isRepeat: false });
      expect(await own.findSent(group.id, "ann", "sent")).toEqual({ sentAt: sent.sentAt, seq: 1 });
      expect(await own.findSent(group.id, "ben", "sent")).toBeNull();
      const races = await Promise.all(
        Array.from({ length: 20 }, () => change("delete", { clientId: "race" })),
      );
      expect(races.filter((race) => race?.isRepeat === false)).toHaveLength(1);
    });

    test("a change has no changes, and what is not there has none", async () => {
      const { own, group, change } = await newMessage();
      const of = (await change("hide"))?.change.sentAt as number;
      await expectRefusal(change("hide", { of }), "messageNotFound");
      await expectRefusal(change("hide", { of: 5 }), "messageNotFound");
      await expectRefusal(change("hide", { conversationId: 5 }), "conversationNotFound");
      const other = await newConversation(own);
      await expectRefusal(change("hide", { conversationId: other.id }), "messageNotFound");
      expect(await own.findMessage(group.id, of)).toBeNull();
      expect(await own.findMessages(of)).toEqual([]);
      const report = { conversationId: group.id, sentAt: of, reporterId: "b", reportType: 1, comment: null };
      await expectRefusal(own.createReport(report), "messageNotFound");
    });

    test("a mark rests on messages, and changes are never unread nor last", async () => {
      const { own, group, sent, change } = await newMessage();
      await change("setKeys", { keys: { a: "b" } });
      const moved = await own.moveReadMark(group.id, "ben", Number.MAX_SAFE_INTEGER);
      expect(moved).toEqual({ userId: "ben", sentAt: sent.sentAt, seq: 1, hasMoved: true });
      expect(await own.countUnread([group.id], "ben", 10)).toEqual([0]);
      expect((await own.listLastMessages([group.id]))[0]?.seq).toBe(1);
      expect(await readLog(own, group.id)).toHaveLength(1);
    });

    test("changes and sends take effect in the order of their calls", async () => {
      const { own, group, sent, change, entries } = await newMessage();
      const acts = Array.from({ length: 60 }, (_, index): Promise<unknown> => {
        if (index % 3 === 0) return send(own, group.id);
        if (index % 3 === 1) return change("setKeys", { keys: { a: String(index) } });
        return change("modify", { content: `{"n":${index}}`, of: sent.sentAt });
      });
      await Promise.all(acts);
      const log = await entries();
      expect(log.map((entry) => ("message" in entry ? entry.message : entry.change).seq)).toEqual(
        Array.from({ length: 61 }, (_, index) => index + 1),
      );
      const kinds: string[] = log.slice(1).map((entry) => ("message" in entry ? "send" : entry.change.kind));
      expect(kinds).toEqual(
        Array.from({ length: 60 }, (_, index) => ["send", "setKeys", "modify"][index % 3] as string),
      );
    });
  });

  describe("the log by seq", () => {
    const seqsOf = (page: Awaited<ReturnType<AppStore["listEntriesSince"]>>) =>
      page?.entries.map((entry) => ("message" in entry ? entry.message : entry.change).seq);

    test("is read in pages from where a reader stands", async () => {
      const { own, group, change } = await newMessage();
      await send(own, group.id);
      await change("hide");
      await send(own, group.id);
      const since = (after: number, limit = 100) => own.listEntriesSince(group.id, after, limit, "ben");
      expect(seqsOf(await since(0))).toEqual([1, 2, 3, 4]);
      expect(await since(0, 3)).toMatchObject({ lastSeq: 3, hasMore: true });
      expect(seqsOf(await since(3))).toEqual([4]);
      expect(await since(4)).toEqual({ entries: [], lastSeq: 4, hasMore: false });
      expect(await since(9)).toEqual({ entries: [], lastSeq: 4, hasMore: false });
      expect(await own.listEntriesSince(12_345, 0, 10, "ben")).toMatchObject({ entries: [] });
      for (const seq of [0, 1, 2, 3, 4, 9]) {
        const behind = await own.listEntriesAfter(
          group.id,
          (await own.findTimeBehind(group.id, seq)) ?? 0,
          10,
        );
        expect(behind).toHaveLength(Math.max(0, 4 - seq));
      }
      expect(await own.findTimeBehind(12_345, 0)).toBe(0);
    });

    test("is not read from too far behind", async () => {
      const { own, group } = await newMessage();
      await Promise.all(Array.from({ length: mostBehind }, () => send(own, group.id)));
      expect(await own.listEntriesSince(group.id, 0, 10, "ben")).toBeNull();
      expect(await own.findTimeBehind(group.id, 0)).toBeNull();
      expect((await own.listEntriesSince(group.id, 1, 10_000, "ben"))?.entries).toHaveLength(mostBehind);
    });

    test("states tell what became of messages", async () => {
      const { own, group, sent, change } = await newMessage();
      const other = await send(own, group.id);
      const fine = await send(own, group.id);
      await change("recall");
      await change("hide", { of: other.sentAt, by: null });
      const states = await own.findStates(group.id, [sent.sentAt, other.sentAt, fine.sentAt, 5, 5]);
      expect(states.sort((a, b) => a.sentAt - b.sentAt)).toEqual([
        { sentAt: 5, state: "deleted" },
        { sentAt: sent.sentAt, state: "recalled" },
        { sentAt: other.sentAt, state: "hidden" },
      ]);
      expect(await own.findStates(group.id, [])).toEqual([]);
    });
  });
};
