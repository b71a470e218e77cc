import { expect, test } from "bun:test";
import { findMarker, MARKER_LENGTH, MarkerReader, markedText, nowMicros, stamp } from "./marker.ts";

const inFrame = (text: string, before = '{"type":"X","message":"') => Buffer.from(`${before}${text}"}`);

test("a stamped text is read back from the middle of a frame", () => {
  const frame = inFrame(markedText(42, 100));
  const micros = nowMicros();
  stamp(frame, findMarker(frame, 0, frame.length), micros);
  const reader = new MarkerReader();
  expect(reader.read(frame, 0, frame.length)).toBe(true);
  expect([reader.sender, reader.micros]).toEqual([42, micros]);
});

test("the reader follows markers that stand elsewhere", () => {
  const reader = new MarkerReader();
  for (const [sender, before] of [
    [1, '{"a":"'],
    [2, '{"a long field":"'],
    [3, '"'],
  ] as const) {
    const frame = inFrame(markedText(sender, 60), before);
    expect(reader.read(frame, 0, frame.length)).toBe(true);
    expect(reader.sender).toBe(sender);
  }
});

test("a frame without a marker, or with half of one, has none", () => {
  const reader = new MarkerReader();
  const plain = inFrame("hello <lg world");
  expect(reader.read(plain, 0, plain.length)).toBe(false);
  const whole = inFrame(markedText(7, MARKER_LENGTH));
  const at = findMarker(whole, 0, whole.length);
  expect(reader.read(whole, 0, at + MARKER_LENGTH - 1)).toBe(false);
});

test("texts have the length asked for, and senders beyond six digits are refused", () => {
  expect(markedText(0, 100)).toHaveLength(100);
  expect(() => markedText(1_000_000, 100)).toThrow(RangeError);
});

test("the clock is that of the wall, in microseconds", () => {
  expect(Math.abs(nowMicros() / 1000 - Date.now())).toBeLessThan(1000);
});
