/** That synchronising misses nothing though transactions commit in another order than they took their times. */

import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { SyncDevice, sorted, wholeList } from "../../ports/store-contract/sync-device.ts";
import { type PostgresServer, startPostgres } from "../../testing/postgres-server.ts";
import { openPostgresStore } from "./postgres.ts";
import { newGroup, setActive, textMessage } from "./testing/temporary.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop(), 60_000);

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const openNode = async (database: string) => {
  const store = await openPostgresStore({ url: server.url(database), connections: 8 });
  cleanups.push(() => store.close());
  return store;
};

/** Takes the half minute of repetition away, so that only what is known about open transactions is left. */
const withoutOverlap = async (database: string): Promise<void> => {
  const [row] = await server.query(database, "select pg_get_viewdef('visible_until') as view");
  const view = String(row?.view);
  expect(view).toContain("'00:00:30'");
  const shortened = view.replace("'00:00:30'", "'00:00:00'");
  await server.query(database, `create or replace view visible_until as ${shortened}`);
};

test("a change that is committed late, by a transaction that began early, is not passed over", async () => {
  const database = await server.createDatabase();
  const store = await openNode(database);
  const { own, id, appId } = await newGroup(store);
  await withoutOverlap(database);
  const device = new SyncDevice("ann");

  const change = `update conversations set last_seq = 7,
    changed_at = (extract(epoch from clock_timestamp()) * 1000000)::int8 where app_id = ${appId} and id = ${id}`;
  await server.query(database, "create table gate (is_open integer)");
  const wait = `do $$ begin for round in 1..2000 loop
    exit when exists (select from gate); perform pg_sleep(0.01); end loop; end $$`;
  const late = server.query(database, `begin; ${change}; ${wait}; commit`);
  const isOpen = async () => {
    const open =
      "select 1 from pg_stat_activity where backend_xid is not null and query like 'begin; update%'";
    return (await server.query(database, open)).length > 0;
  };
  const deadline = Date.now() + 20_000;
  while (!(await isOpen()) && Date.now() < deadline) await new Promise((go) => setTimeout(go, 5));
  // What this finds is from before the change, and what it reaches must be, too.
  await own.updateSettings(id, "ann", { isPinned: true });
  await device.finish(own, 10);
  expect(device.states.get("group/room")?.head.seq).toBe(0);
  await server.query(database, "insert into gate values (1)");
  await late;
  await device.finish(own, 10);
  expect(device.states.get("group/room")?.head.seq).toBe(7);
});

test("devices end with the list, whatever two nodes wrote beside their synchronising", async () => {
  const database = await server.createDatabase();
  const [one, two] = [await openNode(database), await openNode(database)];
  const { own, appId } = await newGroup(one);
  await withoutOverlap(database);
  const nodes = [own, two.forApp(appId)];
  const rooms: number[] = [];
  for (const key of ["a", "b", "c", "d", "e", "f"]) {
    const memberIds = ["ann", "ben"];
    rooms.push((await own.createConversation({ kind: "group", key, admission: "members", memberIds })).id);
  }
  let isOver = false;
  const writers = nodes.flatMap((node, side) =>
    rooms.map(async (id, index) => {
      for (let round = 0; round < 12; round++) {
        const { sentAt } = await node.append({ ...textMessage(id), senderId: side ? "ann" : "ben" });
        if (round % 3 === index % 3) await node.moveReadMark(id, "ann", sentAt);
        if (round % 5 === side) await node.updateSettings(id, "ann", { draft: `${side} ${round}` });
        if (round % 7 === side) await setActive(node, id, sentAt, false);
        if (round % 11 === 3 && side === 0) await node.removeMembers(id, ["ann"]);
        if (round % 11 === 3 && side === 0) await node.addMembers(id, ["ann"]);
      }
    }),
  );
  const failed = (error: { code?: string }) => error.code !== "notMember";
  const writing = Promise.allSettled(writers).then((outcomes) => {
    isOver = true;
    return outcomes.filter((one) => one.status === "rejected" && failed(one.reason));
  });
  const devices = [new SyncDevice("ann"), new SyncDevice("ann"), new SyncDevice("ben")];
  await Promise.all(
    devices.map(async (device, index) => {
      while (!isOver) await device.read(nodes[index % 2] as typeof own, 1 + index);
    }),
  );
  expect(await writing).toEqual([]);
  for (const device of devices) {
    await device.finish(own, 3);
    expect(sorted(device.states)).toEqual(sorted(await wholeList(own, device.userId)));
  }
}, 60_000);
