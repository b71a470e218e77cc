import { beforeEach, describe, expect, test } from "bun:test";
import type { Conversation } from "../../ports/store.ts";
import { refusalOf, useCore } from "../../testing/core-world.ts";
import { changeMessage } from "./change-message.ts";
import { listHistory } from "./list-history.ts";
import { listLog } from "./list-log.ts";
import { type SendMessage, sendMessage } from "./send-message.ts";
import { sendSignal } from "./signals.ts";

const world = useCore();
let room: Conversation;
beforeEach(async () => {
  room = await world.newConversation(["ann", "ben", "cid"]);
  world.published.length = 0;
});

const send = (given: Partial<SendMessage> = {}) =>
  sendMessage(world.core, {
    conversation: room,
    senderId: "ann",
    senderData: null,
    type: "text",
    content: '{"text":"hello"}',
    marksRead: true,
    ...given,
  });
const sendTime = async (given: Partial<SendMessage> = {}) => (await send(given)).message.sentAt;
const recall = (of: number) =>
  changeMessage(world.core, { conversation: room, of, kind: "recall", by: "ann" });
const historyOf = async (userId: string) =>
  (await listHistory(world.core, room, { userId, before: null, limit: 100, withRecalled: true })).map(
    ({ message }) => message,
  );

describe("what listeners are told", () => {
  test("is what is read later", async () => {
    const quote = await sendTime({ senderId: "ben" });
    const mentions = { userIds: ["ben"], isAll: false };
    const { message } = await send({
      ...{ clientId: "c", isCounted: false, type: "app:poll", content: '{"q":1}' },
      ...{ mentions: { userIds: ["ben", "ben"], isAll: false }, quote, toUserIds: ["ben", "cid"] },
    });
    expect(message).toMatchObject({ mentions, isCounted: false, toUserIds: ["ben", "cid"] });
    expect(world.published.at(-1)).toMatchObject({ kind: "messageSent", message });
    expect((await historyOf("cid"))[0]).toEqual(message);
    expect((await historyOf("dan")).map(({ seq }) => seq)).toEqual([1]);
    expect(await world.core.store.countMentions([room.id], "ben", 10)).toEqual([0]);
  });

  test("a repeat tells nobody, and says that it is one", async () => {
    const { message } = await send({ clientId: "c" });
    const repeat = await send({ clientId: "c" });
    expect(repeat).toMatchObject({ isRepeat: true, message: { seq: message.seq, sentAt: message.sentAt } });
    expect(world.published).toHaveLength(1);
  });
});

describe("a quote", () => {
  test("holds what the message said, unless that is long, until it is recalled", async () => {
    const [short, long] = [await sendTime(), await sendTime({ content: `{"text":"${"ü".repeat(600)}"}` })];
    const answer = await send({ senderId: "ben", quote: short, content: '{"text":"yes"}' });
    expect(answer.message.quote).toEqual({
      sentAt: short,
      seq: 1,
      senderId: "ann",
      type: "text",
      content: '{"text":"hello"}',
    });
    expect((await send({ quote: long })).message.quote?.content).toBeUndefined();
    await recall(short);
    const [, , afterwards] = (await historyOf("cid")).reverse();
    const expected = { sentAt: short, seq: 1, senderId: "ann", type: "text", state: "recalled" as const };
    expect(afterwards?.quote).toEqual(expected);
    const page = await listLog(world.core, room, "cid", 2, 1);
    expect(page?.entries).toMatchObject([{ message: { quote: expected } }]);
    expect(JSON.stringify(page)).not.toContain("hello");
  });

  test("is refused of what does not show to the sender in this conversation", async () => {
    const elsewhere = await world.newConversation(["ann"]);
    const there = await sendTime({ conversation: elsewhere });
    const recalled = await sendTime();
    await recall(recalled);
    const secret = await sendTime({ toUserIds: ["cid"] });
    for (const quote of [there, recalled, secret, 1])
      expect(await refusalOf(send({ senderId: "ben", quote }))).toBe("invalidInput quote");
    expect((await send({ senderId: "cid", quote: secret })).message.quote?.sentAt).toBe(secret);
  });

  test("a repeat finds its first result when what it quotes was recalled meanwhile", async () => {
    const quoted = await sendTime();
    const { message } = await send({ senderId: "ben", quote: quoted, clientId: "c" });
    await recall(quoted);
    const repeat = await send({ senderId: "ben", quote: quoted, clientId: "c" });
    expect(repeat).toMatchObject({ isRepeat: true, message: { seq: message.seq, sentAt: message.sentAt } });
    expect(await refusalOf(send({ senderId: "ben", quote: quoted, clientId: "other" }))).toBe(
      "invalidInput quote",
    );
    expect(await refusalOf(send({ senderId: "cid", quote: quoted, clientId: "c" }))).toBe(
      "invalidInput quote",
    );
  });
});

describe("bounds", () => {
  const many = Array.from({ length: 101 }, (_, index) => `u${index}`);

  test("of whom a message mentions and is for", async () => {
    const mention = (...userIds: string[]) => send({ mentions: { userIds, isAll: false } });
    for (const userIds of [many, [""], ["x".repeat(256)], ["\ud800"]]) {
      expect(await refusalOf(mention(...userIds))).toBe("invalidInput mentions");
      expect(await refusalOf(send({ toUserIds: userIds }))).toBe("invalidInput toUserIds");
    }
    expect(await refusalOf(send({ toUserIds: [] }))).toBe("invalidInput toUserIds");
    await mention(...many.slice(1), "u1");
    const direct = await world.newConversation(["ann"], "chatroom");
    expect(await refusalOf(send({ conversation: direct, toUserIds: ["ann"] }))).toBe(
      "invalidInput toUserIds",
    );
  });

  test("of client ids", async () => {
    for (const clientId of ["", "x".repeat(65), "\ud800", "a\0b"])
      expect(await refusalOf(send({ clientId }))).toBe("invalidInput clientId");
    await send({ clientId: "x".repeat(64) });
  });

  test("a page of the log ends before it chokes a phone, and goes on behind it", async () => {
    for (let index = 0; index < 12; index++) await send({ content: `{"text":"${"x".repeat(60_000)}"}` });
    const seen: number[] = [];
    for (let after = 0, hasMore = true; hasMore; ) {
      const page = await listLog(world.core, room, "ben", after, 1000);
      if (page === null) throw new Error("too far behind");
      expect(JSON.stringify(page.entries).length).toBeLessThan(600_000);
      for (const entry of page.entries) if ("message" in entry) seen.push(entry.message.seq);
      ({ lastSeq: after, hasMore } = page);
    }
    expect(seen).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });
});

describe("signals", () => {
  test("are told and not stored", async () => {
    const signal = { senderId: "ann", senderData: null, type: "typing", content: "{}" };
    sendSignal(world.core, { conversation: room, ...signal });
    expect(world.published).toMatchObject([{ kind: "signalSent", conversation: room, ...signal }]);
    expect(await historyOf("ben")).toEqual([]);
    expect(await world.core.store.findHeads([room.id])).toMatchObject([{ seq: 0 }]);
  });

  test("are bounded as messages are", async () => {
    const sendBad = async (bad: object) =>
      sendSignal(world.core, {
        ...{ conversation: room, senderId: "ann", senderData: null, type: "typing", content: "{}" },
        ...bad,
      });
    expect(await refusalOf(sendBad({ content: "x".repeat(70_000) }))).toBe("invalidInput message");
    expect(await refusalOf(sendBad({ toUserIds: many }))).toBe("invalidInput toUserIds");
    expect(world.published).toEqual([]);
  });

  const many = Array.from({ length: 101 }, (_, index) => `u${index}`);
});
