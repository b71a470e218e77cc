import { describe, expect, test } from "bun:test";
import { type Fixture, newConversation, send, setActive } from "./fixture.ts";

export const readMarksContract = (fixture: Fixture): void => {
  describe("read marks", () => {
    test("a mark stands on the last message at or before the time, and never goes back", async () => {
      const { own, group } = await fixture.newGroup();
      const first = await send(own, group.id);
      const second = await send(own, group.id);
      const third = await send(own, group.id);
      const at = ({ sentAt, seq }: { sentAt: number; seq: number }) => ({ userId: "ben", sentAt, seq });

      expect(await own.moveReadMark(group.id, "ben", first.sentAt - 1)).toBeNull();
      expect(await own.listReadMarks(group.id, 10)).toEqual([]);
      expect(await own.moveReadMark(group.id, "ben", third.sentAt - 1)).toEqual({
        ...at(second),
        hasMoved: true,
      });
      expect(await own.moveReadMark(group.id, "ben", second.sentAt)).toEqual({
        ...at(second),
        hasMoved: false,
      });
      expect(await own.moveReadMark(group.id, "ben", first.sentAt)).toEqual({
        ...at(second),
        hasMoved: false,
      });
      const far = Number.MAX_SAFE_INTEGER;
      expect(await own.moveReadMark(group.id, "ben", far)).toEqual({ ...at(third), hasMoved: true });
      expect(await own.listReadMarks(group.id, 10)).toEqual([at(third)]);
    });

    test("there is no mark in an empty conversation", async () => {
      const { own, group } = await fixture.newGroup();
      expect(await own.moveReadMark(group.id, "ben", Number.MAX_SAFE_INTEGER)).toBeNull();
    });

    test("a mark may stand on a hidden message", async () => {
      const { own, group } = await fixture.newGroup();
      const { sentAt } = await send(own, group.id);
      await setActive(own, group.id, sentAt, false);
      expect(await own.moveReadMark(group.id, "ben", sentAt)).toMatchObject({ sentAt, hasMoved: true });
    });

    test("a send moves its author's mark when asked, and never back", async () => {
      const { own, group } = await fixture.newGroup();
      await send(own, group.id, { senderId: "ben" });
      await send(own, group.id, { senderId: null, marksRead: true });
      expect(await own.listReadMarks(group.id, 10)).toEqual([]);
      const sent = await Promise.all(
        [1, 2, 3].map(() => send(own, group.id, { senderId: "ann", marksRead: true })),
      );
      const { sentAt, seq } = sent[2] as (typeof sent)[number];
      expect(await own.listReadMarks(group.id, 10)).toEqual([{ userId: "ann", sentAt, seq }]);
      await send(own, group.id, { senderId: "ben" });
      expect(await own.countUnread([group.id], "ann", 10)).toEqual([1]);
    });

    test("lists marks within a limit, and finds a user's marks among conversations", async () => {
      const { own, group } = await fixture.newGroup();
      const other = await newConversation(own);
      const unread = await newConversation(own);
      const { sentAt, seq } = await send(own, group.id);
      const second = await send(own, other.id);
      for (const user of ["ann", "ben", "cid"]) await own.moveReadMark(group.id, user, sentAt);
      await own.moveReadMark(other.id, "ben", second.sentAt);
      expect(await own.listReadMarks(group.id, 2)).toHaveLength(2);
      expect(await own.listReadMarks(group.id, 9)).toHaveLength(3);
      const marks = await own.findReadMarks([group.id, other.id, unread.id], "ben");
      expect(marks.sort((a, b) => a.conversationId - b.conversationId)).toEqual([
        { conversationId: group.id, userId: "ben", sentAt, seq },
        { conversationId: other.id, userId: "ben", sentAt: second.sentAt, seq: second.seq },
      ]);
      expect(await own.findReadMarks([], "ben")).toEqual([]);
    });

    test("counts unread within the cap, in the order asked", async () => {
      const { own, group } = await fixture.newGroup();
      const other = await newConversation(own);
      await Promise.all([1, 2, 3].map(() => send(own, group.id)));
      await send(own, group.id, { isCounted: false });
      await send(own, other.id);
      const ids = [other.id, 12_345, group.id, other.id];
      expect(await own.countUnread(ids, "ben", 100)).toEqual([1, 0, 3, 1]);
      expect(await own.countUnread(ids, "ben", 2)).toEqual([1, 0, 2, 1]);
      expect(await own.countUnread([], "ben", 2)).toEqual([]);
    });
  });
};
