import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import { expectRefusal, type Fixture, newConversation, readLog, send, setActive } from "./fixture.ts";

const sendSome = async (own: AppStore, conversationId: number, count: number) =>
  (await Promise.all(Array.from({ length: count }, () => send(own, conversationId)))).map(
    ({ sentAt }) => sentAt,
  );

export const messagesContract = (fixture: Fixture): void => {
  describe("messages", () => {
    test("lists newest first, in pages", async () => {
      const { own, group } = await fixture.newGroup();
      const times = await sendSome(own, group.id, 25);
      const seen: number[] = [];
      for (let before: number | null = null; ; before = seen.at(-1) as number) {
        const page = await own.listMessages(group.id, before, 10);
        if (page.length === 0) break;
        seen.push(...page.map((message) => message.sentAt));
      }
      expect(seen).toEqual(times.reverse());
      expect(await own.listMessages(group.id, null, 0)).toEqual([]);
      expect(await own.listMessages(group.id, null, -1)).toEqual([]);
      expect(await own.listMessages(group.id, 1, 10)).toEqual([]);
    });

    test("a hidden message is not listed, is found, and can be shown again", async () => {
      const { own, group } = await fixture.newGroup();
      const [first, second, third] = (await sendSome(own, group.id, 3)) as [number, number, number];
      expect(await setActive(own, group.id, second, false)).toBe(true);
      expect(await setActive(own, group.id, second, false)).toBe(false);
      expect((await readLog(own, group.id)).map((message) => message.sentAt)).toEqual([first, third]);
      expect(await own.findMessage(group.id, second)).toMatchObject({ seq: 2, isActive: false });
      expect(await setActive(own, group.id, second, true)).toBe(true);
      expect(await setActive(own, group.id, second, true)).toBe(false);
      expect(await readLog(own, group.id)).toHaveLength(3);
      await expectRefusal(setActive(own, group.id, second + 1_000_000_000, false), "messageNotFound");
    });

    test("finds the newest shown message of each conversation", async () => {
      const { own, group } = await fixture.newGroup();
      const [empty, hidden] = [await newConversation(own), await newConversation(own)];
      const times = (await sendSome(own, group.id, 3)) as [number, number, number];
      await setActive(own, group.id, times[2], false);
      for (const sentAt of await sendSome(own, hidden.id, 2)) await setActive(own, hidden.id, sentAt, false);
      const last = await own.listLastMessages([empty.id, group.id, hidden.id, group.id, 12_345]);
      expect(last.map(({ conversationId, sentAt }) => ({ conversationId, sentAt }))).toEqual([
        { conversationId: group.id, sentAt: times[1] },
      ]);
      expect(await own.listLastMessages([])).toEqual([]);
    });

    test("finds by time, with the conversation, hidden or not", async () => {
      const { own, group } = await fixture.newGroup();
      const { sentAt } = await send(own, group.id);
      const [message] = await readLog(own, group.id);
      expect(await own.findMessages(sentAt)).toEqual([{ message: message as never, conversation: group }]);
      await setActive(own, group.id, sentAt, false);
      const hidden = {
        ...(message as NonNullable<typeof message>),
        isActive: false,
        state: "hidden" as const,
        changeSeq: 2,
      };
      expect(await own.findMessages(sentAt)).toEqual([{ message: hidden, conversation: group }]);
      expect(await own.findMessages(sentAt + 1)).toEqual([]);
      expect(await own.findMessage(group.id, sentAt + 1)).toBeNull();
    });
  });
};
