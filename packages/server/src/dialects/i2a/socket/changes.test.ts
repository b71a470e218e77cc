/** What other dialects do to messages, as I2A's clients see it: they know of none of it but that messages show or don't. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openStore } from "../../../adapters/open-store.ts";
import type { AppStore, Store } from "../../../ports/store.ts";
import { timeDigits, useWorld } from "../../../testing/i2a-world.ts";
import { type TestServer, testApps } from "../../../testing/test-server.ts";
import type { TestSocket } from "../../../testing/test-socket.ts";
import { i2aPrefix } from "../endpoints/index.ts";

const world = useWorld();
/** Another process's view of the same data: what it stores is heard of when the next message comes. */
let store: Store;
let own: AppStore;
beforeAll(async () => {
  store = await openStore((world.nodes[0] as TestServer).config);
  const app = (await store.apps.list()).find(({ key }) => key === testApps.shop.key);
  own = store.forApp(app?.id as number);
});
afterAll(() => store.close());

const prepare = async () => {
  const room = await world.shop.room(["ann", "ben", "cid"]);
  const [ann, ben, cid] = (await world.connectAll("ann", "ben", "cid")) as [
    TestSocket,
    TestSocket,
    TestSocket,
  ];
  const [key] = room.split(":");
  const { id } = (await own.findConversation(key as string, ["group"])) ?? { id: 0 };
  const append = (given: object = {}) =>
    own.append({
      ...{ conversationId: id, senderId: "ann", type: "text", content: '{"text":"for Ben"}' },
      ...{ isCounted: true, marksRead: true, ...given },
    });
  /** Frames up to the one with this text, as texts and types. */
  const framesUntil = async (socket: TestSocket, text: string) => {
    const last = await socket.next(({ value }) => value.type === "ROUTABLE" && value.message === text);
    const before = socket.unread.splice(0).filter(({ value }) => value.type !== "SET_LAST_MESSAGE_READ");
    return [...before, last].map(({ value }) => value.message ?? `${value.type} ${value.is_active}`);
  };
  const ask = async (socket: TestSocket, type: string) =>
    (await socket.ask({ type, chat_room_identifiers: [room] })).value.payload[0];
  return { room, ann, ben, cid, id, append, framesUntil, ask };
};

describe("a message for some", () => {
  test("is heard, read and counted by them alone", async () => {
    const { room, ann, ben, cid, append, framesUntil, ask } = await prepare();
    await world.say(ann, room, "for all");
    await append({ toUserIds: ["ben"] });
    await world.say(ann, room, "the last");
    expect(await framesUntil(ben, "the last")).toEqual(["for all", "for Ben", "the last"]);
    expect(await framesUntil(cid, "the last")).toEqual(["for all", "the last"]);
    expect(await world.history(ben, room)).toEqual(["for all", "for Ben", "the last"]);
    expect(await world.history(cid, room)).toEqual(["for all", "the last"]);
    expect((await ask(ben, "GET_UNREAD_MESSAGES_COUNT")).unread_messages_count).toBe(3);
    expect((await ask(cid, "GET_UNREAD_MESSAGES_COUNT")).unread_messages_count).toBe(2);
    await append({ toUserIds: ["ben"] });
    expect((await ask(ben, "GET_LAST_CHAT_ROOM_MESSAGE")).last_message_text).toBe("for Ben");
    expect((await ask(cid, "GET_LAST_CHAT_ROOM_MESSAGE")).last_message_text).toBe("the last");
    const url = `${world.server.url}${i2aPrefix}/chat-room/${room}/messages/`;
    const headers = { "x-application-secret": testApps.shop.secret };
    const page = (await (await fetch(url, { headers })).json()) as { message: string }[];
    expect(page.map(({ message }) => message)).toEqual(["the last", "for all"]);
  });
});

describe("changes", () => {
  test("of what a message says are seen in history; a recalled one is inactive", async () => {
    const { room, ann, ben, id, framesUntil, ask } = await prepare();
    const times: number[] = [];
    for (const text of ["modified", "recalled", "kept"])
      times.push(Number(BigInt(await world.say(ann, room, text)) / 1000n));
    const change = { conversationId: id, by: "ann" } as const;
    const [modified, recalled] = times as [number, number];
    await own.change({ ...change, of: modified, kind: "modify", content: '{"text":"better"}' });
    await own.change({ ...change, of: modified, kind: "setKeys", keys: { a: "b" } });
    await own.change({ ...change, of: recalled, kind: "recall" });
    const time = await world.say(ann, room, "the last");
    expect(await framesUntil(ben, "the last")).toEqual([
      "modified",
      "recalled",
      "kept",
      "SET_ACTIVE false",
      "the last",
    ]);
    expect(await world.history(ben, room)).toEqual(["better", "kept", "the last"]);
    expect((await ask(ben, "GET_UNREAD_MESSAGES_COUNT")).unread_messages_count).toBe(3);
    await own.change({ ...change, of: modified, kind: "removeKeys", removedKeys: ["a"] });
    ben.send({
      type: "SET_LAST_MESSAGE_READ",
      chat_room_identifier: room,
      message_timestamp_identifier: "9000000000000000000",
    });
    const mark = await ben.next(
      ({ value }) => value.type === "SET_LAST_MESSAGE_READ" && value.app_user_identifier.startsWith("ben"),
    );
    expect(timeDigits(mark.text)).toBe(time);
  });
});
