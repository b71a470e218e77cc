import { expect, test } from "bun:test";
import { Gathered } from "./gathered.ts";

/** Readings that end when they are told to; the answer for a name is the number of its reading. */
function scene() {
  const readings: { names: string[]; end: PromiseWithResolvers<void> }[] = [];
  const gathered = new Gathered(async (names: string[]) => {
    const end = Promise.withResolvers<void>();
    const number = readings.push({ names, end });
    await end.promise;
    return () => number;
  });
  const reading = async (number: number) => {
    while (readings.length < number) await Promise.resolve();
    return readings[number - 1] as (typeof readings)[number];
  };
  return { readings, gathered, reading };
}

test("who asks while a reading is under way is answered by the next, all together", async () => {
  const { readings, gathered, reading } = scene();
  const first = [gathered.ask("ann"), gathered.ask("ben"), gathered.ask("ann")];
  const one = await reading(1);
  const later = [gathered.ask("ann"), gathered.ask("cid")];
  one.end.resolve();
  expect(await Promise.all(first)).toEqual([1, 1, 1]);
  (await reading(2)).end.resolve();
  expect(await Promise.all(later)).toEqual([2, 2]);
  expect(readings.map(({ names }) => names)).toEqual([
    ["ann", "ben"],
    ["ann", "cid"],
  ]);
});

test("at most 500 go together", async () => {
  const { readings, gathered, reading } = scene();
  const all = Array.from({ length: 501 }, (_, index) => gathered.ask(`user ${index}`));
  (await reading(1)).end.resolve();
  (await reading(2)).end.resolve();
  await Promise.all(all);
  expect(readings.map(({ names }) => names.length)).toEqual([500, 1]);
});

test("a reading that fails fails those it was for, and the next goes on", async () => {
  const { gathered, reading } = scene();
  const told = gathered.ask("ann").catch(({ message }) => message);
  const one = await reading(1);
  const next = gathered.ask("ben");
  one.end.reject(new Error("the store is away"));
  expect(await told).toBe("the store is away");
  (await reading(2)).end.resolve();
  expect(await next).toBe(2);
});
