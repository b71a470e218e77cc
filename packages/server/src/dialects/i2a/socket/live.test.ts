import { describe, expect, test } from "bun:test";
import { timeDigits, useWorld } from "../../../testing/i2a-world.ts";

const world = useWorld();

describe("a message", () => {
  test("reaches every member and every device, its author included, with a number of nanoseconds", async () => {
    const room = await world.shop.room(["ann", "bob"]);
    const [ann, bob] = await world.connectAll("ann", "bob");
    const annsLaptop = await world.connect("ann", "laptop");
    const before = BigInt(Date.now() - 1000) * 1_000_000n;
    ann?.send({ type: "ROUTABLE", chat_room_identifier: room, message: "hi" });
    const seen = await Promise.all([ann, annsLaptop, bob].map((socket) => socket?.next("ROUTABLE")));
    const digits = timeDigits(seen[0]?.text ?? "");
    for (const frame of seen) {
      expect(frame?.text).toContain(`"message_timestamp_identifier":${digits}`);
      const { message_timestamp_identifier, ...rest } = frame?.value ?? {};
      expect(typeof message_timestamp_identifier).toBe("number");
      expect(rest).toEqual({
        type: "ROUTABLE",
        chat_room_identifier: room,
        app_user_identifier: "ann:shop",
        message: "hi",
        custom_data: '{"display_name":"ann"}',
      });
    }
    expect(BigInt(digits) > before && BigInt(digits) < before + 60_000_000_000n).toBe(true);
  });

  test("is followed by its author's read mark, for everybody", async () => {
    const room = await world.shop.room(["ann", "bob"]);
    const [ann, bob] = await world.connectAll("ann", "bob");
    if (!ann || !bob) throw new Error("not connected");
    const time = await world.say(ann, room, "hi");
    for (const socket of [ann, bob]) {
      const { text, value } = await socket.next("SET_LAST_MESSAGE_READ");
      expect(value).toMatchObject({
        chat_room_identifier: room,
        app_user_identifier: "ann:shop",
        custom_data: '{"display_name":"ann"}',
      });
      expect(text).toContain(`"message_timestamp_identifier":${time}`);
    }
  });

  test("of any characters arrives as it was, live and in history", async () => {
    const room = await world.shop.room(["ann", "bob"]);
    const [ann, bob] = await world.connectAll("ann", "bob");
    if (!ann || !bob) throw new Error("not connected");
    const texts = [
      "你好，世界",
      "👩‍👩‍👧‍👦 🏳️‍🌈",
      "שלום",
      'quote " back \\ slash',
      "nul \u0000 bell \u0007",
      "<b>&amp;",
      " ",
      "\u2028",
    ];
    for (const text of texts) {
      await world.say(ann, room, text);
      expect((await bob.next("ROUTABLE")).value.message).toBe(text);
    }
    expect(await world.history(bob, room)).toEqual(texts);
  });

  test("with half a surrogate pair is mended the same way for everybody", async () => {
    const room = await world.shop.room(["ann"]);
    const ann = await world.connect("ann");
    ann.send(`{"type":"ROUTABLE","chat_room_identifier":"${room}","message":"a\\ud800b"}`);
    expect((await ann.next("ROUTABLE")).value.message).toBe("a\ufffdb");
    expect(await world.history(ann, room)).toEqual(["a\ufffdb"]);
  });

  test("goes to nobody outside the room and to no other app", async () => {
    const room = await world.shop.room(["ann", "bob"]);
    const other = await world.shop.room(["ann", "eve"]);
    const [ann, bob, eve] = await world.connectAll("ann", "bob", "eve");
    if (!ann || !bob || !eve) throw new Error("not connected");
    await world.say(ann, room, "secret");
    await bob.next("ROUTABLE");
    // What eve sees next proves that she did not see what came before.
    await world.say(ann, other, "for eve");
    await eve.next("ROUTABLE");
    expect(eve.unread.filter(({ text }) => text.includes("secret"))).toEqual([]);
  });

  test("sent as one burst arrives complete, in order, with rising times and no gap", async () => {
    const room = await world.shop.room(["ann", "bob"]);
    const [ann, bob] = await world.connectAll("ann", "bob");
    if (!ann || !bob) throw new Error("not connected");
    const texts = Array.from({ length: 200 }, (_, index) => `message ${index}`);
    for (const message of texts) ann.send({ type: "ROUTABLE", chat_room_identifier: room, message });
    const seen = [];
    for (const _ of texts) seen.push(await bob.next("ROUTABLE"));
    expect(seen.map(({ value }) => value.message)).toEqual(texts);
    const times = seen.map(({ text }) => BigInt(timeDigits(text)));
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] as bigint))).toBe(true);
    const last = await ann.ask({ type: "GET_LAST_CHAT_ROOM_MESSAGE", chat_room_identifiers: [room] });
    expect(last.value.payload[0].last_message_text).toBe("message 199");
  });
});

describe("a binary frame", () => {
  test("with UTF-8 is as good as text", async () => {
    const room = await world.shop.room(["ann"]);
    const ann = await world.connect("ann");
    const frame = { type: "ROUTABLE", chat_room_identifier: room, message: "von iOS: ü" };
    ann.send(new TextEncoder().encode(JSON.stringify(frame)));
    expect((await ann.next("ROUTABLE")).value.message).toBe("von iOS: ü");
  });
});

describe("the suffix of the application", () => {
  test("may be left off a room's identifier; answers carry it", async () => {
    const room = await world.shop.room(["ann"]);
    const ann = await world.connect("ann");
    expect(room.endsWith(":shop")).toBe(true);
    ann.send({ type: "ROUTABLE", chat_room_identifier: room.replace(":shop", ""), message: "short" });
    expect((await ann.next("ROUTABLE")).value.chat_room_identifier).toBe(room);
  });

  test("of another app doesn't lead there", async () => {
    const banks = await world.bank.room(["ann"]);
    const ann = await world.connect("ann");
    for (const identifier of [banks, banks.replace(":bank", ""), banks.replace(":bank", ":shop")]) {
      ann.send({ type: "ROUTABLE", chat_room_identifier: identifier, message: "x" });
      expect((await ann.next("ERROR")).value.exception.error_code).toBe(10009);
    }
  });
});

test("a room with a NUL in its name is not found, whatever the store makes of it", async () => {
  const ann = await world.connect("ann");
  for (const identifier of ["\0", "a\0b:shop"]) {
    ann.send({ type: "ROUTABLE", chat_room_identifier: identifier, message: "x" });
    expect((await ann.next("ERROR")).value.exception.error_code).toBe(10009);
  }
});

describe("a system message", () => {
  test("reaches members as SYSTEM_ROUTABLE without author, and history", async () => {
    const room = await world.shop.room(["ann", "bob"]);
    const [ann, bob] = await world.connectAll("ann", "bob");
    const { body } = await world.shop.post("system-message/send-system-message/", {
      chat_room_identifier: room,
      message: "Bob joined",
    });
    for (const socket of [ann, bob]) {
      const frame = await socket?.next("SYSTEM_ROUTABLE");
      expect(frame?.text).toContain(`"message_timestamp_identifier":${body.message_timestamp_identifier}`);
      const { message_timestamp_identifier: _, ...rest } = frame?.value ?? {};
      expect(rest).toEqual({ type: "SYSTEM_ROUTABLE", chat_room_identifier: room, message: "Bob joined" });
    }
    const reply = await ann?.ask({
      type: "GET_HISTORY",
      chat_room_identifier: room,
      from_message_timestamp_identifier: "9000000000000000000",
    });
    expect(reply?.value.payload).toEqual([
      {
        chat_room_identifier: room,
        message: "Bob joined",
        message_timestamp_identifier: body.message_timestamp_identifier,
        is_system_message: true,
      },
    ]);
  });
});
