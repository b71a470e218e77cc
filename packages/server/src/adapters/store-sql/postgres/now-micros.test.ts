import { expect, test } from "bun:test";
import { nowMicros } from "./now-micros.ts";

test("what two processes do in one millisecond is seldom of the same microsecond", () => {
  const before = Date.now();
  const times = Array.from({ length: 5000 }, nowMicros);
  const after = Date.now();
  expect(times.every((time) => Number.isSafeInteger(time))).toBe(true);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(before * 1000);
  expect(Math.max(...times)).toBeLessThan((after + 1) * 1000);
  expect(new Set(times.map((time) => time % 1000)).size).toBeGreaterThan(50);
});
