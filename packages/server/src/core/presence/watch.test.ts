import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { PresenceWorld, TestLink, type TestNode, until } from "./testing/presence-nodes.ts";

let world: PresenceWorld;
let here: TestNode;
let there: TestNode;
beforeEach(async () => {
  world = await PresenceWorld.open();
  [here, there] = [await world.node(), await world.node()];
});
afterEach(() => world.close());

/** What a watcher was told of a user last. */
const last = (node: TestNode, userId: string, watcher = "eve") =>
  node.told
    .filter((one) => one.watcher === watcher)
    .flatMap(({ states }) => states)
    .findLast((state) => state.userId === userId);

const refusal = (watch: Promise<unknown>): Promise<string> =>
  watch.then(
    () => "",
    (error) => Object.keys(error.details).join(),
  );

describe("a watcher", () => {
  test("gets the states at once, and hears of people on whichever node", async () => {
    there.connect(new TestLink("ann", "phone", "ios"));
    await there.writer.flush();
    const { states } = await here.watch.watch("eve", ["ann", "ben", "ann"], 60);
    expect(states).toMatchObject([
      { userId: "ann", isOnline: true, platforms: ["ios"] },
      { userId: "ben", isOnline: false, since: null, platforms: [] },
    ]);
    const ben = new TestLink("ben", "web", "web");
    there.connect(ben);
    await until(() => last(here, "ben")?.isOnline === true);
    here.connect(new TestLink("ben", "phone", "android"));
    await until(() => last(here, "ben")?.platforms.join() === "android,web");
    there.disconnect(ben);
    await until(() => last(here, "ben")?.platforms.join() === "android");
    expect(last(here, "ann")).toBeUndefined();
    expect(here.told.every(({ watcher }) => watcher === "eve")).toBe(true);
  });

  test("is told of a crowd in few pieces, and of nobody twice in one", async () => {
    const ids = Array.from({ length: 150 }, (_, index) => `user-${index}`);
    await here.watch.watch("eve", ids, 60);
    for (const id of ids) there.connect(new TestLink(id));
    await until(() => ids.every((id) => last(here, id)?.isOnline));
    expect(here.told.length).toBeLessThan(20);
    for (const { states } of here.told) {
      expect(new Set(states.map(({ userId }) => userId)).size).toBe(states.length);
    }
    const changes = world.events.filter(({ kind }) => kind === "presenceChanged");
    expect(changes.length).toBeLessThan(40);
  });

  test("hears nothing of who came and went in a moment", async () => {
    await here.watch.watch("eve", ["ann", "ben"], 60);
    const link = new TestLink("ann");
    there.connect(link);
    there.disconnect(link);
    there.connect(new TestLink("ben"));
    await until(() => last(here, "ben") !== undefined);
    expect(last(here, "ann")).toBeUndefined();
  });

  test("hears that a dead node's people are offline, when its lease has ended", async () => {
    const watching = await world.node(3000);
    there.connect(new TestLink("ann"));
    there.connect(new TestLink("ben"));
    here.connect(new TestLink("ben", "laptop"));
    await Promise.all([here.writer.flush(), there.writer.flush()]);
    await watching.watch.watch("eve", ["ann", "ben"], 60);
    await watching.lease.renew();
    await world.store.nodes.endLease(there.lease.id);
    await until(() => last(watching, "ann")?.isOnline === false);
    expect(last(watching, "ben")?.isOnline).not.toBe(false);
  });

  test("hears what events did not tell, after a recheck", async () => {
    await here.watch.watch("eve", ["ann"], 60);
    const phone = { userId: "ann", deviceId: "phone", connectionId: 1, platform: "", openedAt: 0 };
    await world.own.updatePresence(
      there.lease.id,
      { left: [], returned: [], claimed: [], arrived: [phone] },
      null,
    );
    here.watch.recheck();
    await until(() => last(here, "ann")?.isOnline === true);
  });

  test("hears no more after it stopped, or when its time is over; others do", async () => {
    await here.watch.watch("eve", ["ann"], 60);
    await here.watch.watch("eve", ["ben"], 1);
    await here.watch.watch("tom", ["ann", "ben", "cid"], 60);
    const expired = new Promise((resolve) => setTimeout(resolve, 1010));
    here.watch.unwatch("eve", ["ann", "nobody"]);
    await expired;
    for (const id of ["ann", "ben"]) there.connect(new TestLink(id));
    await until(() => ["ann", "ben"].every((id) => last(here, id, "tom")?.isOnline));
    expect(here.told.some(({ watcher }) => watcher === "eve")).toBe(false);
    here.watch.unwatch("tom");
    there.connect(new TestLink("cid"));
    await there.writer.flush();
    await here.watch.watch("max", ["cid"], 60);
    expect(last(here, "cid", "tom")).toBeUndefined();
  });

  test("of too many, or for no time, is refused; watching the same again is not", async () => {
    const ids = (from: number, length: number) =>
      Array.from({ length }, (_, index) => `user-${from + index}`);
    expect(await refusal(here.watch.watch("eve", ids(0, 201), 60))).toBe("userIds");
    for (const seconds of [0, -1, Number.NaN, 30 * 86_400 + 1]) {
      expect(await refusal(here.watch.watch("eve", ["ann"], seconds))).toBe("seconds");
    }
    for (let from = 0; from < 1000; from += 200) await here.watch.watch("eve", ids(from, 200), 60);
    expect(await refusal(here.watch.watch("eve", ["one-more"], 60))).toBe("userIds");
    expect(await refusal(here.watch.watch("eve", ids(0, 200), 60))).toBe("");
    expect(await refusal(here.watch.watch("tom", ["one-more"], 60))).toBe("");
    here.watch.unwatch("eve", ["user-0"]);
    expect(await refusal(here.watch.watch("eve", ["one-more"], 60))).toBe("");
  });

  test("that could not be served is not kept", async () => {
    await world.store.close();
    const error = await here.watch.watch("eve", ["ann"], 60).catch((caught) => caught);
    expect(error.code).toBe("unavailable");
    here.watch.hear(["ann"]);
    expect(world.errors).toEqual([]);
  });
});
