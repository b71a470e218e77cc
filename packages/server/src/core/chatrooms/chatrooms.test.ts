import { beforeEach, describe, expect, test } from "bun:test";
import type { Conversation } from "../../ports/store.ts";
import { refusalOf, useCore } from "../../testing/core-world.ts";
import type { CoreEvent } from "../events.ts";
import { changeMessage } from "../messages/change-message.ts";
import { sendMessage } from "../messages/send-message.ts";
import { admitMessage } from "./admit-message.ts";
import { destroyChatroom } from "./destroy.ts";
import { findChatroom } from "./find-chatroom.ts";
import { type JoinChatroom, joinChatroom, leaveChatroom } from "./join.ts";
import { keysPerCall, listChatroomKeys, removeChatroomKeys, setChatroomKeys } from "./keys.ts";
import { findChatroomMembers, listChatroomMembers } from "./members.ts";
import { settleChatrooms } from "./settle.ts";

const world = useCore();
let made = 0;
let key: string;
beforeEach(() => {
  key = `hall-${++made}`;
  world.published.length = 0;
});

const join = (userId: string, given: Partial<JoinChatroom> = {}) =>
  joinChatroom(world.core, { userId, key, historyCount: 0, knownKeysAt: null, ...given });
const hall = () => findChatroom(world.core, key);
const eventsOf = <Kind extends CoreEvent["kind"]>(kind: Kind) =>
  world.published.filter((event) => event.kind === kind) as Extract<CoreEvent, { kind: Kind }>[];
const members = async (isNewestFirst = false) => {
  const page = await listChatroomMembers(world.core, await hall(), {
    isNewestFirst,
    after: null,
    limit: 500,
  });
  return [page.memberCount, page.members.map(({ userId }) => userId)];
};
const send = async (conversation: Conversation, text: string) =>
  (
    await sendMessage(world.core, {
      ...{ conversation, senderId: "ann", senderData: null, type: "text", marksRead: false },
      content: JSON.stringify({ text }),
    })
  ).message.sentAt;

describe("joining", () => {
  test("makes a chatroom, and brings its last messages, its keys and how many are there", async () => {
    const first = await join("ann");
    expect(first).toMatchObject({ headSeq: 0, memberCount: 1, messages: [] });
    expect(first.keys).toEqual({ keys: [], isWhole: true });
    const { conversation } = first;
    const times: number[] = [];
    for (let index = 0; index < 60; index++) times.push(await send(conversation, `message ${index}`));
    await changeMessage(world.core, { conversation, of: times[59] as number, kind: "recall", by: "ann" });
    await setChatroomKeys(world.core, conversation, {
      userId: "ann",
      keys: [{ key: "topic", value: "Tea" }],
    });
    const second = await join("ben", { historyCount: 3 });
    expect(second).toMatchObject({ headSeq: 61, memberCount: 2, keys: { keys: [{ key: "topic" }] } });
    expect(second.messages.map(({ message }) => [message.seq, message.state])).toEqual([
      [58, undefined],
      [59, undefined],
      [60, "recalled"],
    ]);
    expect((await join("cid", { historyCount: 1000 })).messages).toHaveLength(50);
    const since = second.keys.keys[0]?.changedAt as number;
    expect((await join("ben", { knownKeysAt: since })).keys).toEqual({ keys: [], isWhole: false });
  });

  test("many at once are few writes, told as one, and share what is read for them", async () => {
    await join("ann");
    const { conversation } = await join("ben");
    await send(conversation, "hello");
    world.published.length = 0;
    const crowd = Array.from({ length: 3000 }, (_, index) => `user-${index}`);
    const joined = await Promise.all(crowd.map((userId) => join(userId, { historyCount: 10 })));
    expect(joined.every(({ messages }) => messages.length === 1)).toBe(true);
    expect(Math.max(...joined.map(({ memberCount }) => memberCount))).toBe(3002);
    expect(new Set(joined.map(({ messages }) => messages[0])).size).toBeLessThan(20);
    const entered = eventsOf("chatroomEntered");
    expect(entered.length).toBeLessThan(20);
    expect(entered.flatMap(({ userIds }) => userIds).sort()).toEqual([...crowd].sort());
    expect(eventsOf("chatroomMembersChanged").at(-1)).toMatchObject({ names: null, memberCount: 3002 });
    await Promise.all(crowd.map((userId) => leaveChatroom(world.core, conversation, userId)));
    expect(await members()).toEqual([2, ["ann", "ben"]]);
  });

  test("and leaving happen in the order in which they were asked for", async () => {
    const { conversation } = await join("ann");
    const { members: writer } = world.core.chatrooms;
    const leave = (userId: string) => writer.leave(conversation, userId);
    const enter = (userId: string) => writer.join(conversation, userId);
    await Promise.all([enter("ben"), leave("ben"), enter("ben"), enter("cid"), leave("cid")]);
    expect(await members()).toEqual([2, ["ann", "ben"]]);
  });

  test("again keeps the place, and tells nobody else", async () => {
    await join("ann");
    await join("ben");
    world.published.length = 0;
    expect((await join("ann")).memberCount).toBe(2);
    expect(world.published.map(({ kind }) => kind)).toEqual(["chatroomEntered"]);
    expect(await members()).toEqual([2, ["ann", "ben"]]);
    expect(await members(true)).toEqual([2, ["ben", "ann"]]);
  });

  test("is refused where there is nothing, where it may not be, and in too many", async () => {
    expect(await refusalOf(join("ann", { mustExist: true }))).toBe("conversationNotFound");
    expect(await refusalOf(join("ann", { key: "" }))).toBe("invalidInput id");
    expect(await refusalOf(join("ann", { key: "x".repeat(256) }))).toBe("invalidInput id");
    const closed = await world.newConversation(["ann"], "chatroom");
    expect(await refusalOf(join("ben", { key: closed.key }))).toBe("notMember");
    expect((await join("ann", { key: closed.key })).memberCount).toBe(1);
    for (let room = 0; room < 20; room++) await join("eve", { key: `${key}-${room}` });
    expect(await refusalOf(join("eve"))).toBe("tooManyChatrooms");
    expect((await join("eve", { key: `${key}-0` })).memberCount).toBe(1);
  });
});

describe("leaving", () => {
  test("is told to the others and to who left, once", async () => {
    await join("ann");
    const { conversation } = await join("ben");
    world.published.length = 0;
    await leaveChatroom(world.core, conversation, "ben");
    await leaveChatroom(world.core, conversation, "ben");
    expect(world.published).toMatchObject([
      { kind: "chatroomLeft", userIds: ["ben"] },
      { kind: "chatroomMembersChanged", names: { joined: [], left: ["ben"] }, memberCount: 1 },
    ]);
    expect(await findChatroomMembers(world.core, conversation, ["ann", "ben"])).toEqual(new Set(["ann"]));
  });

  test("happens by itself to who is not online, and takes the keys along", async () => {
    const { conversation } = await join("ann");
    const keys = [{ key: "seat", value: "1" }];
    await setChatroomKeys(world.core, conversation, { userId: "ann", keys, isAutoDelete: true });
    world.published.length = 0;
    await settleChatrooms(world.core, 600_000);
    expect(world.published).toEqual([]);
    await settleChatrooms(world.core, -60_000);
    const told = world.published.filter(
      (event) => "conversation" in event && event.conversation?.key === key,
    );
    expect(told).toMatchObject([
      { kind: "chatroomLeft", userIds: ["ann"] },
      { kind: "chatroomMembersChanged", memberCount: 0 },
      { kind: "chatroomKeysChanged", keys: [{ key: "seat", value: null }] },
    ]);
  });

  test("as a stored member does not end hearing it", async () => {
    const mass = await world.newConversation(["ann"], "chatroom");
    await join("ann", { key: mass.key });
    world.published.length = 0;
    await leaveChatroom(world.core, mass, "ann");
    expect(world.published.map(({ kind }) => kind)).toEqual(["chatroomMembersChanged"]);
    expect(await world.core.store.isMember(mass.id, "ann")).toBe(true);
  });
});

describe("keys", () => {
  test("are told as they change, and only that", async () => {
    const { conversation } = await join("ann");
    world.published.length = 0;
    const change = { userId: "ann", keys: [{ key: "topic", value: "Tea" }] };
    const [set] = await setChatroomKeys(world.core, conversation, change);
    expect(await removeChatroomKeys(world.core, conversation, { userId: "ann", keys: ["nothing"] })).toEqual(
      [],
    );
    await removeChatroomKeys(world.core, conversation, { userId: "ann", keys: ["topic"] });
    expect(eventsOf("chatroomKeysChanged").map(({ keys }) => keys[0]?.value)).toEqual(["Tea", null]);
    const since = await listChatroomKeys(world.core, conversation, set?.changedAt as number);
    expect(since).toMatchObject({ isWhole: false, keys: [{ key: "topic", value: null }] });
  });

  test("are refused when they are none, and to who isn't there but by the back end", async () => {
    const { conversation } = await join("ann");
    const set = (...keys: [string, string][]) =>
      refusalOf(
        setChatroomKeys(world.core, conversation, {
          userId: "ann",
          keys: keys.map(([name, value]) => ({ key: name, value })),
        }),
      );
    expect(await set()).toBe("invalidInput keys");
    expect(await set(["a b", "x"])).toBe("invalidInput keys");
    expect(await set(["a", "x"], ["a", "y"])).toBe("invalidInput keys");
    expect(await set(["x".repeat(129), "x"])).toBe("invalidInput keys");
    expect(await set(["a", ""])).toBe("invalidInput a");
    expect(await set(["a", "x".repeat(4097)])).toBe("invalidInput a");
    expect(await set(["a", "\0"])).toBe("invalidInput a");
    expect(
      await set(...Array.from({ length: keysPerCall + 1 }, (_, at): [string, string] => [`k${at}`, "x"])),
    ).toBe("invalidInput keys");
    const ben = { userId: "ben", keys: [{ key: "topic", value: "Tea" }] };
    expect(await refusalOf(setChatroomKeys(world.core, conversation, ben))).toBe("notJoined");
    await setChatroomKeys(world.core, conversation, { ...ben, isBackEnd: true });
    const taken = { userId: "ann", keys: ["topic"] };
    expect(await refusalOf(removeChatroomKeys(world.core, conversation, taken))).toBe("keyTaken key");
    await removeChatroomKeys(world.core, conversation, { ...taken, isForced: true });
  });
});

describe("a chatroom", () => {
  test("that boils takes no more messages for now, and says when", async () => {
    const { conversation } = await join("ann");
    const refused: unknown[] = [];
    for (let index = 0; index < 1000; index++)
      try {
        admitMessage(world.core, conversation);
      } catch (error) {
        refused.push(error);
      }
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({
      code: "tooManyRequests",
      details: { retryAfterMs: expect.any(Number) },
    });
  });

  test("that is destroyed is gone with its members and keys, and may be there again as another", async () => {
    const { conversation } = await join("ann");
    const keys = [{ key: "topic", value: "Tea" }];
    await setChatroomKeys(world.core, conversation, { userId: "ann", keys });
    await send(conversation, "hello");
    await destroyChatroom(world.core, conversation);
    expect(await refusalOf(hall())).toBe("conversationNotFound");
    expect(await refusalOf(leaveChatroom(world.core, conversation, "ann"))).toBe("was not refused");
    const again = await join("ben", { historyCount: 10 });
    expect(again).toMatchObject({ memberCount: 1, messages: [], keys: { keys: [] } });
    expect(await refusalOf(destroyChatroom(world.core, await world.newConversation(["ann"])))).toBe(
      "conversationNotFound",
    );
  });

  test("that is known here though it is gone is found or made again", async () => {
    const { conversation } = await join("ann");
    expect((await hall()).id).toBe(conversation.id);
    await world.core.store.deleteConversation(conversation.id);
    const again = await join("ben");
    expect(again.conversation.id).not.toBe(conversation.id);
    expect((await hall()).id).toBe(again.conversation.id);
    await world.core.store.deleteConversation(again.conversation.id);
    expect(await refusalOf(join("ben", { mustExist: true }))).toBe("conversationNotFound");
  });
});
