import { expect, test } from "bun:test";
import { RestartPace } from "./restart-pace.ts";

const ends = (pace: RestartPace, count: number, listenedFor: number) =>
  Array.from({ length: count }, () => pace.afterEnd(listenedFor));

test("pauses double up to half a minute, and the eleventh end in a row is the last", () => {
  expect(ends(new RestartPace(), 11, 0)).toEqual([
    ...[250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000],
    null,
  ]);
});

test("a worker that listened for a minute begins anew; one that listened for less does not", () => {
  const pace = new RestartPace();
  expect(ends(pace, 3, 59_999)).toEqual([250, 500, 1000]);
  expect(pace.afterEnd(60_000)).toBe(250);
  expect(pace.afterEnd(0)).toBe(500);
});
