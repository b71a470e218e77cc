import { describe, expect, test } from "bun:test";
import { type Fixture, send } from "./fixture.ts";

export const directedContract = (fixture: Fixture): void => {
  describe("messages for some", () => {
    const prepare = async () => {
      const { own, group } = await fixture.newGroup();
      const open = await send(own, group.id, { senderId: "dan" });
      const toUserIds = ["ben", "cid"];
      const secret = await send(own, group.id, { toUserIds, mentions: { userIds: [], isAll: true } });
      return { own, group, open, secret, toUserIds };
    };

    test("are seen, counted and mentioned for them and the sender only", async () => {
      const { own, group, open, secret, toUserIds } = await prepare();
      expect(secret.seq).toBe(2);
      expect((await own.findMessage(group.id, secret.sentAt))?.toUserIds).toEqual(toUserIds);
      for (const [userId, isSeen, mentions] of [
        ["ann", true, 0],
        ["ben", true, 1],
        ["cid", true, 1],
        ["dan", false, 0],
        [null, false, 0],
      ] as const) {
        const seen = (await own.listMessages(group.id, null, 10, { userId })).map(({ seq }) => seq);
        expect(seen).toEqual(isSeen ? [2, 1] : [1]);
        expect((await own.listLastMessages([group.id], { userId }))[0]?.seq).toBe(isSeen ? 2 : 1);
        if (userId === null) continue;
        expect(await own.countUnread([group.id], userId, 10)).toEqual([isSeen ? 2 : 1]);
        expect(await own.countMentions([group.id], userId, 10)).toEqual([mentions]);
        const page = await own.listEntriesSince(group.id, 0, 10, userId);
        expect(page).toMatchObject({ lastSeq: 2, hasMore: false });
        expect(page?.entries).toHaveLength(isSeen ? 2 : 1);
        const mark = await own.moveReadMark(group.id, userId, Number.MAX_SAFE_INTEGER);
        expect(mark?.sentAt).toBe((isSeen ? secret : open).sentAt);
        expect(await own.countUnread([group.id], userId, 10)).toEqual([0]);
      }
    });

    test("and so are their changes", async () => {
      const { own, group, secret } = await prepare();
      const change = { conversationId: group.id, of: secret.sentAt, by: "ann" } as const;
      const changed = await own.change({ ...change, kind: "modify", content: '{"n":1}' });
      expect(changed?.change.viewerIds?.sort()).toEqual(["ann", "ben", "cid"]);
      expect((await own.listEntriesSince(group.id, 0, 10, "dan"))?.entries).toHaveLength(1);
      expect((await own.listEntriesSince(group.id, 0, 10, "cid"))?.entries).toHaveLength(3);
      await own.change({ ...change, kind: "recall" });
      expect(await own.countUnread([group.id], "ben", 10)).toEqual([1]);
      expect(await own.countUnread([group.id], "dan", 10)).toEqual([1]);
      expect(await own.countMentions([group.id], "ben", 10)).toEqual([0]);
    });

    test("mention none but those they are for, and count for none when they don't count", async () => {
      const { own, group } = await fixture.newGroup();
      const mentions = { userIds: ["ben", "dan"], isAll: false };
      await send(own, group.id, { toUserIds: ["ben"], mentions, senderId: null });
      await send(own, group.id, { toUserIds: ["ben"], mentions, isCounted: false });
      expect(await own.countMentions([group.id], "ben", 10)).toEqual([1]);
      expect(await own.countMentions([group.id], "dan", 10)).toEqual([0]);
      expect(await own.countUnread([group.id], "ben", 10)).toEqual([1]);
      expect(await own.countUnread([group.id], "dan", 10)).toEqual([0]);
      await send(own, group.id);
      expect(await own.countUnread([group.id], "dan", 10)).toEqual([1]);
      const [message] = await own
        .listMessages(group.id, null, 10, { userId: "ben" })
        .then((all) => all.slice(1));
      expect(message).toMatchObject({ isCounted: false, toUserIds: ["ben"] });
    });

    test("share batches with others, and ids may be any texts", async () => {
      const { own, group } = await fixture.newGroup();
      const strange = ['"', ",", "\\", "ü\n🙂", "ann"];
      await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          send(own, group.id, index % 2 ? {} : { toUserIds: [strange[(index / 2) % 5] as string] }),
        ),
      );
      // Ann is the sender of all.
      const expected = strange.map((userId) => (userId === "ann" ? 40 : 24));
      for (const [index, userId] of strange.entries()) {
        expect(await own.countUnread([group.id], userId, 100)).toEqual([expected[index] as number]);
        expect(await own.listMessages(group.id, null, 100, { userId })).toHaveLength(
          expected[index] as number,
        );
      }
    });

    test("history goes forward, too", async () => {
      const { own, group, open, secret } = await prepare();
      const third = await send(own, group.id);
      const list = (after: number, userId: string) =>
        own.listMessages(group.id, null, 1, { after, isForward: true, userId });
      expect((await list(0, "dan"))[0]?.seq).toBe(1);
      expect((await list(open.sentAt, "dan"))[0]?.sentAt).toBe(third.sentAt);
      expect((await list(open.sentAt, "ben"))[0]?.sentAt).toBe(secret.sentAt);
      expect(await list(third.sentAt, "ben")).toEqual([]);
      const quote = { sentAt: open.sentAt, seq: 1, senderId: "dan", type: "text", content: "{}" };
      const { sentAt } = await send(own, group.id, { quote });
      expect((await own.findMessage(group.id, sentAt))?.quote).toEqual(quote);
    });
  });
};
