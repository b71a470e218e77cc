import { describe, expect, test } from "bun:test";
import { type Fixture, newConversation, send } from "./fixture.ts";

export const mentionsContract = (fixture: Fixture): void => {
  describe("mentions", () => {
    const people = (...userIds: string[]) => ({ userIds, isAll: false });
    const all = { userIds: [], isAll: true };

    test("are kept with the message, and counted for those mentioned after their mark", async () => {
      const { own, group } = await fixture.newGroup();
      const count = async (userId: string, cap = 10) => (await own.countMentions([group.id], userId, cap))[0];
      const first = await send(own, group.id, { mentions: people("ben", "cid", "ben") });
      await send(own, group.id);
      await send(own, group.id, { mentions: all });
      await send(own, group.id, { mentions: { userIds: ["ben"], isAll: true } });
      expect((await own.findMessage(group.id, first.sentAt))?.mentions).toEqual(people("ben", "cid", "ben"));
      expect([await count("ben"), await count("cid"), await count("dan")]).toEqual([3, 3, 2]);
      expect([await count("ben", 2), await count("ben", 0)]).toEqual([2, 0]);
      await own.moveReadMark(group.id, "ben", first.sentAt);
      expect([await count("ben"), await count("cid")]).toEqual([2, 3]);
      const listed = await own.listMentions(group.id, "ben", null, 10);
      expect(listed.map(({ seq }) => seq)).toEqual([4, 3, 1]);
      expect(await own.listMentions(group.id, "ben", first.sentAt, 10)).toEqual([]);
      expect(await own.listMentions(group.id, "ben", null, 1)).toHaveLength(1);
      expect(await own.listMentions(group.id, "ben", null, -1)).toEqual([]);
    });

    test("nobody is mentioned by themselves, nor by what does not count", async () => {
      const { own, group } = await fixture.newGroup();
      await send(own, group.id, { mentions: all });
      await send(own, group.id, { mentions: people("ann", "ben") });
      await send(own, group.id, { mentions: all, isCounted: false });
      await send(own, group.id, { mentions: people(), isCounted: true });
      await send(own, group.id, { mentions: people("", "ben"), senderId: null });
      expect(await own.countMentions([group.id], "ann", 10)).toEqual([0]);
      expect(await own.countMentions([group.id], "ben", 10)).toEqual([3]);
      expect(await own.countMentions([group.id], "cid", 10)).toEqual([1]);
    });

    test("a repeat mentions nobody again, a batch keeps everybody's apart", async () => {
      const { own, group } = await fixture.newGroup();
      const other = await newConversation(own);
      await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          send(own, (index % 2 ? group : other).id, {
            clientId: `c${index % 20}`,
            ...(index % 3 === 0 ? {} : { mentions: people(index % 3 === 1 ? "ben" : "cid") }),
          }),
        ),
      );
      const expected = (userId: string, rest: number, room: number) =>
        Array.from({ length: 20 }, (_, index) => index).filter(
          (index) => index % 2 === room && index % 3 === rest,
        ).length + (userId === "" ? 1 : 0);
      for (const [userId, rest] of [["ben", 1] as const, ["cid", 2] as const])
        expect(await own.countMentions([other.id, group.id, 12_345], userId, 100)).toEqual([
          expected(userId, rest, 0),
          expected(userId, rest, 1),
          0,
        ]);
    });
  });
};
