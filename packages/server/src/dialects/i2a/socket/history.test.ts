import { describe, expect, test } from "bun:test";
import { farAhead, useWorld } from "../../../testing/i2a-world.ts";
import type { TestSocket } from "../../../testing/test-socket.ts";

const world = useWorld();

async function roomWithTexts(count: number): Promise<{ room: string; ann: TestSocket; times: string[] }> {
  const room = await world.shop.room(["ann", "bob"]);
  const ann = await world.connect("ann");
  const times = [];
  for (let index = 0; index < count; index++) times.push(await world.say(ann, room, `m${index}`));
  return { room, ann, times };
}

const ask = (socket: TestSocket, room: string, from: unknown, limit?: unknown) =>
  socket.ask({
    type: "GET_HISTORY",
    chat_room_identifier: room,
    from_message_timestamp_identifier: from,
    ...(limit !== undefined && { limit }),
  });

describe("GET_HISTORY", () => {
  test("gives the newest first, with strings for times and the author's data", async () => {
    const { room, ann, times } = await roomWithTexts(2);
    const { value } = await ask(ann, room, farAhead, 10);
    const item = (message: string, time: string | undefined) => ({
      chat_room_identifier: room,
      message,
      message_timestamp_identifier: time,
      is_system_message: false,
      app_user_identifier: "ann:shop",
      custom_data: '{"display_name":"ann"}',
    });
    expect(value).toEqual({
      type: "GET_HISTORY",
      chat_room_identifier: room,
      payload: [item("m1", times[1]), item("m0", times[0])],
    });
  });

  test("pages back strictly before the time given, as text, as a number, to the nanosecond", async () => {
    const { room, ann, times } = await roomWithTexts(5);
    const texts = async (from: string) => {
      ann.send(
        `{"type":"GET_HISTORY","chat_room_identifier":"${room}","from_message_timestamp_identifier":${from},"limit":2}`,
      );
      const { value } = await ann.next("GET_HISTORY");
      return value.payload.map((entry: { message: string }) => entry.message);
    };
    const third = BigInt(times[2] as string);
    expect(await texts(`"${third}"`)).toEqual(["m1", "m0"]);
    expect(await texts(`${third}`)).toEqual(["m1", "m0"]);
    expect(await texts(`${third + 1n}`)).toEqual(["m2", "m1"]);
    expect(await texts(`${third - 1n}`)).toEqual(["m1", "m0"]);
    expect(await texts(times[0] as string)).toEqual([]);
  });

  test("walks a long room page by page without a gap or a repeat", async () => {
    const room = await world.shop.room(["ann"]);
    const ann = await world.connect("ann");
    for (let index = 0; index < 250; index++) {
      ann.send({ type: "ROUTABLE", chat_room_identifier: room, message: `m${index}` });
    }
    const walked: string[] = [];
    let from = farAhead;
    for (;;) {
      const { value } = await ask(ann, room, from, 100);
      if (value.payload.length === 0) break;
      walked.push(...value.payload.map((entry: { message: string }) => entry.message));
      from = value.payload.at(-1).message_timestamp_identifier;
    }
    expect(walked).toEqual(Array.from({ length: 250 }, (_, index) => `m${249 - index}`));
  });

  test("gives 20 when no limit is said and never more than 100", async () => {
    const { room, ann } = await roomWithTexts(0);
    for (let index = 0; index < 120; index++) {
      ann.send({ type: "ROUTABLE", chat_room_identifier: room, message: `m${index}` });
    }
    expect((await ask(ann, room, farAhead)).value.payload).toHaveLength(20);
    expect((await ask(ann, room, farAhead, 0)).value.payload).toHaveLength(20);
    expect((await ask(ann, room, farAhead, 100)).value.payload).toHaveLength(100);
    expect((await ask(ann, room, farAhead, 5000)).value.payload).toHaveLength(100);
    expect((await ask(ann, room, farAhead, "7")).value.payload).toHaveLength(7);
  });

  test("sees what the same connection sent just before", async () => {
    const { room, ann } = await roomWithTexts(0);
    ann.send({ type: "ROUTABLE", chat_room_identifier: room, message: "now" });
    expect((await ask(ann, room, farAhead)).value.payload[0].message).toBe("now");
  });

  test("keeps a page of very large messages small enough to send, and goes on behind it", async () => {
    const { room, ann } = await roomWithTexts(0);
    const large = "x".repeat(120_000);
    for (let index = 0; index < 8; index++) await world.say(ann, room, `${index}${large}`);
    const first = (await ask(ann, room, farAhead, 100)).value.payload;
    expect(first.map((entry: { message: string }) => entry.message[0])).toEqual(["7", "6", "5", "4"]);
    const second = (await ask(ann, room, first.at(-1).message_timestamp_identifier, 100)).value.payload;
    expect(second.map((entry: { message: string }) => entry.message[0])).toEqual(["3", "2", "1", "0"]);
  });

  test("shows a user's newest custom data beside older messages", async () => {
    const { room, ann } = await roomWithTexts(1);
    await world.shop.token("ann", "tablet", { display_name: "Ann B." });
    const { value } = await ask(ann, room, farAhead);
    expect(value.payload[0].custom_data).toBe('{"display_name":"Ann B."}');
    const live = await world.say(ann, room, "again");
    const again = await ask(ann, room, farAhead, 1);
    expect(again.value.payload[0].message_timestamp_identifier).toBe(live);
  });

  test("is refused for who is no member, for rooms that aren't, and for fields that are wrong", async () => {
    const { room, ann } = await roomWithTexts(1);
    const eve = await world.connect("eve");
    expect((await ask(eve, room, farAhead)).value.exception).toEqual({
      message: "User does not belong to this chat room.",
      error_code: 10001,
      extra: { chat_room_identifier: room, application_user_identifier: "eve:shop" },
    });
    const code = async (frame: Record<string, unknown>) => {
      const { value } = await ann.ask({ type: "GET_HISTORY", ...frame });
      return [value.exception.error_code, value.exception.extra];
    };
    const from_message_timestamp_identifier = farAhead;
    expect(await code({ chat_room_identifier: "no-room", from_message_timestamp_identifier })).toEqual([
      10009,
      null,
    ]);
    expect(await code({ from_message_timestamp_identifier })).toEqual([
      10005,
      { field_name: "chat_room_identifier" },
    ]);
    for (const from of [undefined, 0, "", null]) {
      expect(await code({ chat_room_identifier: room, from_message_timestamp_identifier: from })).toEqual([
        10005,
        { field_name: "from_message_timestamp_identifier" },
      ]);
    }
    for (const from of ["soon", -5, {}, [1], true]) {
      expect(await code({ chat_room_identifier: room, from_message_timestamp_identifier: from })).toEqual([
        10004,
        { field_name: "from_message_timestamp_identifier" },
      ]);
    }
    for (const limit of [-1, 1.5, "x", {}, []]) {
      expect(await code({ chat_room_identifier: room, from_message_timestamp_identifier, limit })).toEqual([
        10004,
        { field_name: "limit" },
      ]);
    }
  });
});

describe("set-active", () => {
  test("hides a message from history and last messages, tells clients, and brings it back", async () => {
    const { room, ann, times } = await roomWithTexts(3);
    const bob = await world.connect("bob");
    const last = async () =>
      (await ann.ask({ type: "GET_LAST_CHAT_ROOM_MESSAGE", chat_room_identifiers: [room] })).value.payload[0];
    const setActive = (is_active: boolean) =>
      world.shop.post(`chat-message/${times[2]}/set-active/`, { is_active });

    expect((await setActive(false)).status).toBe(200);
    const told = await bob.next("SET_ACTIVE");
    expect(told.text).toBe(
      `{"type":"SET_ACTIVE","chat_room_identifier":"${room}","message_timestamp_identifier":${times[2]},"is_active":false}`,
    );
    expect(await world.history(bob, room)).toEqual(["m0", "m1"]);
    expect((await last()).last_message_text).toBe("m1");
    const rest = await world.shop.call("GET", `chat-room/${room}/messages/`);
    expect(rest.body.map((item: { message: string }) => item.message)).toEqual(["m1", "m0"]);

    expect((await setActive(true)).status).toBe(200);
    expect((await bob.next("SET_ACTIVE")).value.is_active).toBe(true);
    expect(await world.history(bob, room)).toEqual(["m0", "m1", "m2"]);
    expect((await last()).last_message_text).toBe("m2");
  });

  test("tells nobody when nothing changes, and doesn't know messages that aren't", async () => {
    const { room, ann, times } = await roomWithTexts(1);
    expect((await world.shop.post(`chat-message/${times[0]}/set-active/`, { is_active: true })).status).toBe(
      200,
    );
    await world.history(ann, room);
    expect(ann.unread.filter(({ value }) => value.type === "SET_ACTIVE")).toEqual([]);
    const near = BigInt(times[0] as string) + 1n;
    for (const time of [near, "5", "1763769600123456000"]) {
      expect((await world.shop.post(`chat-message/${time}/set-active/`, { is_active: false })).status).toBe(
        404,
      );
    }
    expect((await world.shop.post("chat-message/abc/set-active/", { is_active: false })).status).toBe(400);
    expect(
      (await world.shop.post(`chat-message/${times[0]}/set-active/`, { is_active: "maybe" })).body,
    ).toEqual({
      is_active: ["Must be a valid boolean."],
    });
  });
});
