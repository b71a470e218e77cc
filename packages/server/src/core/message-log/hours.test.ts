import { describe, expect, test } from "bun:test";
import { beginningOf, hourAt, hourMillis, textOf } from "./hours.ts";

const at = Date.parse("2026-03-01T17:29:30.123Z");

describe("an hour of an app's day", () => {
  test("begins by the app's own offset", () => {
    for (const [zone, hour] of [
      ["+00:00", "2026030117"],
      ["+08:00", "2026030201"],
      ["-05:00", "2026030112"],
      ["+05:30", "2026030122"],
      ["-09:45", "2026030107"],
    ] as const) {
      expect(hourAt(at, zone)).toBe(hour);
      const beginsAt = beginningOf(hour, zone) as number;
      expect(beginsAt).toBeLessThanOrEqual(at);
      expect(beginsAt + hourMillis).toBeGreaterThan(at);
      expect(hourAt(beginsAt, zone)).toBe(hour);
      expect(hourAt(beginsAt - 1, zone)).not.toBe(hour);
    }
    expect(textOf(at, "+08:00")).toBe("2026-03-02 01:29:30.123");
    expect(textOf(at, "-05:00")).toBe("2026-03-01 12:29:30.123");
  });

  test("is nothing else", () => {
    for (const text of [
      "",
      "2026",
      "2026030124",
      "2026023004",
      "2026130104",
      "20260301171",
      "2026-03-01",
      "２０２６０３０１１７",
    ])
      expect(beginningOf(text, "+08:00")).toBeNull();
    expect(beginningOf("2024022900", "+00:00")).not.toBeNull();
  });
});
