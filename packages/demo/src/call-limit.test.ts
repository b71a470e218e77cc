import { expect, test } from "bun:test";
import { limitCalls } from "./call-limit.ts";
import { Refusal } from "./refusal.ts";

let now = 0;
const clock = () => now;

/** Seconds to wait; 0: the call was taken. */
const ask = (take: (address: string) => void, address = "a"): number => {
  try {
    take(address);
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    expect(error.status).toBe(429);
    return Number(error.headers["retry-after"]);
  }
};

test("takes as many calls as the bucket holds, then as it fills, and says how long to wait", () => {
  const take = limitCalls({ burst: 3, perSecond: 0.5 }, 10, clock);
  expect([1, 2, 3, 4].map(() => ask(take))).toEqual([0, 0, 0, 2]);
  now += 1_000;
  expect(ask(take)).toBe(1);
  now += 1_000;
  expect([1, 2].map(() => ask(take))).toEqual([0, 2]);
  now += 3_600_000;
  expect([1, 2, 3, 4].map(() => ask(take))).toEqual([0, 0, 0, 2]);
});

test("one address doesn't use up another's, and no more are remembered than allowed", () => {
  const take = limitCalls({ burst: 1, perSecond: 0.1 }, 2, clock);
  expect(["a", "b", "a", "b"].map((address) => ask(take, address))).toEqual([0, 0, 10, 10]);
  expect(ask(take, "c")).toBe(0);
  expect(ask(take, "b")).toBe(10);
  expect(ask(take, "a")).toBe(0);
});
