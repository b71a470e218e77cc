import { describe, expect, test } from "bun:test";
import type { MuteLevel } from "../../ports/store-conversations.ts";
import type { PushPreferences } from "../../ports/store-push.ts";
import { isWanted, type Occasion } from "./is-wanted.ts";
import { areQuiet, minutesOf } from "./preferences.ts";

const noon = Date.UTC(2026, 0, 1, 12);
const occasion: Occasion = {
  ...{ kind: "group", mentions: undefined, fallback: 0, now: noon, zoneMinutes: 0 },
};
const wants = (
  given: { muteLevel?: MuteLevel | null } & Partial<PushPreferences>,
  more: Partial<Occasion> = {},
): boolean => {
  const { muteLevel = null, muteLevels = {}, quiet = null } = given;
  const preferences = { muteLevels, quiet, hidesDetails: false };
  return isWanted({ userId: "ann", muteLevel, preferences }, { ...occasion, ...more });
};
const byName = { mentions: { userIds: ["ann"], isAll: false } };
const ofOther = { mentions: { userIds: ["ben"], isAll: false } };
const ofAll = { mentions: { userIds: [], isAll: true } };

describe("who is notified", () => {
  test.each([
    [-1, true, true, true],
    [0, true, true, true],
    [1, false, true, true],
    [2, false, true, false],
    [4, false, false, true],
    [5, false, false, false],
  ] as const)("at level %d", (muteLevel, ofAny, ofOneself, ofEverybody) => {
    expect([wants({ muteLevel }), wants({ muteLevel }, byName), wants({ muteLevel }, ofAll)]).toEqual([
      ofAny,
      ofOneself,
      ofEverybody,
    ]);
    expect(wants({ muteLevel }, ofOther)).toBe(ofAny);
  });

  test("what is nearer wins, and 0 is nothing set", () => {
    expect(wants({ muteLevel: -1, muteLevels: { group: 5 } }, { fallback: 5 })).toBe(true);
    expect(wants({ muteLevel: 0, muteLevels: { group: 5 } })).toBe(false);
    expect(wants({ muteLevels: { group: -1 } }, { fallback: 5 })).toBe(true);
    expect(wants({ muteLevels: { direct: 5 } })).toBe(true);
    expect(wants({}, { fallback: 5 })).toBe(false);
    expect(wants({ muteLevel: 5, muteLevels: { group: -1 } })).toBe(false);
  });

  test("quiet hours let mentions through or nothing, and do not bind where everything is wanted", () => {
    const quiet = { from: 11 * 3600, minutes: 120, level: 1 } as const;
    expect([wants({ quiet }), wants({ quiet }, byName), wants({ quiet }, ofAll)]).toEqual([
      false,
      true,
      true,
    ]);
    const silent = { ...quiet, level: 5 } as const;
    expect([wants({ quiet: silent }, byName), wants({ quiet: silent, muteLevel: -1 })]).toEqual([
      false,
      true,
    ]);
    expect(wants({ quiet: silent, muteLevels: { group: -1 } })).toBe(false);
    expect(wants({ quiet: silent }, { now: noon + 3_600_000 })).toBe(true);
  });
});

test("quiet hours go over midnight, by the clock of the app's time zone", () => {
  const night = { from: 23 * 3600, minutes: 480, level: 5 } as const;
  const at = (hours: number, zone: string) =>
    areQuiet(night, Date.UTC(2026, 0, 1, 0, hours * 60), minutesOf(zone));
  expect([22.99, 23, 24, 30.99, 31].map((hours) => at(hours, "+00:00"))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
  expect([15, 14.99, 22.99, 23].map((hours) => at(hours, "+08:00"))).toEqual([true, false, true, false]);
  expect(at(2.5, "-03:30")).toBe(true);
  expect(at(2.4, "-03:30")).toBe(false);
});
