import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { countOnline, listOnline } from "./online-users.ts";
import { PresenceWorld, TestLink, type TestNode, until } from "./testing/presence-nodes.ts";

let world: PresenceWorld;
let here: TestNode;
let there: TestNode;
beforeEach(async () => {
  world = await PresenceWorld.open();
  [here, there] = [await world.node(), await world.node()];
});
afterEach(() => world.close());

const count = () => countOnline({ store: world.own });
const devices = async (userId: string) =>
  (await world.own.findPresence([userId])).map(({ deviceId, leaseId }) => [deviceId, leaseId]).sort();
const outcome = (claim: Promise<void>): Promise<string> =>
  claim.then(
    () => "admitted",
    (error) => error.code,
  );

describe("what happens here", () => {
  test("is in the store when it has been flushed, thousands at once", async () => {
    const links = Array.from({ length: 2500 }, (_, index) => new TestLink(`user-${index}`));
    for (const link of links) here.connect(link);
    await until(async () => (await count()) === 2500);
    for (const link of links.slice(1)) here.disconnect(link);
    await until(async () => (await count()) === 1);
    expect(await listOnline({ store: world.own }, ["user-0", "user-1"])).toMatchObject([
      { userId: "user-0", isOnline: true },
      { userId: "user-1", isOnline: false, since: null, platforms: [] },
    ]);
  });

  test("is all written by one flush", async () => {
    const links = Array.from({ length: 1500 }, (_, index) => new TestLink(`user-${index}`));
    for (const link of links) here.connect(link);
    await here.writer.flush();
    expect(await count()).toBe(1500);
    for (const link of links) here.disconnect(link);
    await here.writer.flush();
    expect(await count()).toBe(0);
  });

  test("is written in the order in which it happened, and nothing for those who came and left", async () => {
    const [brief, first, second] = [new TestLink("ann"), new TestLink("ann"), new TestLink("ann")];
    here.connect(brief);
    here.disconnect(brief);
    here.connect(first);
    here.connect(second);
    here.disconnect(first);
    await here.writer.flush();
    expect(await world.own.findPresence(["ann"])).toMatchObject([{ connectionId: second.id }]);
    here.disconnect(second);
    await here.writer.flush();
    expect(await count()).toBe(0);
    expect(world.errors).toEqual([]);
  });

  test("an older connection that is written later doesn't take the device back, and ends", async () => {
    const [older, newer] = [new TestLink("ann", "phone", "", 1000), new TestLink("ann")];
    there.connect(newer);
    await there.writer.flush();
    here.connect(older);
    await here.writer.flush();
    expect(here.replaced).toEqual([older]);
    expect(there.replaced).toEqual([]);
    expect(await world.own.findPresence(["ann"])).toMatchObject([{ connectionId: newer.id }]);
  });

  test("tells the node that lost a device, and nobody else of anything", async () => {
    const older = new TestLink("ann");
    here.connect(older);
    here.connect(new TestLink("ben"));
    await here.writer.flush();
    there.connect(new TestLink("ann"));
    there.connect(new TestLink("ben", "laptop"));
    await there.writer.flush();
    const taken = world.events.filter(({ kind }) => kind === "deviceConnected");
    // Each of the two nodes heard of it once.
    expect(taken).toEqual(
      Array(2).fill({
        kind: "deviceConnected",
        userId: "ann",
        deviceId: "phone",
        leaseId: here.lease.id,
        connectionId: older.id,
      }),
    );
  });
});

describe("a node whose lease ended while it was away", () => {
  test("takes another and writes everybody again, but those whose device is connected elsewhere", async () => {
    const [ann, ben, gone] = [new TestLink("ann"), new TestLink("ben"), new TestLink("gone")];
    for (const link of [ann, ben, gone]) here.connect(link);
    await here.writer.flush();
    const before = here.lease.id;
    await world.store.nodes.endLease(before);
    expect(await count()).toBe(0);
    there.connect(new TestLink("ben"));
    await there.writer.flush();
    here.disconnect(gone);
    await until(() => here.replaced.length > 0);
    expect(here.lease.id).toBeGreaterThan(before);
    expect(here.replaced).toEqual([ben]);
    expect(await devices("ann")).toEqual([["phone", here.lease.id]]);
    expect(await devices("ben")).toEqual([["phone", there.lease.id]]);
    expect(await devices("gone")).toEqual([]);
  });

  test("doesn't bring back who left while the lease was being replaced", async () => {
    await world.store.nodes.endLease(here.lease.id);
    const gone = new TestLink("gone");
    here.connect(gone);
    const written = here.writer.flush();
    await Promise.resolve();
    // The batch with the arrival is on its way to a store that will refuse it.
    expect(here.writer.isWaiting(gone)).toBe(false);
    here.disconnect(gone);
    await written;
    await here.writer.flush();
    expect(await count()).toBe(0);
  });

  test("gives places to its own people before anybody who asks there", async () => {
    const ann = new TestLink("ann");
    here.connect(ann);
    await here.writer.flush();
    world.most = 1;
    await world.store.nodes.endLease(here.lease.id);
    expect(await outcome(here.writer.claim(new TestLink("ben")))).toBe("tooManyOnline");
    expect(here.refused).toEqual([]);
    expect(await world.own.listOnline(null, 10)).toEqual(["ann"]);
  });

  test("finds out by itself when it renews", async () => {
    const short = await world.node(3000);
    short.connect(new TestLink("ann"));
    await short.writer.flush();
    const before = short.lease.id;
    await world.store.nodes.endLease(before);
    await until(async () => short.lease.id !== before && (await count()) === 1);
    expect(await devices("ann")).toEqual([["phone", short.lease.id]]);
  });

  test("gives way to the limit: the places may have gone to others", async () => {
    world.most = 2;
    const [ann, ben] = [new TestLink("ann"), new TestLink("ben")];
    for (const link of [ann, ben]) here.connect(link);
    await here.writer.flush();
    await world.store.nodes.endLease(here.lease.id);
    there.connect(new TestLink("cid"));
    await there.writer.flush();
    await here.lease.renew();
    await until(() => here.refused.length > 0);
    expect([here.refused.length, await count()]).toEqual([1, 2]);
  });
});

describe("the limit of people online", () => {
  test("is never exceeded by nodes that admit at once, and counts a user once", async () => {
    world.most = 10;
    const links = Array.from(
      { length: 60 },
      (_, index) => new TestLink(`user-${index % 30}`, `device-${index}`),
    );
    const outcomes = await Promise.all(
      links.map((link, index) => outcome((index % 2 === 0 ? here : there).writer.claim(link))),
    );
    const admitted = new Set(
      links.filter((_, index) => outcomes[index] === "admitted").map(({ user }) => user.userId),
    );
    expect([admitted.size, await count()]).toEqual([10, 10]);
    expect(outcomes.filter((one) => one !== "admitted")).toEqual(
      outcomes.filter((one) => one === "tooManyOnline"),
    );
  });

  test("gives a place back that nobody took in the end", async () => {
    world.most = 1;
    const [ann, ben] = [new TestLink("ann"), new TestLink("ben")];
    await here.writer.claim(ann);
    expect(await outcome(there.writer.claim(ben))).toBe("tooManyOnline");
    here.writer.leave(ann);
    await here.writer.flush();
    expect(await outcome(there.writer.claim(ben))).toBe("admitted");
  });

  test("holds for whoever comes when the store is gone: nobody is let in unseen", async () => {
    world.most = 5;
    await world.store.close();
    expect(await outcome(here.writer.claim(new TestLink("ann")))).toBe("unavailable");
  });
});

test("what could not be written is written later; what left meanwhile is not", async () => {
  const blocked = new TestLink("ann");
  // Longer than the store holds a batch back: the lock of another process.
  const { DatabaseSync } = await import("node:sqlite");
  const other = new DatabaseSync(world.file);
  other.exec("BEGIN IMMEDIATE");
  here.connect(blocked);
  here.connect(new TestLink("ben"));
  await until(() => world.errors.length > 0);
  here.disconnect(blocked);
  other.exec("ROLLBACK");
  other.close();
  await until(async () => (await count()) === 1);
  await here.writer.flush();
  expect(await world.own.listOnline(null, 10)).toEqual(["ben"]);
}, 30_000);
