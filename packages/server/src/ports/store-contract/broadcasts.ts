import { describe, expect, test } from "bun:test";
import { until } from "../../testing/until.ts";
import type { AppStore, Conversation } from "../store.ts";
import { conversationsOf, expectRefusal, type Fixture, newConversation, send, unique } from "./fixture.ts";
import { SyncDevice, sorted, wholeList } from "./sync-device.ts";

/** A user from now on: later than everything that was sent before. */
const register = async (own: AppStore, ...userIds: string[]): Promise<void> => {
  const now = Date.now();
  await until("another millisecond", () => Date.now() > now);
  for (const userId of userIds)
    await own.openSession({ tokenHash: unique("token"), userId, deviceId: "d", fcmToken: null }, 1);
};

const open = (own: AppStore): Promise<Conversation> =>
  newConversation(own, { kind: "system", admission: "everyone", memberIds: [] });

const stateOf = async (own: AppStore, userId: string, { id }: Conversation) =>
  (await own.listConversationStates(userId, [id], 100))[0];

const keysOf = async (own: AppStore, userId: string, limit = 100, before: never | null = null) =>
  (await own.listConversations(userId, { before, tagId: null, limit, unreadCap: 100 })).map(
    ({ conversation }) => conversation.key,
  );

export const broadcastsContract = (fixture: Fixture): void => {
  describe("what is everybody's", () => {
    test("is there for every user and nobody else, and members are told of nowhere", async () => {
      const { own } = await fixture.newApp();
      await register(own, "ann", "ben");
      const news = await open(own);
      expect(await own.listBroadcasts()).toEqual([news]);
      expect(news.admission).toBe("everyone");
      expect(await own.isMember(news.id, "ann")).toBe(true);
      expect(await own.isMember(news.id, "nobody")).toBe(false);
      expect(await own.listMembers(news.id, null, 10)).toEqual([]);
      expect(await conversationsOf(own, "ann")).toEqual([]);
      expect(await own.findMembers(news.id, ["ann"])).toEqual([]);
    });

    test("is on everybody's list once something was said, in its place, with what they have to read", async () => {
      const { own } = await fixture.newApp();
      await register(own, "ann", "ben");
      const news = await open(own);
      const group = await newConversation(own);
      expect(await keysOf(own, "ann")).toEqual([group.key]);
      const { sentAt } = await send(own, news.id, { senderId: "office" });
      await send(own, news.id, { senderId: "office", isCounted: false });
      for (const userId of ["ann", "ben"]) {
        expect(await keysOf(own, userId)).toEqual([news.key, group.key]);
        expect(await stateOf(own, userId, news)).toMatchObject({
          conversation: news,
          head: { seq: 2 },
          lastMessage: { seq: 2 },
          unread: 1,
          memberCount: 0,
          readMark: null,
        });
      }
      await send(own, group.id);
      expect(await keysOf(own, "ann")).toEqual([group.key, news.key]);
      expect(await keysOf(own, "ann", 1)).toEqual([group.key]);
      expect(await own.moveReadMark(news.id, "ann", sentAt)).toMatchObject({ hasMoved: true });
      expect(await stateOf(own, "ann", news)).toMatchObject({ unread: 0, readMark: { sentAt, seq: 1 } });
      expect((await stateOf(own, "ben", news))?.unread).toBe(1);
      expect(await own.listConversationStates("nobody", [news.id], 10)).toEqual([]);
      expect(await keysOf(own, "nobody")).toEqual([]);
    });

    test("has pages among the other conversations of a list", async () => {
      const { own } = await fixture.newApp();
      await register(own, "ann");
      const made: string[] = [];
      for (let count = 0; count < 6; count++) {
        const one = await (count % 2 === 0 ? open(own) : newConversation(own));
        await send(own, one.id, { senderId: null });
        made.unshift(one.key);
      }
      const seen: string[] = [];
      let before = null;
      for (let page = 0; page < 4; page++) {
        const states = await own.listConversations("ann", { before, tagId: null, limit: 2, unreadCap: 9 });
        seen.push(...states.map(({ conversation }) => conversation.key));
        const last = states.at(-1);
        if (last)
          before = { isPinned: false, sortAt: last.sortAt, conversationId: last.conversation.id } as never;
      }
      expect(seen).toEqual(made);
    });

    test("begins for somebody when they come to be a user", async () => {
      const { own } = await fixture.newApp();
      await register(own, "ann");
      const news = await open(own);
      const old = await send(own, news.id, { senderId: "office" });
      await register(own, "late");
      expect(await stateOf(own, "late", news)).toBeUndefined();
      expect(await keysOf(own, "late")).toEqual([]);
      const device = new SyncDevice("late");
      await device.finish(own, 10);
      expect(device.states.size).toBe(0);
      const fresh = await send(own, news.id, { senderId: "office" });
      expect(await stateOf(own, "late", news)).toMatchObject({ unread: 1, lastMessage: { seq: 2 } });
      await device.finish(own, 10);
      expect(sorted(device.states)).toEqual(sorted(await wholeList(own, "late")));
      expect((await stateOf(own, "ann", news))?.unread).toBe(2);
      const seqsOf = async (userId: string) =>
        (await own.listMessages(news.id, null, 10, { userId })).map(({ seq }) => seq);
      expect(await seqsOf("late")).toEqual([2]);
      expect(await seqsOf("ann")).toEqual([2, 1]);
      expect((await own.listVisibleMessages(news.id, "late", null, 10)).map(({ seq }) => seq)).toEqual([2]);
      expect((await own.listLastMessages([news.id], { userId: "late" })).map(({ seq }) => seq)).toEqual([2]);
      // A change of what they never saw is none of theirs.
      await own.change({ conversationId: news.id, of: old.sentAt, kind: "recall", by: null });
      const page = await own.listEntriesSince(news.id, 0, 10, "late");
      expect(page).toMatchObject({ lastSeq: 3, hasMore: false });
      expect(page?.entries).toEqual([
        { message: expect.objectContaining({ seq: 2, sentAt: fresh.sentAt }) as never },
      ]);
      expect((await own.listEntriesSince(news.id, 0, 10, "ann"))?.entries).toHaveLength(3);
      expect((await stateOf(own, "late", news))?.unread).toBe(1);
      expect((await stateOf(own, "ann", news))?.unread).toBe(1);
    });

    test("can be set, cleared and taken off the list by each for themselves", async () => {
      const { own } = await fixture.newApp();
      await register(own, "ann", "ben");
      const news = await open(own);
      const first = await send(own, news.id, { senderId: "office" });
      const second = await send(own, news.id, { senderId: "office" });
      await own.updateSettings(news.id, "ann", { isPinned: true, muteLevel: 5 });
      await own.deleteOwn(news.id, "ann", [second.sentAt], 10);
      expect(await own.clearHistory(news.id, "ann", first.sentAt)).toBe(first.sentAt);
      expect(await stateOf(own, "ann", news)).toMatchObject({
        settings: { isPinned: true, muteLevel: 5 },
        unread: 0,
        lastMessage: null,
      });
      expect(await stateOf(own, "ben", news)).toMatchObject({
        settings: { isPinned: false, muteLevel: null },
        unread: 2,
        lastMessage: { seq: 2 },
      });
      await own.removeFromList(news.id, "ann");
      expect(await keysOf(own, "ann")).toEqual([]);
      await send(own, news.id, { senderId: "office" });
      expect(await keysOf(own, "ann")).toEqual([news.key]);
      await expectRefusal(own.updateSettings(news.id, "nobody", { isPinned: true }), "notMember");
    });

    test("is synchronised as any conversation is", async () => {
      const { own } = await fixture.newApp();
      await register(own, "ann", "ben");
      const device = new SyncDevice("ann");
      await device.finish(own, 2);
      const news = await open(own);
      await open(own);
      const group = await newConversation(own);
      const { sentAt } = await send(own, news.id, { senderId: "office" });
      const isInStep = async (...keys: string[]) => {
        await device.finish(own, 1);
        expect(sorted(device.states)).toEqual(sorted(await wholeList(own, "ann")));
        expect([...device.states.values()].map(({ conversation }) => conversation.key).sort()).toEqual(
          keys.sort(),
        );
      };
      await isInStep(news.key, group.key);
      await own.moveReadMark(news.id, "ann", sentAt);
      await isInStep(news.key, group.key);
      await own.updateSettings(news.id, "ann", { isPinned: true });
      await own.updateSettings(news.id, "ben", { draft: "not Ann's" });
      await isInStep(news.key, group.key);
      await own.change({ conversationId: news.id, of: sentAt, kind: "delete", by: null });
      await isInStep(news.key, group.key);
      await own.removeFromList(news.id, "ann");
      await isInStep(group.key);
    });

    test("is erased for who is deactivated, as their own conversations are", async () => {
      const { own } = await fixture.newApp();
      await register(own, "ann", "ben");
      const news = await open(own);
      await newConversation(own);
      await send(own, news.id, { senderId: null });
      await own.updateSettings(news.id, "ann", { isPinned: true, draft: "mine" });
      await own.deactivateUsers(["ann"], Date.now(), Date.now());
      let rounds = 0;
      while (!(await own.eraseUser("ann", 1))) expect(++rounds).toBeLessThan(5);
      expect(await keysOf(own, "ann")).toEqual([]);
      await send(own, news.id, { senderId: null });
      expect(await stateOf(own, "ann", news)).toMatchObject({
        settings: { isPinned: false, draft: null },
        unread: 1,
        lastMessage: { seq: 2 },
      });
      expect((await stateOf(own, "ben", news))?.unread).toBe(2);
    });

    test("goes with its app", async () => {
      const { app, own } = await fixture.newApp();
      const { own: other } = await fixture.newApp();
      const [news, kept] = [await open(own), await open(other)];
      await send(own, news.id);
      await fixture.store.apps.delete(app.key);
      while ((await fixture.store.apps.purge(1000)) > 0);
      expect(await own.listBroadcasts()).toEqual([]);
      expect(await other.listBroadcasts()).toEqual([kept]);
    });
  });
};
