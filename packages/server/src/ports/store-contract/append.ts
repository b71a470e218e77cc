import { describe, expect, test } from "bun:test";
import { expectRefusal, type Fixture, newConversation, readLog, send, setActive } from "./fixture.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

export const appendContract = (fixture: Fixture): void => {
  describe("append", () => {
    test("counts 1, 2, 3, and times rise", async () => {
      const { own, group } = await fixture.newGroup();
      const before = Date.now() * 1000;
      const [first, second] = [await send(own, group.id), await send(own, group.id, { senderId: null })];
      expect(first).toEqual({ sentAt: first.sentAt, seq: 1, isRepeat: false });
      expect(second).toEqual({ sentAt: second.sentAt, seq: 2, isRepeat: false });
      expect(first.sentAt).toBeWithin(before, second.sentAt);
      expect(second.sentAt).toBeWithin(first.sentAt + 1, (Date.now() + 1000) * 1000);
    });

    test("keeps every field", async () => {
      const { own, group } = await fixture.newGroup();
      const content = JSON.stringify({ text: "Grüße 🙂 \u0000 ' \" \\ \u2028", deep: [1, { a: null }] });
      const { sentAt } = await send(own, group.id, { content, type: "poll", senderId: "ben", clientId: "c" });
      const message = { conversationId: group.id, sentAt, seq: 1, senderId: "ben", type: "poll", content };
      expect(await readLog(own, group.id)).toEqual([
        { ...message, isCounted: true, isActive: true, clientId: "c" },
      ]);
    });

    test("keeps a message of a mebibyte", async () => {
      const { own, group } = await fixture.newGroup();
      const content = JSON.stringify({ text: "x".repeat(1 << 20) });
      await send(own, group.id, { content });
      expect((await readLog(own, group.id))[0]?.content).toBe(content);
    });

    test("numbers are gapless, and calls are answered in their order, however many append at once", async () => {
      const { own, group } = await fixture.newGroup();
      const other = await newConversation(own);
      const order: number[] = [];
      await Promise.all(
        numbers(3000).map(async (number) => {
          const { seq } = await send(own, (number % 3 ? group : other).id, {
            content: `{"number":${number}}`,
          });
          if (number % 3) order.push(seq);
        }),
      );
      expect(order).toEqual(numbers(2000));
      for (const [conversation, count] of [[group, 2000] as const, [other, 1000] as const]) {
        const log = await readLog(own, conversation.id);
        expect(log.map((message) => message.seq)).toEqual(numbers(count));
        const times = log.map((message) => message.sentAt);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        const contents = log.map((message) => JSON.parse(message.content).number);
        expect(contents).toEqual([...contents].sort((a, b) => a - b));
      }
    });

    test("one process gives no time twice, in whatever conversations: a message may be looked up by its time alone", async () => {
      const { own } = await fixture.newGroup();
      const rooms = await Promise.all(numbers(20).map(() => newConversation(own)));
      const sent = await Promise.all(
        numbers(1200).map((number) => send(own, rooms[number % rooms.length]?.id as number)),
      );
      expect(new Set(sent.map(({ sentAt }) => sentAt)).size).toBe(sent.length);
    });

    test("a repeated client id returns the first result and stores nothing", async () => {
      const { own, group } = await fixture.newGroup();
      const first = await send(own, group.id, { clientId: "c1" });
      const last = await send(own, group.id, { clientId: "c2" });
      const repeat = await send(own, group.id, { clientId: "c1", content: "{}", marksRead: true });
      expect(repeat).toEqual({ ...first, isRepeat: true });
      expect((await readLog(own, group.id)).map((message) => message.sentAt)).toEqual([
        first.sentAt,
        last.sentAt,
      ]);
      expect((await send(own, group.id)).seq).toBe(3);
      expect(await own.listReadMarks(group.id, 10)).toEqual([]);
      expect(await own.countUnread([group.id], "ben", 10)).toEqual([3]);
    });

    test("a client id is the sender's and the conversation's own; the app has one too", async () => {
      const { own, group } = await fixture.newGroup();
      const other = await newConversation(own);
      const sends = [
        () => send(own, group.id, { clientId: "c", senderId: "ann" }),
        () => send(own, group.id, { clientId: "c", senderId: "ben" }),
        () => send(own, group.id, { clientId: "c", senderId: null }),
        () => send(own, other.id, { clientId: "c", senderId: "ann" }),
        () => send(own, group.id, { clientId: null }),
        () => send(own, group.id, { clientId: null }),
      ];
      const first = await Promise.all(sends.map((again) => again()));
      expect(first.map((appended) => appended.isRepeat)).toEqual(sends.map(() => false));
      const second = await Promise.all(sends.slice(0, 4).map((again) => again()));
      expect(second).toEqual(first.slice(0, 4).map((appended) => ({ ...appended, isRepeat: true })));
    });

    test("of many that race with one client id, one is stored", async () => {
      const { own, group } = await fixture.newGroup();
      const races = await Promise.all(numbers(50).map(() => send(own, group.id, { clientId: "c" })));
      expect(races.filter((appended) => !appended.isRepeat)).toHaveLength(1);
      expect(new Set(races.map((appended) => `${appended.sentAt}/${appended.seq}`)).size).toBe(1);
      expect(await readLog(own, group.id)).toHaveLength(1);
    });

    test("a repeat is known when its message is hidden", async () => {
      const { own, group } = await fixture.newGroup();
      const first = await send(own, group.id, { clientId: "c" });
      await setActive(own, group.id, first.sentAt, false);
      expect(await send(own, group.id, { clientId: "c" })).toEqual({ ...first, isRepeat: true });
    });

    test("a refused write does not disturb those it shares a commit with", async () => {
      const { own, group } = await fixture.newGroup();
      const gone = await newConversation(own);
      await own.deleteConversation(gone.id);
      const outcomes = await Promise.allSettled(
        numbers(60).map((number): Promise<unknown> => {
          if (number % 4 === 0) return send(own, gone.id);
          if (number % 4 === 1) return own.addMembers(gone.id, ["cid"]);
          if (number % 4 === 2) return newConversation(own, { key: group.key });
          return send(own, group.id);
        }),
      );
      const fulfilled = outcomes.map((outcome) => outcome.status === "fulfilled");
      expect(fulfilled).toEqual(numbers(60).map((number) => number % 4 === 3));
      expect((await readLog(own, group.id)).map((message) => message.seq)).toEqual(numbers(15));
    });

    test("writes take effect in the order of their calls", async () => {
      const { own, group } = await fixture.newGroup();
      const first = send(own, group.id, { marksRead: true });
      const early = own.moveReadMark(group.id, "ben", Number.MAX_SAFE_INTEGER);
      const second = send(own, group.id);
      const late = own.moveReadMark(group.id, "ben", Number.MAX_SAFE_INTEGER);
      const deleted = own.deleteConversation(group.id);
      const refused = expectRefusal(send(own, group.id), "conversationNotFound");
      expect((await early)?.seq).toBe((await first).seq);
      expect((await late)?.seq).toBe((await second).seq);
      expect(await deleted).toBe(true);
      await refused;
    });

    test("what was answered is there for the next reader", async () => {
      const { own, group } = await fixture.newGroup();
      for (const number of numbers(50)) {
        const { sentAt } = await send(own, group.id);
        expect((await own.listMessages(group.id, null, 1))[0]).toMatchObject({ sentAt, seq: number });
      }
    });
  });
};
