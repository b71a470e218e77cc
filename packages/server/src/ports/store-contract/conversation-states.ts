import { describe, expect, test } from "bun:test";
import type { AppStore, Conversation } from "../store.ts";
import type { ConversationState } from "../store-conversations.ts";
import { expectRefusal, type Fixture, newConversation, send, setActive } from "./fixture.ts";

export const stateOf = async (own: AppStore, { id }: Conversation, userId: string) => {
  const [state] = await own.listConversationStates(userId, [id], 100);
  return state as ConversationState;
};

const list = async (own: AppStore, userId: string, tagId: string | null = null, limit = 100) =>
  (await own.listConversations(userId, { before: null, tagId, limit, unreadCap: 100 })).map(
    ({ conversation }) => conversation.key,
  );

const farAway = Number.MAX_SAFE_INTEGER;

export const conversationStatesContract = (fixture: Fixture): void => {
  describe("states of conversations", () => {
    test("of many that ensure one conversation at once, one makes it, and all get it", async () => {
      const { own } = await fixture.newApp();
      const wanted = { kind: "direct", key: "3:annben", admission: "members" } as const;
      const made = await Promise.all(
        Array.from({ length: 20 }, () => own.ensureConversation({ ...wanted, memberIds: ["ann", "ben"] })),
      );
      expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(new Set(made.map(({ conversation }) => conversation.id)).size).toBe(1);
      const { id } = (made[0] as (typeof made)[number]).conversation;
      expect(await own.listMembers(id, null, 10)).toEqual(["ann", "ben"]);
      expect(await own.findConversation(wanted.key, ["direct"])).toMatchObject({ id });
    });

    test("show a member everything at once, and others nothing", async () => {
      const { own, group } = await fixture.newGroup();
      const fresh = await stateOf(own, group, "ben");
      expect(fresh).toMatchObject({
        conversation: group,
        head: { sentAt: 0, seq: 0 },
        lastMessage: null,
        unread: 0,
        mentions: 0,
        readMark: null,
        peerReadMark: null,
        settings: { isPinned: false, muteLevel: null, draft: null, tags: [] },
        clearedUpTo: 0,
        isRemoved: false,
        memberCount: 2,
      });
      expect(fresh.joinedAt).toBeGreaterThan(0);
      expect(fresh.sortAt).toBe(fresh.joinedAt);
      const first = await send(own, group.id, { mentions: { userIds: ["ben"], isAll: false } });
      const last = await send(own, group.id, { content: '{"text":"last"}' });
      expect(await stateOf(own, group, "ben")).toMatchObject({
        head: { sentAt: last.sentAt, seq: 2 },
        lastMessage: { seq: 2, sentAt: last.sentAt, content: '{"text":"last"}' },
        unread: 2,
        mentions: 1,
      });
      await own.moveReadMark(group.id, "ben", first.sentAt);
      const { sentAt } = first;
      expect(await stateOf(own, group, "ben")).toMatchObject({
        readMark: { sentAt, seq: 1 },
        unread: 1,
        mentions: 0,
      });
      expect(await own.listConversationStates("eve", [group.id], 10)).toEqual([]);
      expect(await own.listConversationStates("ben", [], 10)).toEqual([]);
      expect((await own.listConversationStates("ann", [group.id], 1))[0]?.unread).toBe(1);
    });

    test("show how far the other one of two has read, and in a group nobody's mark but one's own", async () => {
      const { own, group } = await fixture.newGroup();
      const direct = await newConversation(own, { kind: "direct", key: "3:annben" });
      for (const { id } of [group, direct]) {
        const { sentAt } = await send(own, id);
        await own.moveReadMark(id, "ben", sentAt);
      }
      expect((await stateOf(own, direct, "ann")).peerReadMark).toMatchObject({ seq: 1 });
      expect((await stateOf(own, direct, "ben")).peerReadMark).toBeNull();
      expect((await stateOf(own, group, "ann")).peerReadMark).toBeNull();
    });

    test("count members as they come and go", async () => {
      const { own, group } = await fixture.newGroup();
      await own.addMembers(group.id, ["cid", "dan", "ann"]);
      await own.removeMembers(group.id, ["ben", "nobody"]);
      expect((await stateOf(own, group, "ann")).memberCount).toBe(3);
    });
  });

  describe("what a member sets", () => {
    test("stays what it was where nothing is said, and is nobody else's", async () => {
      const { own, group } = await fixture.newGroup();
      await own.updateSettings(group.id, "ann", { isPinned: true, muteLevel: 5 });
      await own.updateSettings(group.id, "ann", { draft: "Dear Ben" });
      await own.updateSettings(group.id, "ann", {});
      const expected = { isPinned: true, muteLevel: 5, draft: "Dear Ben", tags: [] } as const;
      expect((await stateOf(own, group, "ann")).settings).toEqual({ ...expected, tags: [] });
      expect((await stateOf(own, group, "ben")).settings.isPinned).toBe(false);
      await own.updateSettings(group.id, "ann", { isPinned: false, muteLevel: null, draft: null });
      const cleared = (await stateOf(own, group, "ann")).settings;
      expect(cleared).toEqual({ isPinned: false, muteLevel: null, draft: null, tags: [] });
    });

    test("is refused to who is no member, and where there is no conversation", async () => {
      const { own, group } = await fixture.newGroup();
      const { sentAt } = await send(own, group.id);
      for (const [id, user, code] of [
        [group.id, "eve", "notMember"],
        [12_345, "ann", "conversationNotFound"],
      ] as const) {
        await expectRefusal(own.updateSettings(id, user, { isPinned: true }), code);
        await expectRefusal(own.clearHistory(id, user, sentAt), code);
        await expectRefusal(own.removeFromList(id, user), code);
        await expectRefusal(own.deleteOwn(id, user, [sentAt], 10), code);
      }
    });

    test("history that is cleared is gone for one member: messages, unread, mentions", async () => {
      const { own, group } = await fixture.newGroup();
      const mentions = { userIds: ["ben"], isAll: false };
      const first = await send(own, group.id, { mentions });
      const second = await send(own, group.id, { mentions });
      const third = await send(own, group.id, { mentions });
      expect(await own.clearHistory(group.id, "ben", first.sentAt - 1)).toBe(0);
      expect(await own.clearHistory(group.id, "ben", third.sentAt - 1)).toBe(second.sentAt);
      expect(await own.clearHistory(group.id, "ben", first.sentAt)).toBe(second.sentAt);
      const seqs = async (user: string) =>
        (await own.listVisibleMessages(group.id, user, null, 10)).map(({ seq }) => seq);
      expect([await seqs("ben"), await seqs("ann")]).toEqual([[3], [3, 2, 1]]);
      expect(await stateOf(own, group, "ben")).toMatchObject({
        clearedUpTo: second.sentAt,
        unread: 1,
        mentions: 1,
        lastMessage: { seq: 3 },
      });
      expect(await own.countUnread([group.id], "ben", 10)).toEqual([1]);
      expect(await own.countMentions([group.id], "ben", 10)).toEqual([1]);
      // Nobody hears of it: no mark has moved.
      expect(await own.listReadMarks(group.id, 10)).toEqual([]);
      expect(await own.clearHistory(group.id, "ben", farAway)).toBe(third.sentAt);
      expect(await stateOf(own, group, "ben")).toMatchObject({ unread: 0, mentions: 0, lastMessage: null });
      expect((await stateOf(own, group, "ann")).unread).toBe(3);
    });

    test("messages deleted one by one are gone for one member, up to a bound", async () => {
      const { own, group } = await fixture.newGroup();
      const sent = [];
      for (let index = 0; index < 4; index++) sent.push(await send(own, group.id));
      const times = sent.map(({ sentAt }) => sentAt);
      expect(await own.deleteOwn(group.id, "ben", [times[3] as number, 5], 3)).toBe(1);
      expect(await own.deleteOwn(group.id, "ben", [times[3] as number, times[1] as number], 3)).toBe(1);
      expect(await stateOf(own, group, "ben")).toMatchObject({ unread: 2, lastMessage: { seq: 3 } });
      // Hidden for all as well: not taken away twice.
      await setActive(own, group.id, times[1] as number, false);
      expect((await stateOf(own, group, "ben")).unread).toBe(2);
      await expectRefusal(own.deleteOwn(group.id, "ben", times, 3), "invalidInput");
      const seqs = (await own.listVisibleMessages(group.id, "ben", null, 10)).map(({ seq }) => seq);
      expect(seqs).toEqual([3, 1]);
      // What is cleared makes room again.
      await own.clearHistory(group.id, "ben", times[2] as number);
      expect(await own.deleteOwn(group.id, "ben", [times[0] as number], 2)).toBe(1);
      expect((await stateOf(own, group, "ann")).unread).toBe(3);
    });

    test("what a member cleared or deleted is missing from what is listed for them, changes of it too", async () => {
      const { own, group } = await fixture.newGroup();
      const times: number[] = [];
      for (let index = 0; index < 4; index++) times.push((await send(own, group.id)).sentAt);
      const [cleared, , deleted] = times as [number, number, number];
      const change = { conversationId: group.id, by: "ann", kind: "setKeys", keys: { k: "v" } } as const;
      for (const of of times) await own.change({ ...change, of });
      const before = (await stateOf(own, group, "ben")).changedAt;
      await own.clearHistory(group.id, "ben", cleared);
      expect((await stateOf(own, group, "ben")).deletedAt).toBe(0);
      await own.deleteOwn(group.id, "ben", [deleted], 10);
      const { changedAt, deletedAt } = await stateOf(own, group, "ben");
      expect(deletedAt).toBeGreaterThan(before);
      expect(changedAt).toBeGreaterThanOrEqual(deletedAt);
      const listed = async (userId: string | null) => {
        const messages = await own.listMessages(group.id, null, 10, { userId, isForward: true });
        return messages.map(({ seq }) => seq);
      };
      expect([await listed("ben"), await listed("ann"), await listed(null)]).toEqual([
        [2, 4],
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ]);
      const page = await own.listEntriesSince(group.id, 0, 10, "ben");
      const seqs = page?.entries.map((entry) => ("message" in entry ? entry.message.seq : entry.change.seq));
      expect([seqs, page?.lastSeq]).toEqual([[2, 4, 6, 8], 8]);
    });

    test("the last message shows when it is recalled, not when it is deleted, and counts in neither case", async () => {
      const { own, group } = await fixture.newGroup();
      const [first, second] = [await send(own, group.id), await send(own, group.id)];
      const change = { conversationId: group.id, by: "ann" } as const;
      await own.change({ ...change, of: second.sentAt, kind: "recall" });
      const lastMessage = { seq: 2, state: "recalled", content: "{}" };
      expect(await stateOf(own, group, "ben")).toMatchObject({ lastMessage, unread: 1 });
      const third = await send(own, group.id);
      await own.change({ ...change, of: third.sentAt, kind: "delete" });
      expect(await stateOf(own, group, "ben")).toMatchObject({ lastMessage, unread: 1 });
      await own.change({ ...change, of: first.sentAt, kind: "hide", by: null });
      expect(await stateOf(own, group, "ben")).toMatchObject({ lastMessage, unread: 0 });
    });

    test("a message for some is seen and counted by them alone", async () => {
      const { own, group } = await fixture.newGroup();
      await own.addMembers(group.id, ["cid"]);
      await send(own, group.id, { marksRead: true });
      await send(own, group.id, { toUserIds: ["ben"], marksRead: true });
      expect(await stateOf(own, group, "ben")).toMatchObject({ unread: 2, lastMessage: { seq: 2 } });
      expect(await stateOf(own, group, "cid")).toMatchObject({ unread: 1, lastMessage: { seq: 1 } });
      expect(await stateOf(own, group, "ann")).toMatchObject({ unread: 0, lastMessage: { seq: 2 } });
    });
  });

  describe("the list", () => {
    test("is pinned first, then newest first, in pages, without chatrooms", async () => {
      const { own } = await fixture.newApp();
      const rooms = [];
      for (const key of ["a", "b", "c", "d", "e"]) rooms.push(await newConversation(own, { key }));
      await newConversation(own, { key: "x", kind: "chatroom" });
      await send(own, (rooms[1] as Conversation).id);
      await own.updateSettings((rooms[2] as Conversation).id, "ann", { isPinned: true });
      await own.updateSettings((rooms[3] as Conversation).id, "ann", { isPinned: true });
      expect(await list(own, "ann")).toEqual(["d", "c", "b", "e", "a"]);
      const paged: string[] = [];
      let before = null;
      for (;;) {
        const page = await own.listConversations("ann", { before, tagId: null, limit: 2, unreadCap: 9 });
        const last = page.at(-1);
        if (last === undefined) break;
        for (const { conversation } of page) paged.push(conversation.key);
        const { settings, sortAt, conversation } = last;
        before = { isPinned: settings.isPinned, sortAt, conversationId: conversation.id };
      }
      expect(paged).toEqual(["d", "c", "b", "e", "a"]);
      expect(await list(own, "eve")).toEqual([]);
      expect(await list(own, "ann", null, 0)).toEqual([]);
    });

    test("loses what was taken off it, until something follows", async () => {
      const { own, group } = await fixture.newGroup();
      await send(own, group.id);
      await own.removeFromList(group.id, "ann");
      expect([await list(own, "ann"), await list(own, "ben")]).toEqual([[], [group.key]]);
      expect(await stateOf(own, group, "ann")).toMatchObject({ isRemoved: true, lastMessage: { seq: 1 } });
      await send(own, group.id);
      expect(await list(own, "ann")).toEqual([group.key]);
      expect((await stateOf(own, group, "ann")).isRemoved).toBe(false);
    });

    test("has the user's own tags, at most so many", async () => {
      const { own, group } = await fixture.newGroup();
      const other = await newConversation(own, { key: "other" });
      await own.saveTag("ann", { id: "w", name: "Work" }, 2);
      await own.saveTag("ann", { id: "f", name: "Fun" }, 2);
      await own.saveTag("ann", { id: "w", name: "Wörk" }, 2);
      await expectRefusal(own.saveTag("ann", { id: "x", name: "X" }, 2), "invalidInput");
      expect(await own.renameTag("ann", { id: "f", name: "Family" })).toBe(true);
      expect(await own.renameTag("ann", { id: "x", name: "X" })).toBe(false);
      expect(await own.listTags("ann")).toMatchObject([
        { id: "w", name: "Wörk", conversationCount: 0 },
        { id: "f", name: "Family", conversationCount: 0 },
      ]);
      expect(await own.listTags("ben")).toEqual([]);

      await own.updateSettings(group.id, "ann", { addTags: ["f", "w", "f"] });
      await own.updateSettings(other.id, "ann", { addTags: ["w"] });
      await expectRefusal(own.updateSettings(group.id, "ann", { addTags: ["x"] }), "notFound");
      await expectRefusal(own.updateSettings(group.id, "ben", { addTags: ["w"] }), "notFound");
      expect((await stateOf(own, group, "ann")).settings.tags).toEqual(["w", "f"]);
      const counts = (await own.listTags("ann")).map(({ conversationCount }) => conversationCount);
      expect(counts).toEqual([2, 1]);
      const { changedAt } = await stateOf(own, group, "ann");
      await own.renameTag("ann", { id: "f", name: "Folks" });
      expect((await stateOf(own, group, "ann")).changedAt).toBeGreaterThan(changedAt);
      expect((await list(own, "ann", "w")).sort()).toEqual([group.key, "other"].sort());
      expect(await list(own, "ann", "f")).toEqual([group.key]);
      expect(await list(own, "ben", "w")).toEqual([]);
      await own.updateSettings(other.id, "ann", { removeTags: ["w", "x"] });
      expect(await own.removeTag("ann", "f")).toBe(true);
      expect(await own.removeTag("ann", "f")).toBe(false);
      expect((await stateOf(own, group, "ann")).settings.tags).toEqual(["w"]);
      expect(await list(own, "ann", "w")).toEqual([group.key]);
    });
  });

  describe("readers of a message", () => {
    test("are members who were there before it and have read past it, but for its sender", async () => {
      const { own, group } = await fixture.newGroup();
      await own.addMembers(group.id, ["cid", "dan"]);
      const first = await send(own, group.id, { marksRead: true });
      await own.addMembers(group.id, ["late"]);
      const second = await send(own, group.id, { marksRead: true });
      for (const user of ["late", "ben", "dan"]) await own.moveReadMark(group.id, user, second.sentAt);
      await own.moveReadMark(group.id, "cid", first.sentAt);
      const readers = async (sentAt: number, after: string | null, limit: number) =>
        (await own.listReaders(group.id, sentAt, after, limit)).map(({ userId }) => userId);
      expect(await readers(first.sentAt, null, 2)).toEqual(["ben", "cid"]);
      expect(await readers(first.sentAt, "cid", 2)).toEqual(["dan"]);
      expect(await own.countReaders(group.id, first.sentAt)).toEqual({ read: 3, members: 3 });
      expect(await readers(second.sentAt, null, 10)).toEqual(["ben", "dan", "late"]);
      expect(await own.countReaders(group.id, second.sentAt)).toEqual({ read: 3, members: 4 });
      const [ben] = await own.listReaders(group.id, first.sentAt, null, 1);
      expect(ben).toMatchObject({ userId: "ben", sentAt: second.sentAt });
      expect(ben?.readAt).toBeGreaterThan(0);
      await own.removeMembers(group.id, ["ben"]);
      expect(await own.countReaders(group.id, first.sentAt)).toEqual({ read: 2, members: 2 });
      expect(await readers(5, null, 10)).toEqual([]);
      expect(await own.countReaders(group.id, 5)).toEqual({ read: 0, members: 0 });
    });
  });
};
