import { expect, test } from "bun:test";
import { Gaps } from "./gaps.ts";

test("a gap is told at once, further ones of the subject when the window ends, once", () => {
  const told: (string | null)[] = [];
  const errors: unknown[] = [];
  const gaps = new Gaps((error) => errors.push(error));
  gaps.listen(() => {
    throw new Error("boom");
  });
  const stop = gaps.listen((subject) => told.push(subject));
  gaps.tell("room");
  gaps.tell("room");
  gaps.tell("hall");
  gaps.tell("room");
  expect(told).toEqual(["room", "hall"]);
  gaps.nextWindow();
  expect(told).toEqual(["room", "hall", "room"]);
  gaps.nextWindow();
  gaps.nextWindow();
  expect(told.length).toBe(3);
  gaps.tell(null);
  expect(told.at(-1)).toBeNull();
  stop();
  gaps.nextWindow();
  gaps.tell("room");
  expect(told.length).toBe(4);
  expect(errors.length).toBe(5);
});
