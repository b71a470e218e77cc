import { describe, expect, test } from "bun:test";
import { exactTime, localId, parseTime, timeBefore, timeUpTo, wireId, wireTime } from "./wire-ids.ts";

const now = 1_763_769_600_123_457;

describe("times on I2A's wire", () => {
  test("survive a JavaScript client that reads them as doubles", () => {
    for (let micros = now; micros < now + 5000; micros++) {
      const wire = wireTime(micros);
      expect(JSON.stringify(JSON.parse(wire))).toBe(wire);
    }
  });

  test("are JSON, whatever they are", () => {
    for (const micros of [0, 1, now]) expect(JSON.parse(wireTime(micros))).toBe(micros * 1000);
  });

  test("compare to the nanosecond: before is strict, up to is not", () => {
    const wire = BigInt(wireTime(now));
    expect([timeBefore(wire), timeBefore(wire + 1n), timeBefore(wire - 1n)]).toEqual([now, now + 1, now]);
    expect([timeUpTo(wire), timeUpTo(wire + 1n), timeUpTo(wire - 1n)]).toEqual([now, now, now - 1]);
  });

  test("name a message exactly or not at all", () => {
    expect(exactTime(BigInt(wireTime(now)))).toBe(now);
    expect(exactTime(BigInt(wireTime(now)) + 1n)).toBeNull();
  });

  test("stay safe integers however large the question", () => {
    expect(timeUpTo(10n ** 29n)).toBe(Number.MAX_SAFE_INTEGER);
    expect(timeBefore(10n ** 29n)).toBe(Number.MAX_SAFE_INTEGER);
  });

  test("are read from digits and numbers, from nothing else", () => {
    expect(parseTime("1763769600123457000")).toBe(1_763_769_600_123_457_000n);
    expect(parseTime(12)).toBe(12n);
    for (const wrong of [
      "",
      "0",
      "-1",
      "1.5",
      "1e9",
      " 1",
      "x",
      "1".repeat(31),
      0,
      -1,
      Number.NaN,
      null,
      {},
      [],
      true,
    ]) {
      expect(parseTime(wrong)).toBeNull();
    }
  });
});

describe("ids on I2A's wire", () => {
  test("carry the application and come back with or without it", () => {
    expect(wireId("u1", "APP")).toBe("u1:APP");
    expect(localId("u1:APP", "APP")).toBe("u1");
    expect(localId("u1", "APP")).toBe("u1");
  });

  test("keep colons of their own and other applications' names", () => {
    expect(localId("a:b:APP", "APP")).toBe("a:b");
    expect(localId("a:OTHER", "APP")).toBe("a:OTHER");
    expect(localId(":APP", "APP")).toBe(":APP");
  });
});
