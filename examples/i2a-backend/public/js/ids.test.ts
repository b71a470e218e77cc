import { expect, test } from "bun:test";
import { compareIds, farFuture, isAfter, toDate, toId, toWire } from "./ids.js";

const parse = (digits: bigint): string => toId(JSON.parse(`{"id":${digits}}`).id);

const survives = (id: bigint): boolean =>
  parse(id) === String(id) && JSON.stringify(toWire(String(id))) === String(id);

test("multiples of 1000 ns survive JSON.parse and String, and the way back", () => {
  const lost: bigint[] = [];
  let state = 1_000n;
  for (let round = 0; round < 200_000; round += 1) {
    // A full-range linear congruential generator: the same ids on every run.
    state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    const id = ((state >> 2n) / 1_000n) * 1_000n;
    if (!survives(id)) lost.push(id);
  }
  expect(lost).toEqual([]);
});

test("neighbours a microsecond apart stay two ids, in order", () => {
  const lost: bigint[] = [];
  for (const start of [
    1_630_489_838_000_000_000n,
    1_790_000_000_123_456_000n,
    2n ** 61n,
    4_600_000_000_000_000_000n,
  ]) {
    const first = (start / 1_000n) * 1_000n;
    for (let step = 0n; step < 2_000n; step += 1n) {
      const id = first + step * 1_000n;
      if (!survives(id) || !isAfter(parse(id + 1_000n), parse(id))) lost.push(id);
    }
  }
  expect(lost).toEqual([]);
});

test("from 2^62 ns on, in 2116, they no longer would", () => {
  const first = (2n ** 62n / 1_000n + 1n) * 1_000n;
  const ids = Array.from({ length: 2_000 }, (_, step) => first + BigInt(step) * 1_000n);
  expect(ids.filter((id) => !survives(id)).length).toBeGreaterThan(0);
});

test("other numbers do not survive, which is why it must be multiples of 1000", () => {
  expect(parse(1_790_000_000_123_456_789n)).not.toBe("1790000000123456789");
});

test("ids compare as numbers would, whatever their length", () => {
  const ids = ["1790000000000001000", "0", "999999999999999000", "1790000000000000000"];
  expect(ids.sort(compareIds)).toEqual([
    "0",
    "999999999999999000",
    "1790000000000000000",
    "1790000000000001000",
  ]);
  expect(isAfter("5000", "5000")).toBe(false);
});

test("null means before everything, and the far future is after it all", () => {
  expect(toId(null)).toBe("0");
  expect(parse(BigInt(farFuture))).toBe(farFuture);
  expect(toDate(farFuture).getUTCFullYear()).toBe(2100);
});
