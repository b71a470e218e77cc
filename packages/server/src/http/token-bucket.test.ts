import { describe, expect, test } from "bun:test";
import { createRateLimit } from "./token-bucket.ts";

describe("token bucket", () => {
  test("a second's calls at once, then as they refill", () => {
    let now = 0;
    const limit = createRateLimit(10, () => now);
    expect([1, 2, 3].map(() => limit.take("shop", 2))).toEqual([0, 0, 1]);
    now += 499;
    expect(limit.take("shop", 2)).toBe(1);
    now += 1;
    expect(limit.take("shop", 2)).toBe(0);
    now += 3_600_000;
    expect([1, 2, 3].map(() => limit.take("shop", 2))).toEqual([0, 0, 1]);
  });

  test("says how long to wait where calls are rarer than one a second", () => {
    let now = 0;
    const limit = createRateLimit(10, () => now);
    expect(limit.take("shop", 0.1)).toBe(0);
    expect(limit.take("shop", 0.1)).toBe(10);
    now += 7000;
    expect(limit.take("shop", 0.1)).toBe(3);
  });

  test("callers don't share", () => {
    const limit = createRateLimit(10, () => 0);
    expect(limit.take("one", 1)).toBe(0);
    expect(limit.take("other", 1)).toBe(0);
    expect(limit.take("one", 1)).toBe(1);
  });

  test("remembers no more callers than allowed, and forgets who called longest ago", () => {
    const limit = createRateLimit(2, () => 0);
    for (const key of ["a", "b", "a", "c"]) limit.take(key, 1);
    expect(limit.size).toBe(2);
    expect(limit.take("a", 1)).toBe(1);
    expect(limit.take("b", 1)).toBe(0);
  });
});
