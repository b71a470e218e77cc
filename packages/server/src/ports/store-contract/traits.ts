import { describe, expect, test } from "bun:test";
import type { Conversation, NewConversation } from "../store.ts";
import { expectRefusal, type Fixture, newConversation, send } from "./fixture.ts";

const everything = Number.MAX_SAFE_INTEGER;

export const traitsContract = (fixture: Fixture): void => {
  describe("messages sent in somebody's name", () => {
    const prepare = async () => {
      const { own, group } = await fixture.newGroup();
      const open = await send(own, group.id, { senderId: "ben" });
      const unheard = await send(own, group.id, { isHiddenFromSender: true });
      return { own, group, open, unheard };
    };

    test("are seen and counted for everybody but the one", async () => {
      const { own, group, unheard } = await prepare();
      expect(await own.findMessage(group.id, unheard.sentAt)).toMatchObject({ isHiddenFromSender: true });
      for (const [userId, seqs] of [
        ["ann", [1]],
        ["ben", [2, 1]],
      ] as const) {
        const seen = async () => ({
          history: (await own.listMessages(group.id, null, 10, { userId })).map(({ seq }) => seq),
          visible: (await own.listVisibleMessages(group.id, userId, null, 10)).map(({ seq }) => seq),
          last: (await own.listLastMessages([group.id], { userId })).map(({ seq }) => seq),
          log: (await own.listEntriesSince(group.id, 0, 10, userId))?.entries.length,
          unread: await own.countUnread([group.id], userId, 10),
        });
        const count = seqs.length;
        expect(await seen()).toEqual({
          history: [...seqs],
          visible: [...seqs],
          last: [count],
          log: count,
          unread: [count],
        });
        const [state] = await own.listConversationStates(userId, [group.id], 10);
        expect(state).toMatchObject({ unread: count, lastMessage: { seq: count }, head: { seq: 2 } });
        await own.moveReadMark(group.id, userId, everything);
        expect(await own.countUnread([group.id], userId, 10)).toEqual([0]);
      }
    });

    test("nor are their changes, and a recalled one counts for nobody", async () => {
      const { own, group, unheard } = await prepare();
      const change = { conversationId: group.id, of: unheard.sentAt, by: null } as const;
      const changed = await own.change({ ...change, kind: "modify", content: '{"n":1}' });
      expect(changed?.change.hiddenFromId).toBe("ann");
      expect((await own.listEntriesSince(group.id, 0, 10, "ann"))?.entries).toHaveLength(1);
      const page = await own.listEntriesSince(group.id, 0, 10, "ben");
      expect(page?.entries.map((entry) => ("change" in entry ? entry.change.hiddenFromId : null))).toEqual([
        null,
        null,
        "ann",
      ]);
      await own.change({ ...change, kind: "recall" });
      for (const userId of ["ann", "ben"]) expect(await own.countUnread([group.id], userId, 10)).toEqual([1]);
    });

    test("may be for some only, even among them the sender", async () => {
      const { own, group } = await fixture.newGroup();
      await send(own, group.id, { isHiddenFromSender: true, toUserIds: ["ann", "ben"] });
      for (const [userId, count] of [
        ["ann", 0],
        ["ben", 1],
        ["cid", 0],
      ] as const) {
        expect(await own.listMessages(group.id, null, 10, { userId })).toHaveLength(count);
        expect(await own.countUnread([group.id], userId, 10)).toEqual([count]);
      }
    });

    test("are subtracted once when the sender hides them as well", async () => {
      const { own, group, unheard } = await prepare();
      await own.deleteOwn(group.id, "ann", [unheard.sentAt], 10);
      expect(await own.countUnread([group.id], "ann", 10)).toEqual([1]);
    });
  });

  test("a message may never be the last of a list", async () => {
    const { own, group } = await fixture.newGroup();
    const first = await send(own, group.id);
    const quiet = await send(own, group.id, { isNeverLast: true });
    const [state] = await own.listConversationStates("ben", [group.id], 10);
    expect(state).toMatchObject({ lastMessage: { seq: first.seq }, unread: 2, head: { seq: quiet.seq } });
    expect(await own.listMessages(group.id, null, 10, { userId: "ben" })).toHaveLength(2);
  });

  describe("keys that a message is sent with", () => {
    test("are there at once, and change as others do", async () => {
      const { own, group } = await fixture.newGroup();
      const keys = { a: "1", ü: '"2"' };
      const { sentAt } = await send(own, group.id, { keys });
      await send(own, group.id);
      expect(await own.findMessage(group.id, sentAt)).toMatchObject({ keys });
      const change = { conversationId: group.id, of: sentAt, by: null } as const;
      const set = await own.change({ ...change, kind: "setKeys", keys: { a: "3", b: "4" } });
      const changed = await own.findMessage(group.id, sentAt);
      expect(changed?.keys).toEqual({ a: "3", b: "4", ü: '"2"' });
      const at = set?.change.sentAt as number;
      expect(changed?.keyTimes).toEqual({ a: at, b: at });
      await own.change({ ...change, kind: "removeKeys", removedKeys: ["a", "ü"] });
      const left = await own.findMessage(group.id, sentAt);
      expect(left?.keys).toEqual({ b: "4" });
      expect(left?.keyTimes).toEqual({ b: at });
      await own.change({ ...change, kind: "recall" });
      const gone = await own.findMessage(group.id, sentAt);
      expect([gone?.keys, gone?.keyTimes]).toEqual([undefined, undefined]);
    });

    test("or without can stay as they are", async () => {
      const { own, group } = await fixture.newGroup();
      const { sentAt } = await send(own, group.id, { hasFixedKeys: true });
      const change = { conversationId: group.id, of: sentAt, by: "ann" } as const;
      await expectRefusal(own.change({ ...change, kind: "setKeys", keys: { a: "1" } }), "notAllowed");
      await expectRefusal(own.change({ ...change, kind: "removeKeys", removedKeys: ["a"] }), "notAllowed");
      const changed = await own.change({ ...change, kind: "modify", content: '{"n":1}' });
      expect(changed?.change).toMatchObject({ kind: "modify", of: sentAt, seq: 2 });
    });
  });

  test("a change may be of what the last change left", async () => {
    const { own, group } = await fixture.newGroup();
    const { sentAt } = await send(own, group.id);
    const modify = (n: number, after: number) =>
      own.change({
        conversationId: group.id,
        of: sentAt,
        by: null,
        kind: "modify",
        content: `{"n":${n}}`,
        after,
      });
    const first = await modify(1, 0);
    await expectRefusal(modify(2, 0), "tooOld");
    await expectRefusal(modify(2, 99), "tooOld");
    expect((await modify(2, first?.change.seq as number))?.change.seq).toBe(3);
    expect((await own.findMessage(group.id, sentAt))?.content).toBe('{"n":2}');
  });

  test("many conversations are made at once, by several that want the same", async () => {
    const { own } = await fixture.newApp();
    const keys = Array.from({ length: 70 }, (_, index) => `5:other${index}`);
    const wanted = keys.map((key, index) => ({
      kind: "direct" as const,
      key,
      admission: "members" as const,
      memberIds: index % 2 ? ["ann", "ann"] : ["ann", "ben"],
    }));
    await own.ensureConversation(wanted[3] as NewConversation);
    const all = await Promise.all([wanted, wanted.toReversed()].map((some) => own.ensureConversations(some)));
    const [first = [], second = []] = all;
    expect(first.map(({ conversation }) => conversation)).toEqual(
      second.toReversed().map(({ conversation }) => conversation),
    );
    expect([...first, ...second].filter(({ isNew }) => isNew)).toHaveLength(69);
    expect(first.map(({ conversation }) => conversation.key)).toEqual(keys);
    expect(new Set(first.map(({ conversation }) => conversation.id)).size).toBe(70);
    expect(first[1]?.conversation.soleMemberId).toBe("ann");
    const [both, one] = first.map(({ conversation }) => conversation.id) as [number, number];
    expect(await own.listMembers(both, null, 10)).toEqual(["ann", "ben"]);
    expect(await own.listMembers(one, null, 10)).toEqual(["ann"]);
    const [state] = await own.listConversationStates("ann", [both], 1);
    expect(state).toMatchObject({ memberCount: 2, head: { seq: 0, sentAt: 0 } });
    expect(await own.ensureConversations([])).toEqual([]);
  });

  test("a direct conversation says who is alone in it", async () => {
    const { own } = await fixture.newApp();
    const wanted = { kind: "direct", key: "3:annben", admission: "members" } as const;
    const made = await own.ensureConversation({ ...wanted, memberIds: ["ben"] });
    expect(made.conversation.soleMemberId).toBe("ben");
    expect((await own.findConversation("3:annben", ["direct"]))?.soleMemberId).toBe("ben");
    expect((await own.ensureConversation({ ...wanted, memberIds: ["ann"] })).conversation.soleMemberId).toBe(
      "ben",
    );
    const others = await Promise.all(
      ["3:anncid", "5:other"].map((key) =>
        own.ensureConversation({ ...wanted, key, memberIds: ["ann", "cid"] }),
      ),
    );
    await own.deleteConversation(others[1]?.conversation.id as number);
    const keys = ["3:annben", "3:anncid", "5:other", "none"];
    const found = await own.findConversations("direct", keys);
    expect(found.sort((one, other) => one.id - other.id)).toEqual([
      made.conversation,
      others[0]?.conversation as Conversation,
    ]);
    expect(await own.findConversations("group", keys)).toEqual([]);
    expect(await own.findConversations("direct", [])).toEqual([]);
    await own.addMembers(made.conversation.id, ["ann"]);
    expect(await own.findConversation("3:annben", ["direct"])).not.toHaveProperty("soleMemberId");
    const group = await newConversation(own, { memberIds: ["ann"] });
    expect(await own.findConversation(group.key, ["group"])).not.toHaveProperty("soleMemberId");
  });
};
