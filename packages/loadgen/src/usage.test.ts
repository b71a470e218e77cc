import { expect, test } from "bun:test";
import { busyBetween, readCpu, readRss } from "./usage.ts";

test("busy cores are the sum of threads, and the busiest one is named", () => {
  const busy = busyBetween({ "1/1": 10, "1/2": 5 }, { "1/1": 12, "1/2": 6, "1/3": 1 }, 2);
  expect(busy).toEqual({ cores: 2, busiestThread: 1 });
});

test("a process that does not exist has no times and no memory", () => {
  expect(readCpu([2 ** 30])).toEqual({});
  expect(readRss([2 ** 30])).toBeNull();
});

test("this process has both", () => {
  const readSum = () => Object.values(readCpu([process.pid])).reduce((a, b) => a + b, 0);
  // The kernel counts in ticks of 10 ms, which a process that has just begun need not have used.
  const end = performance.now() + 10_000;
  while (readSum() === 0 && performance.now() < end) {}
  expect(readSum()).toBeGreaterThan(0);
  expect(readRss([process.pid]) ?? 0).toBeGreaterThan(10 * 2 ** 20);
});
