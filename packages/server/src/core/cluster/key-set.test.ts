import { describe, expect, test } from "bun:test";
import { KeySet } from "./key-set.ts";
import { conversationKey, userKey } from "./keys.ts";
import { seeded } from "./testing/simulated-network.ts";

describe("a set of keys", () => {
  test("holds what a Set would, whatever is added and removed", () => {
    for (const range of [20, 5000]) {
      const random = seeded(range);
      const [keys, expected] = [new KeySet(), new Set<number>()];
      for (let step = 0; step < 20_000; step++) {
        const key = 1 + Math.floor(random() * range) * 65_536;
        // First it grows, then it shrinks.
        if (random() < (step < 10_000 ? 0.7 : 0.3)) {
          expect(keys.add(key)).toBe(!expected.has(key));
          expected.add(key);
        } else expect(keys.delete(key)).toBe(expected.delete(key));
      }
      expect(keys.size).toBe(expected.size);
      expect([...keys].sort()).toEqual([...expected].sort());
    }
  });

  test("takes at most 12 bytes a key, and gives memory back", () => {
    const keys = new KeySet();
    for (let id = 1; id <= 100_000; id++) keys.add(conversationKey(7, id));
    expect(keys.bytes / keys.size).toBeLessThan(12);
    for (let id = 1; id <= 100_000; id++) keys.delete(conversationKey(7, id));
    expect([keys.size, keys.bytes]).toEqual([0, 64]);
  });
});

describe("keys", () => {
  test("are whole numbers from 1 to 2^32-1, the same every time, and rarely shared", () => {
    const keys = new Set<number>();
    for (let app = 1; app <= 10; app++)
      for (let id = 0; id < 5000; id++) {
        keys.add(conversationKey(app, id + 1_700_000_000_000_000));
        keys.add(userKey(app, `user-${id}`));
      }
    // Of 100,000 among 2^32 some two share one with another.
    expect(keys.size).toBeGreaterThan(99_980);
    for (const key of keys) expect(Number.isInteger(key) && key > 0 && key < 2 ** 32).toBe(true);
    expect(userKey(3, "ann")).toBe(userKey(3, "ann"));
    expect(userKey(3, "ann")).not.toBe(userKey(4, "ann"));
  });
});
