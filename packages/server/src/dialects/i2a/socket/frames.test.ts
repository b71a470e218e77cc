import { describe, expect, test } from "bun:test";
import { useWorld } from "../../../testing/i2a-world.ts";

const world = useWorld();

describe("a frame that can't be understood", () => {
  const stays: [string, string | Uint8Array<ArrayBuffer>, number, unknown][] = [
    ["no JSON", "hello", 10004, null],
    ["half of JSON", '{"type":"ROUTABLE","chat_room', 10004, null],
    ["nothing", "", 10004, null],
    ["bad UTF-8 in a binary frame", new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), 10004, null],
    ["JSON nested beyond reason", "[".repeat(100_000), 10004, null],
    ["no type", "{}", 10005, { field_name: "type" }],
  ];
  for (const [name, frame, code, extra] of stays) {
    test(`${name}: answers ${code} and the socket stays`, async () => {
      const room = await world.shop.room(["ann"]);
      const ann = await world.connect("ann");
      ann.send(frame);
      expect((await ann.next("ERROR")).value.exception).toMatchObject({ error_code: code, extra });
      await world.say(ann, room, "still here");
    });
  }

  const ends: [string, string, string][] = [
    ["an unknown type", '{"type":"DANCE"}', "KeyError"],
    ["a type from the prototype", '{"type":"constructor"}', "KeyError"],
    ["a type that is no string", '{"type":{"a":1}}', "TypeError"],
    ["a list", "[1]", "TypeError"],
    ["a string", '"ROUTABLE"', "TypeError"],
    ["null", "null", "TypeError"],
  ];
  for (const [name, frame, className] of ends) {
    test(`${name}: answers 10000 and ends the connection`, async () => {
      const ann = await world.connect("ann");
      ann.send(frame);
      const { exception } = (await ann.next("ERROR")).value;
      expect(exception.error_code).toBe(10000);
      expect(exception.message).toBe("Exception in chat websocket server.");
      expect(exception.extra.class_name).toBe(className);
      expect(typeof exception.extra.exception).toBe("string");
      expect((await ann.closed).code).toBe(1011);
    });
  }

  test("disturbs nobody else", async () => {
    const room = await world.shop.room(["ann", "bob"]);
    const [ann, bob, mad] = await world.connectAll("ann", "bob", "mad");
    if (!ann || !bob || !mad) throw new Error("not connected");
    mad.send("[]");
    await mad.closed;
    await world.say(ann, room, "hi");
    expect((await bob.next("ROUTABLE")).value.message).toBe("hi");
  });
});

describe("ROUTABLE", () => {
  test("names what is missing or wrong", async () => {
    const room = await world.shop.room(["ann"]);
    const ann = await world.connect("ann");
    const refusal = async (fields: Record<string, unknown>) => {
      ann.send({ type: "ROUTABLE", ...fields });
      const { error_code, extra } = (await ann.next("ERROR")).value.exception;
      return [error_code, extra];
    };
    const chat_room_identifier = room;
    for (const message of [undefined, "", null, 0, false, []]) {
      expect(await refusal({ chat_room_identifier, message })).toEqual([10005, { field_name: "message" }]);
    }
    for (const message of [5, { text: "hi" }, ["hi"], true]) {
      expect(await refusal({ chat_room_identifier, message })).toEqual([10002, null]);
    }
    expect(await refusal({ message: "hi" })).toEqual([10005, { field_name: "chat_room_identifier" }]);
    expect(await refusal({ chat_room_identifier: 7, message: "hi" })).toEqual([
      10004,
      { field_name: "chat_room_identifier" },
    ]);
    expect(await refusal({ chat_room_identifier: "nowhere", message: "hi" })).toEqual([10009, null]);
  });

  test("of 1 MiB is refused with the limit; the largest that may be sent arrives", async () => {
    const room = await world.shop.room(["ann"]);
    const ann = await world.connect("ann");
    const send = (message: string) => ann.send({ type: "ROUTABLE", chat_room_identifier: room, message });
    for (const message of ["x".repeat(1024 * 1024), "x".repeat(131_073), "ü".repeat(65_537)]) {
      send(message);
      expect((await ann.next("ERROR")).value.exception).toMatchObject({
        error_code: 10004,
        extra: { field_name: "message", max_bytes: 131_072 },
      });
    }
    for (const message of ["x".repeat(131_072), "ü".repeat(65_536)]) {
      send(message);
      expect((await ann.next("ROUTABLE")).value.message).toBe(message);
    }
  });

  test("of a frame beyond all bounds ends the connection and nothing else", async () => {
    const room = await world.shop.room(["ann", "bob"]);
    const [ann, bob] = await world.connectAll("ann", "bob");
    if (!ann || !bob) throw new Error("not connected");
    ann.send({ type: "ROUTABLE", chat_room_identifier: room, message: "x".repeat(3 * 1024 * 1024) });
    await ann.closed;
    await world.say(bob, room, "hi");
    expect(await world.history(bob, room)).toEqual(["hi"]);
  });

  test("by a member who was removed is refused, and they hear nothing more", async () => {
    const room = await world.shop.room(["ann", "bob"]);
    const [ann, bob] = await world.connectAll("ann", "bob");
    if (!ann || !bob) throw new Error("not connected");
    await world.say(bob, room, "before");
    await world.shop.post(`chat-room/${room}/remove-users/`, { application_users_identifiers: ["bob"] });
    await world.say(ann, room, "behind bob's back");
    bob.send({ type: "ROUTABLE", chat_room_identifier: room, message: "me too" });
    expect((await bob.next("ERROR")).value.exception.error_code).toBe(10001);
    expect(bob.unread.filter(({ text }) => text.includes("behind"))).toEqual([]);
    expect(await world.history(ann, room)).toEqual(["before", "behind bob's back"]);
    await world.shop.post(`chat-room/${room}/add-users/`, { application_users_identifiers: ["bob"] });
    await world.say(bob, room, "back again");
  });

  test("in a deleted room answers 10009, to members too", async () => {
    const room = await world.shop.room(["ann", "bob"]);
    const [ann, bob] = await world.connectAll("ann", "bob");
    if (!ann || !bob) throw new Error("not connected");
    await world.say(ann, room, "hi");
    expect((await world.shop.call("DELETE", `chat-room/${room}/`)).status).toBe(204);
    for (const socket of [ann, bob]) {
      for (const type of ["ROUTABLE", "GET_HISTORY", "GET_LAST_MESSAGES_READ"]) {
        const fields = { chat_room_identifier: room, message: "x", from_message_timestamp_identifier: "5" };
        socket.send({ type, ...fields });
        expect((await socket.next("ERROR")).value.exception.error_code).toBe(10009);
      }
    }
    for (const call of [`chat-room/${room}/add-users/`, `chat-room/${room}/remove-users/`]) {
      expect((await world.shop.post(call, { application_users_identifiers: ["ann"] })).status).toBe(404);
    }
    expect((await world.shop.call("DELETE", `chat-room/${room}/`)).status).toBe(404);
    expect((await world.shop.call("GET", `chat-room/${room}/messages/`)).status).toBe(404);
  });
});

describe("mass rooms", () => {
  test("know only ROUTABLE and GET_HISTORY", async () => {
    for (const type of [2, 3] as const) {
      const room = await world.shop.room(["ann"], type);
      const ann = await world.connect("ann");
      await world.say(ann, room, "hi");
      expect(await world.history(ann, room)).toEqual(["hi"]);
      const refused = [
        "SET_LAST_MESSAGE_READ",
        "GET_LAST_MESSAGES_READ",
        "GET_LAST_CHAT_ROOM_MESSAGE",
        "GET_UNREAD_MESSAGES_COUNT",
      ];
      for (const method_type of refused) {
        ann.send({
          type: method_type,
          chat_room_identifier: room,
          chat_room_identifiers: [room],
          message_timestamp_identifier: "5",
        });
        expect((await ann.next("ERROR")).value.exception).toEqual({
          message: "Invalid message type for chat room. See details.",
          error_code: 10008,
          extra: { chat_room_type: type, method_type },
        });
      }
      expect(ann.unread.filter(({ value }) => value.type === "SET_LAST_MESSAGE_READ")).toEqual([]);
    }
  });

  test("public: a stranger may write and read and gets the echo, but only members hear it live", async () => {
    const room = await world.shop.room(["ann"], 2);
    const [ann, eve, zoe] = await world.connectAll("ann", "eve", "zoe");
    if (!ann || !eve || !zoe) throw new Error("not connected");
    await world.say(eve, room, "from outside");
    expect((await ann.next("ROUTABLE")).value.message).toBe("from outside");
    expect(await world.history(zoe, room)).toEqual(["from outside"]);
    expect(zoe.unread).toEqual([]);
  });

  test("private: a stranger may do neither", async () => {
    const room = await world.shop.room(["ann"], 3);
    const eve = await world.connect("eve");
    for (const type of ["ROUTABLE", "GET_HISTORY"]) {
      eve.send({ type, chat_room_identifier: room, message: "x", from_message_timestamp_identifier: "5" });
      expect((await eve.next("ERROR")).value.exception.error_code).toBe(10001);
    }
  });
});
