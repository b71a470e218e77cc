import { describe, expect, test } from "bun:test";
import { conversationsOf, expectRefusal, type Fixture, readLog, send } from "./fixture.ts";

export const purgeContract = (fixture: Fixture): void => {
  const purgeAll = async (limit: number): Promise<number[]> => {
    const removed: number[] = [];
    for (;;) {
      const count = await fixture.store.apps.purge(limit);
      if (count === 0) return removed;
      removed.push(count);
    }
  };

  describe("purge", () => {
    test("removes a deleted conversation in pieces, and leaves the others alone", async () => {
      await purgeAll(1000);
      const { own, group } = await fixture.newGroup();
      const doomed = await own.createConversation({
        kind: "group",
        key: "doomed",
        admission: "members",
        memberIds: ["ann", "ben", "cid"],
      });
      for (const { id } of [group, doomed]) {
        await Promise.all(Array.from({ length: 25 }, () => send(own, id, { marksRead: true })));
      }
      const mentions = { userIds: ["ben", "cid"], isAll: false };
      for (const { id } of [group, doomed]) await send(own, id, { mentions, toUserIds: ["ben", "cid"] });
      await own.deleteConversation(doomed.id);
      // 26 messages, 2 mentions, 3 recipients, a mark, 3 members, the conversation.
      expect(await purgeAll(7)).toEqual([7, 7, 7, 7, 7, 1]);
      expect(await own.countMentions([group.id], "ben", 10)).toEqual([1]);
      expect(await own.countUnread([group.id], "cid", 100)).toEqual([26]);
      expect(await readLog(own, group.id)).toHaveLength(25);
      expect(await own.listMembers(group.id, null, 10)).toEqual(["ann", "ben"]);
      expect(await own.listReadMarks(group.id, 10)).toHaveLength(1);
    });

    test("removes everything of a deleted app, and nothing of another", async () => {
      await purgeAll(1000);
      const { app, own, group } = await fixture.newGroup();
      const { own: other, group: kept } = await fixture.newGroup();
      for (const [store, id] of [[own, group.id] as const, [other, kept.id] as const]) {
        await store.openSession({ tokenHash: "t", userId: "ann", deviceId: "d", fcmToken: null }, 1);
        await store.changeUserRules(["ann"], { isDirectMuted: true });
        await store.addContacts("ann", "allow", ["ben", "cid"], 2);
        const { sentAt } = await send(store, id, { marksRead: true });
        await store.createReport({
          conversationId: id,
          sentAt,
          reporterId: "ben",
          reportType: 1,
          comment: null,
        });
      }
      await fixture.store.apps.delete(app.key);
      await expectRefusal(send(own, group.id), "conversationNotFound");
      await expectRefusal(own.addMembers(group.id, ["cid"]), "conversationNotFound");
      expect(await conversationsOf(own, "ann")).toEqual([]);
      // A message, a mark, 2 members, the conversation, a session, a user, their rules, 2 contacts, a report, the app.
      expect((await purgeAll(2)).reduce((sum, count) => sum + count, 0)).toBe(12);
      expect(await own.findSession("t")).toBeNull();
      expect(await own.findUsers(["ann"])).toEqual([]);
      expect(await own.findUserStates(["ann"])).toEqual([]);
      expect(await own.findListing(["ann"], "allow", "ben")).toEqual([]);
      expect(await other.findListing(["ann"], "allow", "ben")).toEqual(["ann"]);
      expect(await own.listReports(null, 10)).toEqual([]);
      expect(await readLog(own, group.id)).toEqual([]);
      expect(await readLog(other, kept.id)).toHaveLength(1);
      expect(await other.listReports(null, 10)).toHaveLength(1);
      expect((await other.findSession("t"))?.userId).toBe("ann");
    });

    test("goes on beside the messages of others", async () => {
      const { own, group } = await fixture.newGroup();
      const { own: other, group: doomed } = await fixture.newGroup();
      await Promise.all(Array.from({ length: 500 }, () => send(other, doomed.id)));
      await other.deleteConversation(doomed.id);
      const sends = Array.from({ length: 200 }, () => send(own, group.id));
      const removed = await purgeAll(50);
      expect(removed.every((count) => count <= 50)).toBe(true);
      expect((await Promise.all(sends)).map(({ seq }) => seq)).toEqual(sends.map((_, index) => index + 1));
    });

    test("has nothing to do with nothing deleted", async () => {
      await purgeAll(1000);
      expect(await fixture.store.apps.purge(10)).toBe(0);
      expect(await fixture.store.apps.purge(0)).toBe(0);
      expect(await fixture.store.apps.purge(-1)).toBe(0);
    });
  });
};
