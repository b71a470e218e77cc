import { expect, test } from "bun:test";
import { MessageRate } from "./message-rate.ts";

const open = (most: number) => {
  const clock = { now: 1000 };
  const rate = new MessageRate(most, () => clock.now);
  const count = (tries: number, isHigh = true, room = 1) =>
    Array.from({ length: tries }, () => rate.admit(room, isHigh)).filter((wait) => wait === null).length;
  return { clock, rate, count };
};

test("a room takes so many in a window, and says when there is place again", () => {
  const { clock, rate, count } = open(40);
  expect([count(100), count(100, true, 2)]).toEqual([40, 40]);
  clock.now += 150;
  expect(rate.admit(1)).toBe(50);
  clock.now += 50;
  expect(count(100)).toBe(40);
});

test("half of it is for messages of high priority alone", () => {
  const { count } = open(40);
  expect([count(100, false), count(100)]).toEqual([20, 20]);
  expect([count(30, true, 2), count(100, false, 2), count(100, true, 2)]).toEqual([30, 10, 0]);
});

test("what other nodes sent counts, and what is published here counts once", () => {
  const { rate, count } = open(40);
  for (let index = 0; index < 30; index++) rate.heard(1);
  expect(rate.admit(1)).toBeNull();
  rate.whilePublishing(() => rate.heard(1));
  expect(count(100)).toBe(9);
});

test("remembers a bounded number of rooms", () => {
  const { clock, rate } = open(1);
  for (let room = 0; room < 50_000; room++) rate.admit(room);
  expect(rate.size).toBeLessThanOrEqual(20_001);
  clock.now += 1000;
  rate.admit(1);
  expect(rate.size).toBeLessThan(10_001);
});
