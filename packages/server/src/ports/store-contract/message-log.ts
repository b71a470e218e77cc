import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import type { LoggedMessage } from "../store-message-log.ts";
import { expectRefusal, type Fixture, newConversation, readLog, send } from "./fixture.ts";

const always = { from: 0, to: Number.MAX_SAFE_INTEGER };

const readAll = async (own: AppStore, span = always, limit = 3): Promise<LoggedMessage[]> => {
  const found: LoggedMessage[] = [];
  for (let from: number | null = span.from; from !== null; ) {
    const page = await own.listAppMessages({ ...span, from }, limit);
    found.push(...page.messages);
    from = page.next;
  }
  return found;
};

export const messageLogContract = (fixture: Fixture): void => {
  describe("the log of an app", () => {
    test("has the messages of all conversations by time, in pages, as they are now", async () => {
      const { own, group } = await fixture.newGroup();
      const hall = await newConversation(own, { kind: "chatroom", admission: "open", memberIds: [] });
      const sent: { sentAt: number }[] = [];
      for (let count = 0; count < 8; count++) {
        const { id } = count % 3 === 0 ? hall : group;
        sent.push(await send(own, id, count === 4 ? { toUserIds: ["ben"] } : {}));
      }
      const [, recalled, deleted] = sent as [{ sentAt: number }, { sentAt: number }, { sentAt: number }];
      await own.change({ conversationId: group.id, of: recalled.sentAt, kind: "recall", by: null });
      await own.change({ conversationId: group.id, of: deleted.sentAt, kind: "delete", by: null });
      const found = await readAll(own);
      const times = sent.map(({ sentAt }) => sentAt).filter((sentAt) => sentAt !== deleted.sentAt);
      expect(found.map(({ message }) => message.sentAt)).toEqual(times);
      expect(found[0]?.conversation).toEqual(hall);
      expect(found[1]).toMatchObject({ conversation: group, message: { state: "recalled", content: "{}" } });
      expect(found.find(({ message }) => message.toUserIds)?.message.toUserIds).toEqual(["ben"]);
      const span = { from: times[1] as number, to: times[4] as number };
      expect((await readAll(own, span)).map(({ message }) => message.sentAt)).toEqual(times.slice(1, 4));
      expect(await readAll(own, { from: times[1] as number, to: times[1] as number })).toEqual([]);
    });

    test("leaves out what is deleted with its conversation", async () => {
      const { own, group } = await fixture.newGroup();
      const doomed = await newConversation(own);
      for (const { id } of [doomed, group, doomed, doomed, doomed]) await send(own, id);
      await own.deleteConversation(doomed.id);
      expect((await readAll(own, always, 1)).map(({ conversation }) => conversation)).toEqual([group]);
    });

    test("remembers which hours are removed, for as long as is asked", async () => {
      const { own } = await fixture.newApp();
      await own.removeLogHour(3_600_000, 0);
      await own.removeLogHour(3_600_000, 0);
      await own.removeLogHour(7_200_000, 0);
      expect(await own.isLogHourRemoved(3_600_000)).toBe(true);
      expect(await own.isLogHourRemoved(0)).toBe(false);
      await own.removeLogHour(10_800_000, 7_200_000);
      const hours = [3_600_000, 7_200_000, 10_800_000];
      expect(await Promise.all(hours.map((hour) => own.isLogHourRemoved(hour)))).toEqual([false, true, true]);
    });

    test("loses the beginning of a chatroom's in pieces, and of nothing else's", async () => {
      const { own, group } = await fixture.newGroup();
      const hall = await newConversation(own, { kind: "chatroom", admission: "open", memberIds: [] });
      const other = await newConversation(own, { kind: "chatroom", admission: "open", memberIds: [] });
      const times: number[] = [];
      for (let count = 0; count < 7; count++) times.push((await send(own, hall.id)).sentAt);
      await send(own, other.id);
      await send(own, group.id);
      const upTo = times[4] as number;
      expect(await own.clearLog(hall.id, upTo, 3)).toBe(3);
      expect(await own.clearLog(hall.id, upTo, 3)).toBe(2);
      expect(await own.clearLog(hall.id, upTo, 3)).toBe(0);
      expect((await readLog(own, hall.id)).map(({ sentAt }) => sentAt)).toEqual(times.slice(5));
      expect(await own.clearLog(group.id, Number.MAX_SAFE_INTEGER, 10)).toBe(0);
      expect(await readLog(own, group.id)).toHaveLength(1);
      expect(await readLog(own, other.id)).toHaveLength(1);
      expect(await own.clearLog(hall.id, Number.MAX_SAFE_INTEGER, 10)).toBe(2);
      expect((await send(own, hall.id)).seq).toBe(8);
      expect(await readLog(own, hall.id)).toHaveLength(1);
      await expectRefusal(own.clearLog(-1, 1, 1), "conversationNotFound");
    });
  });
};
