import { expect, test } from "bun:test";
import { historyFrame, historyIn, isMarkOf, markFrame, timeIn } from "./i2a-reading.ts";

const inside = <Result>(text: string, read: (bytes: Uint8Array, start: number, end: number) => Result) => {
  const bytes = Buffer.from(`..${text}..`);
  return read(bytes, 2, bytes.length - 2);
};

test("ids are microseconds here and nanoseconds on the wire", () => {
  expect(markFrame("r:a", 1_760_000_000_000_001).toString()).toContain('"1760000000000001000"');
  expect(historyFrame("r:a", 1_760_000_000_000_001).toString()).toContain('"1760000000000001000"');
  expect(historyFrame("r:a", null).toString()).toContain('"9000000000000000000"');
  const frame = '{"type":"ROUTABLE","message_timestamp_identifier":1760000000000001000,"message":"hi"}';
  expect(inside(frame, timeIn)).toBe(1_760_000_000_000_001);
  expect(() => inside('{"type":"ROUTABLE"}', timeIn)).toThrow("a frame without a time");
});

test("a page of history, and that it is the last", () => {
  const item = (time: string) => ({ message: "hi", message_timestamp_identifier: time });
  const page = (times: string[]) => JSON.stringify({ type: "GET_HISTORY", payload: times.map(item) });
  expect(inside(page(["3000", "2000"]), historyIn)).toEqual({ times: [3, 2], isLast: true });
  const full = Array.from({ length: 100 }, (_, i) => `${200 - i}000`);
  expect(inside(page(full), historyIn)?.isLast).toBe(false);
  expect(inside('{"type":"ROUTABLE"}', historyIn)).toBeNull();
});

test("a mark of one's own", () => {
  const mark = (user: string) => `{"type":"SET_LAST_MESSAGE_READ","app_user_identifier":"${user}:benchkey"}`;
  expect(inside(mark("user-000012"), isMarkOf(12))).toBe(true);
  expect(inside(mark("user-000013"), isMarkOf(12))).toBe(false);
  expect(inside(mark("user-000012").replace("SET_LAST_MESSAGE_READ", "ROUTABLE"), isMarkOf(12))).toBe(false);
});
