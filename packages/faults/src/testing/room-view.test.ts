/** What is not theirs is noticed: the part of the checker that looks while it happens. */

import { describe, expect, test } from "bun:test";
import { tryToCross } from "./last-words.ts";
import type { Crowd } from "./people.ts";
import { RoomView } from "./room-view.ts";

const view = (isMember: boolean) => new RoomView("ann", "room", false, isMember);

describe("a room as somebody sees it", () => {
  test("is heard by a member, in a sight for each connection and each time they were added", () => {
    const room = view(true);
    room.begin();
    expect([room.hear(1), room.isCaughtUp]).toEqual([true, false]);
    room.catchUp([1]);
    room.leave();
    expect([room.isCaughtUp, room.isRefused]).toEqual([true, false]);
    room.join(true, false);
    room.hear(3);
    expect(room.sights.map(({ known, live }) => ({ known, live }))).toEqual([
      { known: 0, live: [1] },
      { known: 1, live: [3] },
    ]);
  });

  test("may be heard a moment longer by who was removed, and not for long", () => {
    const room = view(true);
    room.begin();
    room.leave();
    expect(room.hear(1)).toBe(true);
    room.left();
    expect(room.hear(2)).toBe(true);
    room.left(performance.now() - 60_000);
    expect(room.hear(3)).toBe(false);
    room.left(Number.NEGATIVE_INFINITY);
    expect(room.hear(4)).toBe(false);
    expect(room.sights[0]?.live).toEqual([]);
  });
});

test("an app that is shown another's room is noticed", async () => {
  const crowds = ["one", "other"].map((name) => ({ secret: name, rooms: [name] }) as unknown as Crowd);
  expect(await tryToCross(crowds, async () => 404)).toEqual([]);
  const found = await tryToCross(crowds, async ({ secret }) => (secret === "one" ? 200 : 404));
  expect(found).toEqual([{ kind: "not theirs", text: "another app is told 200 of other" }]);
});
