import { expect, test } from "bun:test";
import { findOutstanding } from "./ramp.ts";

test("stops at the knee: more in flight without more throughput is only queueing", async () => {
  const tried: number[] = [];
  const found = await findOutstanding(1, 1024, async (outstanding) => {
    tried.push(outstanding);
    return Math.min(outstanding, 16) * 1000;
  });
  expect(found).toBe(16);
  expect(tried).toEqual([1, 2, 4, 8, 16, 32, 64]);
});

test("never exceeds the last", async () => {
  expect(await findOutstanding(3, 20, async (outstanding) => outstanding)).toBe(12);
});

test("one bad step does not end the search", async () => {
  const rates: Record<number, number> = { 1: 100, 2: 90, 4: 200, 8: 150, 16: 160 };
  expect(await findOutstanding(1, 16, async (outstanding) => rates[outstanding] ?? 0)).toBe(4);
});
