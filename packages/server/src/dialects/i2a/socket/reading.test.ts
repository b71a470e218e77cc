import { describe, expect, test } from "bun:test";
import { timeDigits, useWorld } from "../../../testing/i2a-world.ts";
import type { TestSocket } from "../../../testing/test-socket.ts";

const world = useWorld();

async function pair(): Promise<{ room: string; ann: TestSocket; bob: TestSocket }> {
  const room = await world.shop.room(["ann", "bob"]);
  return { room, ann: await world.connect("ann"), bob: await world.connect("bob") };
}

const unread = async (socket: TestSocket, ...rooms: string[]): Promise<number[]> => {
  const { value } = await socket.ask({ type: "GET_UNREAD_MESSAGES_COUNT", chat_room_identifiers: rooms });
  expect(value.payload.map((item: { chat_room_identifier: string }) => item.chat_room_identifier)).toEqual(
    rooms,
  );
  return value.payload.map((item: { unread_messages_count: number }) => item.unread_messages_count);
};

const markRead = (socket: TestSocket, room: string, time: unknown) =>
  socket.send(
    `{"type":"SET_LAST_MESSAGE_READ","chat_room_identifier":"${room}","message_timestamp_identifier":${time}}`,
  );

/** The next read mark frame of this user, as digits. */
const nextMark = async (socket: TestSocket, userId: string): Promise<string> => {
  const frame = await socket.next(
    ({ value }) => value.type === "SET_LAST_MESSAGE_READ" && value.app_user_identifier === `${userId}:shop`,
  );
  return timeDigits(frame.text);
};

describe("SET_LAST_MESSAGE_READ", () => {
  test("tells everybody, the reader included, with the reader's data", async () => {
    const { room, ann, bob } = await pair();
    const time = await world.say(ann, room, "hi");
    markRead(bob, room, time);
    for (const socket of [ann, bob]) {
      const { value, text } = await socket.next(
        (frame) =>
          frame.value.type === "SET_LAST_MESSAGE_READ" && frame.value.app_user_identifier === "bob:shop",
      );
      expect(text).toContain(`"message_timestamp_identifier":${time}`);
      expect(value).toMatchObject({ chat_room_identifier: room, custom_data: '{"display_name":"bob"}' });
    }
  });

  test("takes numbers, text, and what stock clients add to them", async () => {
    const { room, ann, bob } = await pair();
    for (const shape of [
      (time: string) => time,
      (time: string) => `"${time}"`,
      (time: string) => `${BigInt(time) + 1n}`,
    ]) {
      const time = await world.say(ann, room, "hi");
      markRead(bob, room, shape(time));
      expect(await nextMark(ann, "bob")).toBe(time);
    }
  });

  test("never moves a mark back, and answers the asker alone then", async () => {
    const { room, ann, bob } = await pair();
    const first = await world.say(ann, room, "1");
    const second = await world.say(ann, room, "2");
    markRead(bob, room, second);
    expect(await nextMark(ann, "bob")).toBe(second);
    expect(await nextMark(bob, "bob")).toBe(second);
    markRead(bob, room, first);
    expect(await nextMark(bob, "bob")).toBe(second);
    expect(await unread(bob, room)).toEqual([0]);
    await world.say(ann, room, "3");
    expect(ann.unread.filter(({ value }) => value.app_user_identifier === "bob:shop")).toEqual([]);
  });

  test("beyond the last message reads what is there, not what comes", async () => {
    const { room, ann, bob } = await pair();
    const time = await world.say(ann, room, "1");
    markRead(bob, room, "9000000000000000000");
    expect(await nextMark(ann, "bob")).toBe(time);
    await world.say(ann, room, "2");
    expect(await unread(bob, room)).toEqual([1]);
  });

  test("in a room without messages is answered and changes nothing", async () => {
    const { room, ann, bob } = await pair();
    markRead(bob, room, "1763769600123456000");
    expect(await nextMark(bob, "bob")).toBe("1763769600123456000");
    // Before our first microsecond.
    markRead(bob, room, "5");
    expect(await nextMark(bob, "bob")).toBe("0");
    const { value } = await ann.ask({ type: "GET_LAST_MESSAGES_READ", chat_room_identifier: room });
    expect(value.payload).toEqual([]);
  });
});

describe("GET_LAST_MESSAGES_READ", () => {
  test("lists one mark per reader, with text for times", async () => {
    const { room, ann, bob } = await pair();
    const first = await world.say(ann, room, "1");
    markRead(bob, room, first);
    await nextMark(bob, "bob");
    const second = await world.say(ann, room, "2");
    const { value } = await bob.ask({ type: "GET_LAST_MESSAGES_READ", chat_room_identifier: room });
    const item = (userId: string, time: string) => ({
      chat_room_identifier: room,
      app_user_identifier: `${userId}:shop`,
      message_timestamp_identifier: time,
      custom_data: `{"display_name":"${userId}"}`,
    });
    expect(value.chat_room_identifier).toBe(room);
    expect(value.payload).toHaveLength(2);
    expect(value.payload).toContainEqual(item("ann", second));
    expect(value.payload).toContainEqual(item("bob", first));
  });
});

describe("GET_LAST_CHAT_ROOM_MESSAGE", () => {
  test("gives text, number and unread for each room in the order asked, null for an empty one", async () => {
    const { room, ann, bob } = await pair();
    const empty = await world.shop.room(["bob"]);
    const time = await world.say(ann, room, "hello");
    const frame = { type: "GET_LAST_CHAT_ROOM_MESSAGE", chat_room_identifiers: [empty, room] };
    expect((await bob.ask(frame)).text).toBe(
      `{"type":"GET_LAST_CHAT_ROOM_MESSAGE","payload":[` +
        `{"chat_room_identifier":"${empty}","last_message_text":null,"message_timestamp_identifier":null,"has_unread_messages":false},` +
        `{"chat_room_identifier":"${room}","last_message_text":"hello","message_timestamp_identifier":${time},"has_unread_messages":true}]}`,
    );
    markRead(bob, room, time);
    expect((await bob.ask(frame)).value.payload[1].has_unread_messages).toBe(false);
    expect(
      (await ann.ask({ ...frame, chat_room_identifiers: [room] })).value.payload[0].has_unread_messages,
    ).toBe(false);
  });
});

describe("GET_UNREAD_MESSAGES_COUNT", () => {
  test("counts what others wrote since the mark, system messages too, from the beginning without a mark", async () => {
    const { room, ann, bob } = await pair();
    expect(await unread(bob, room)).toEqual([0]);
    const first = await world.say(ann, room, "1");
    await world.say(ann, room, "2");
    await world.shop.post("system-message/send-system-message/", {
      chat_room_identifier: room,
      message: "3",
    });
    expect(await unread(bob, room)).toEqual([3]);
    markRead(bob, room, first);
    expect(await unread(bob, room)).toEqual([2]);
    expect(await unread(ann, room)).toEqual([1]);
    await world.say(bob, room, "my own");
    expect(await unread(bob, room)).toEqual([0]);
  });

  test("leaves out messages that were set inactive", async () => {
    const { room, ann, bob } = await pair();
    const time = await world.say(ann, room, "1");
    await world.say(ann, room, "2");
    await world.shop.post(`chat-message/${time}/set-active/`, { is_active: false });
    expect(await unread(bob, room)).toEqual([1]);
    await world.shop.post(`chat-message/${time}/set-active/`, { is_active: true });
    expect(await unread(bob, room)).toEqual([2]);
  });

  test("stops at 100, and counts up to ten rooms at once", async () => {
    const { room, ann, bob } = await pair();
    for (let index = 0; index < 105; index++)
      ann.send({ type: "ROUTABLE", chat_room_identifier: room, message: "x" });
    await world.history(ann, room);
    const others = await Promise.all(Array.from({ length: 9 }, () => world.shop.room(["bob"])));
    expect(await unread(bob, room, ...others)).toEqual([100, ...others.map(() => 0)]);
    const eleven = { type: "GET_UNREAD_MESSAGES_COUNT", chat_room_identifiers: Array(11).fill(room) };
    expect((await bob.ask(eleven)).value.exception).toEqual({
      message: "Length of chat_room_identifiers list cant be grater than 10.",
      error_code: 10003,
      extra: null,
    });
  });
});

describe("refusals of read state", () => {
  test("10001, 10005, 10009 and wrong fields for every request", async () => {
    const { room } = await pair();
    const eve = await world.connect("eve");
    const requests = {
      SET_LAST_MESSAGE_READ: (id: unknown) => ({
        chat_room_identifier: id,
        message_timestamp_identifier: "5",
      }),
      GET_LAST_MESSAGES_READ: (id: unknown) => ({ chat_room_identifier: id }),
      GET_LAST_CHAT_ROOM_MESSAGE: (id: unknown) => ({ chat_room_identifiers: id === undefined ? id : [id] }),
      GET_UNREAD_MESSAGES_COUNT: (id: unknown) => ({ chat_room_identifiers: id === undefined ? id : [id] }),
    };
    for (const [type, fields] of Object.entries(requests)) {
      const code = async (id: unknown) => {
        const { value } = await eve.ask({ type, ...fields(id) });
        return value.exception.error_code;
      };
      expect([type, await code(room)]).toEqual([type, 10001]);
      expect([type, await code("nowhere")]).toEqual([type, 10009]);
      expect([type, await code(undefined)]).toEqual([type, 10005]);
      expect([type, await code(5)]).toEqual([type, 10004]);
    }
  });
});
