import { describe, expect, test } from "bun:test";
import type { AppStore, Conversation } from "../store.ts";
import { CHATROOM_KEYS, type ChatroomKeysChange } from "../store-chatrooms.ts";
import { newHall } from "./chatrooms.ts";
import { expectRefusal, type Fixture, newConversation } from "./fixture.ts";

const change = (own: AppStore, hall: Conversation, given: Partial<ChatroomKeysChange>) =>
  own.changeChatroomKeys(hall.id, {
    ...{ userId: "ann", set: [], remove: [], isAutoDelete: false, isForced: false, mustBePresent: false },
    ...given,
  });
const pair = (key: string, value = key) => ({ key, value });
const join = (own: AppStore, { id }: Conversation, userId: string) =>
  own.updateChatrooms({ left: [], joined: [{ conversationId: id, userId }] }, 20);
const leave = (own: AppStore, { id }: Conversation, userId: string) =>
  own.updateChatrooms({ left: [{ conversationId: id, userId }], joined: [] }, 20);

export const chatroomKeysContract = (fixture: Fixture): void => {
  const prepare = async () => {
    const { own } = await fixture.newApp();
    return { own, hall: await newHall(own) };
  };
  const valuesOf = async (own: AppStore, hall: Conversation) =>
    Object.fromEntries(
      (await own.listChatroomKeys(hall.id, null)).keys.map(({ key, value }) => [key, value]),
    );

  describe("keys of a chatroom", () => {
    test("are set, changed and removed, and tell who did it and when", async () => {
      const { own, hall } = await prepare();
      const { keys, state } = await change(own, hall, {
        set: [pair("topic", "Tea 🍵"), pair("host", "ann")],
      });
      expect(keys).toMatchObject([
        { key: "topic", value: "Tea 🍵", userId: "ann", isAutoDelete: false },
        { key: "host", value: "ann", userId: "ann" },
      ]);
      expect(state).toMatchObject({ conversationId: hall.id, memberCount: 0 });
      const later = await change(own, hall, { set: [pair("topic", "Coffee")], remove: ["host", "unknown"] });
      expect(later.keys.map(({ key, value }) => [key, value])).toEqual([
        ["host", null],
        ["topic", "Coffee"],
      ]);
      expect(later.state.revision).toBeGreaterThan(state.revision);
      expect(await valuesOf(own, hall)).toEqual({ topic: "Coffee" });
      await change(own, hall, { set: [pair("host", "ben")], userId: "ben" });
      expect(await valuesOf(own, hall)).toEqual({ topic: "Coffee", host: "ben" });
    });

    test("belong to who set them; all of a change is made or nothing", async () => {
      const { own, hall } = await prepare();
      await change(own, hall, { set: [pair("topic")] });
      const refusal = await expectRefusal(
        change(own, hall, { userId: "ben", set: [pair("other"), pair("topic", "x")] }),
        "keyTaken",
      );
      expect(refusal.details).toEqual({ key: "topic" });
      await expectRefusal(change(own, hall, { userId: "ben", remove: ["topic"] }), "keyTaken");
      expect(await valuesOf(own, hall)).toEqual({ topic: "topic" });
      await change(own, hall, { userId: "ben", set: [pair("topic", "x")], isForced: true });
      await expectRefusal(change(own, hall, { set: [pair("topic")] }), "keyTaken");
      await change(own, hall, { remove: ["topic"], isForced: true });
      expect(await valuesOf(own, hall)).toEqual({});
    });

    test("are a hundred at most, however many set them at once", async () => {
      const { own, hall } = await prepare();
      const some = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) => pair(`key-${from + index}`));
      await change(own, hall, { set: some(0, CHATROOM_KEYS - 10) });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 5 }, (_, index) => change(own, hall, { set: some(1000 * (index + 1), 5) })),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
      await expectRefusal(change(own, hall, { set: [pair("one-more")] }), "tooManyKeys");
      await change(own, hall, { set: [pair("key-0", "changed"), pair("one-more")], remove: ["key-1"] });
      expect(Object.keys(await valuesOf(own, hall))).toHaveLength(CHATROOM_KEYS);
    });

    test("those that changed since a moment are told, removed ones too", async () => {
      const { own, hall } = await prepare();
      const { keys } = await change(own, hall, { set: [pair("a"), pair("b"), pair("c")] });
      const since = keys[0]?.changedAt as number;
      expect(await own.listChatroomKeys(hall.id, since)).toEqual({ keys: [], isWhole: false });
      await change(own, hall, { remove: ["a"] });
      await change(own, hall, { set: [pair("b", "new")] });
      const changed = await own.listChatroomKeys(hall.id, since);
      expect(changed.isWhole).toBe(false);
      expect(changed.keys.map(({ key, value }) => [key, value])).toEqual([
        ["a", null],
        ["b", "new"],
      ]);
      expect((await own.listChatroomKeys(hall.id, null)).keys.map(({ key }) => key)).toEqual(["c", "b"]);
    });

    test("who knows those of a moment too long ago is told the whole", async () => {
      const { own, hall } = await prepare();
      const first = await change(own, hall, { set: [pair("stays"), pair("goes")] });
      const since = first.keys[0]?.changedAt as number;
      await change(own, hall, { remove: ["goes"] });
      for (let round = 0; round < 4; round++) {
        const set = Array.from({ length: 50 }, (_, index) => pair(`key-${round}-${index}`));
        await change(own, hall, { set });
        await change(own, hall, { remove: set.map(({ key }) => key) });
      }
      const whole = await own.listChatroomKeys(hall.id, since);
      expect([whole.isWhole, whole.keys.map(({ key }) => key)]).toEqual([true, ["stays"]]);
    });

    test("those that are to go with their owner do, whether that one leaves or is gone", async () => {
      const { own, hall } = await prepare();
      await join(own, hall, "ann");
      await join(own, hall, "ben");
      await change(own, hall, { set: [pair("mine")], isAutoDelete: true });
      await change(own, hall, { set: [pair("stays")] });
      await change(own, hall, { userId: "ben", set: [pair("his")], isAutoDelete: true });
      const left = await leave(own, hall, "ann");
      expect(left.changes[0]?.removedKeys).toMatchObject([{ key: "mine", value: null, userId: "ann" }]);
      const settled = await own.settleChatrooms(-60_000, 10);
      expect(settled.changes[0]?.removedKeys).toMatchObject([{ key: "his", value: null, userId: "ben" }]);
      expect(await valuesOf(own, hall)).toEqual({ stays: "stays" });
    });

    test("are refused where there is no chatroom, and to who has to be there and isn't", async () => {
      const { own, hall } = await prepare();
      const group = await newConversation(own);
      await expectRefusal(change(own, group, { set: [pair("a")] }), "conversationNotFound");
      await expectRefusal(change(own, hall, { set: [pair("a")], mustBePresent: true }), "notJoined");
      await join(own, hall, "ann");
      await change(own, hall, { set: [pair("a")], mustBePresent: true });
      await own.deleteConversation(hall.id);
      await expectRefusal(change(own, hall, { set: [pair("a")] }), "conversationNotFound");
    });
  });
};
