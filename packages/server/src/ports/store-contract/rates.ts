import { describe, expect, test } from "bun:test";
import type { RateClaim } from "../store-rates.ts";
import type { Fixture } from "./fixture.ts";

const claim = (count: number, given: Partial<RateClaim> = {}): RateClaim => ({
  ...{ name: "/push.json", seconds: 3600, window: 100, most: 10, count },
  ...given,
});

export const ratesContract = (fixture: Fixture): void => {
  describe("rates", () => {
    test("grants what is left of a window, and begins anew with the next", async () => {
      const { own } = await fixture.newApp();
      const take = async (count: number, window: number) =>
        (await own.takeRates([claim(count, { window })], false))[0];
      expect([await take(6, 100), await take(6, 100), await take(1, 100)]).toEqual([6, 4, 0]);
      expect([await take(9, 101), await take(9, 101)]).toEqual([9, 1]);
      // A clock that is behind takes from the newest.
      expect([await take(1, 100), await take(10, 103), await take(1, 102)]).toEqual([0, 10, 0]);
    });

    test("as a whole takes from all windows or from none", async () => {
      const { own } = await fixture.newApp();
      const day = { seconds: 86_400, most: 3 };
      const take = (count: number) => own.takeRates([claim(count, { most: 2 }), claim(count, day)], true);
      expect(await take(2)).toEqual([2, 2]);
      expect(await take(1)).toEqual([0, 0]);
      const next = { window: 101, most: 2 };
      expect(await own.takeRates([claim(2, next), claim(2, day)], true)).toEqual([0, 0]);
      expect(await own.takeRates([claim(1, next), claim(1, day)], true)).toEqual([1, 1]);
      expect(await own.takeRates([claim(1, next), claim(1, day)], true)).toEqual([0, 0]);
    });

    test("a limit that was lowered grants nothing, and one that was raised what it has more", async () => {
      const { own } = await fixture.newApp();
      const take = async (count: number, most: number) =>
        (await own.takeRates([claim(count, { most })], false))[0];
      expect([await take(8, 10), await take(1, 5), await take(5, 12), await take(1, 12)]).toEqual([
        8, 0, 4, 0,
      ]);
    });

    test("names, lengths of windows and apps are apart", async () => {
      const [{ own }, { own: other }] = [await fixture.newApp(), await fixture.newApp()];
      expect(await own.takeRates([claim(10)], false)).toEqual([10]);
      const others = [claim(10, { name: "/push/user.json" }), claim(10, { seconds: 60 })];
      expect(await own.takeRates(others, true)).toEqual([10, 10]);
      expect(await other.takeRates([claim(10)], false)).toEqual([10]);
      expect(await own.takeRates([], true)).toEqual([]);
    });

    test("many who take at once never get more than there is", async () => {
      const { own } = await fixture.newApp();
      const takes = Array.from({ length: 40 }, () => own.takeRates([claim(3, { most: 50 })], false));
      const granted = (await Promise.all(takes)).reduce((sum, [count = 0]) => sum + count, 0);
      expect(granted).toBe(50);
    });
  });
};
