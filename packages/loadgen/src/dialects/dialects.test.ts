import { describe, expect, test } from "bun:test";
import { type Dialect, kind, type Plan } from "./dialect.ts";
import { i2a } from "./i2a.ts";
import { seating } from "./seating.ts";
import { socketio } from "./socketio.ts";

const classify = (dialect: Dialect, text: string) => {
  const bytes = Buffer.from(`..${text}..`);
  return dialect.classify(bytes, 2, bytes.length - 2);
};

describe("i2a", () => {
  test.each([
    ['{"type":"ROUTABLE","message":"hi"}', kind.message],
    ['{"type": "ROUTABLE", "message": "hi"}', kind.message],
    ['{"message":"hi","type":"ROUTABLE"}', kind.message],
    ['{"type":"SYSTEM_ROUTABLE","message":"hi"}', kind.other],
    ['{"type":"SET_LAST_MESSAGE_READ"}', kind.other],
    ['{"type":"ERROR","exception":{}}', kind.error],
    ['{"exception":{},"type":"ERROR"}', kind.error],
    ["{}", kind.other],
  ])("%s", (text, expected) => {
    expect(classify(i2a, text)).toBe(expected);
  });

  test("sends a ROUTABLE", () => {
    expect(JSON.parse(Buffer.from(i2a.sendFrame("r1:app", 'say "hi"')).toString())).toEqual({
      type: "ROUTABLE",
      chat_room_identifier: "r1:app",
      message: 'say "hi"',
    });
  });
});

describe("socketio", () => {
  test.each([
    ['42["m",{}]', kind.message],
    ['40{"sid":"s"}', kind.ready],
    ['44{"message":"refused"}', kind.error],
    ['0{"sid":"s"}', kind.other],
    ["2", kind.answer],
  ])("%s", (text, expected) => {
    expect(classify(socketio, text)).toBe(expected);
  });

  test("sends an event", () => {
    expect(Buffer.from(socketio.sendFrame("room-1", "hi")).toString()).toBe(
      '42["m",{"room":"room-1","text":"hi"}]',
    );
  });
});

describe("seating", () => {
  const plan: Plan = {
    rooms: 3,
    membersPerRoom: 4,
    sendersPerRoom: 1,
    samplesPerRoom: 2,
    roomKind: "regular",
  };

  test("senders come first and are spread over the rooms", () => {
    const seats = [...seating(plan)];
    expect(seats.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(seats.slice(0, 3).map(({ room, role }) => [room, role])).toEqual([
      [0, "sender"],
      [1, "sender"],
      [2, "sender"],
    ]);
    expect(seats.filter(({ role }) => role === "sampled")).toHaveLength(6);
    expect(seats.filter(({ role }) => role === "listener")).toHaveLength(3);
  });
});
