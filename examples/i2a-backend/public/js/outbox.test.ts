import { describe, expect, test } from "bun:test";
import {
  markSent,
  maxOutgoing,
  oldestUnsettled,
  queueText,
  settleEcho,
  settleFromHistory,
} from "./outbox.js";
import { createRoomState } from "./room-state.js";
import type { Message, RoomState } from "./types.d.ts";

const me = "u1:app";

const emptyRoom = (): RoomState =>
  createRoomState({
    id: 1,
    chat_room_identifier: "r1:app",
    name: "Room",
    type: 1,
    is_owner: false,
    is_member: true,
    member_count: 1,
    members: [],
  });

const message = (id: number, text: string, author = me): Message => ({
  id: `17900000000000${String(id).padStart(2, "0")}000`,
  author,
  name: "",
  initials: "",
  hue: 0,
  text,
});

const send = (room: RoomState, ...texts: string[]) => {
  for (const text of texts) {
    const item = queueText(room, text);
    if (item) markSent(item, room.messages.at(-1)?.id ?? "0");
  }
};
const open = (room: RoomState) => room.outbox.map(({ text, state }) => `${text} ${state}`);

describe("an echo", () => {
  test("settles the oldest open message of the same text", () => {
    const room = emptyRoom();
    send(room, "a", "b", "a");
    expect(settleEcho(room, message(1, "a"))).toBe(true);
    expect(open(room)).toEqual(["b sent", "a sent"]);
    expect(settleEcho(room, message(2, "b"))).toBe(true);
    expect(settleEcho(room, message(3, "a"))).toBe(true);
    expect(open(room)).toEqual([]);
  });

  test("from another device of mine settles nothing", () => {
    const room = emptyRoom();
    send(room, "a");
    expect(settleEcho(room, message(1, "from my phone"))).toBe(false);
    expect(open(room)).toEqual(["a sent"]);
  });

  test("does not settle what was not sent yet", () => {
    const room = emptyRoom();
    queueText(room, "a");
    expect(settleEcho(room, message(1, "a"))).toBe(false);
  });
});

describe("history after the line dropped", () => {
  test("settles what had arrived and queues the rest in order", () => {
    const room = emptyRoom();
    send(room, "a", "b", "c");
    room.messages = [message(1, "a"), message(2, "hello", "u2:app"), message(3, "b")];
    settleFromHistory(room, me, false);
    expect(open(room)).toEqual(["c waiting"]);
  });

  test("does not take an older message of the same text for the echo", () => {
    const room = emptyRoom();
    room.messages = [message(1, "ok")];
    send(room, "ok");
    settleFromHistory(room, me, false);
    expect(open(room)).toEqual(["ok waiting"]);
  });

  test("of two equal messages that were sent, one echo settles one", () => {
    const room = emptyRoom();
    send(room, "ok", "ok");
    const echo = message(1, "ok");
    settleEcho(room, echo);
    room.messages = [echo];
    settleFromHistory(room, me, false);
    expect(open(room)).toEqual(["ok waiting"]);
  });

  test("does not take somebody else's words for mine", () => {
    const room = emptyRoom();
    send(room, "ok");
    room.messages = [message(1, "ok", "u2:app")];
    settleFromHistory(room, me, false);
    expect(open(room)).toEqual(["ok waiting"]);
  });

  test("on a connection that stood, what is missing was refused", () => {
    const room = emptyRoom();
    send(room, "a");
    settleFromHistory(room, me, true);
    expect(open(room)).toEqual(["a failed"]);
  });

  test("is needed back to the oldest message that is open", () => {
    const room = emptyRoom();
    expect(oldestUnsettled(room)).toBeNull();
    room.messages = [message(1, "x")];
    send(room, "a");
    room.messages.push(message(2, "y"));
    send(room, "b");
    queueText(room, "c");
    expect(oldestUnsettled(room)).toBe(message(1, "x").id);
  });
});

test("a room takes only so many messages that wait", () => {
  const room = emptyRoom();
  for (let count = 0; count < maxOutgoing; count += 1) expect(queueText(room, "x")).not.toBeNull();
  expect(queueText(room, "one more")).toBeNull();
});
