/** Lost answers, a killed server, a silent network: what was acknowledged is there, once and in order. */

import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { Store } from "../../ports/store.ts";
import { type PostgresServer, startPostgres } from "../../testing/postgres-server.ts";
import { startTcpProxy } from "../../testing/tcp-proxy.ts";
import { openPostgresStore, type PostgresStoreOptions } from "./postgres.ts";
import { startLosingProxy } from "./testing/losing-proxy.ts";
import { expectLogToHold, sendNumbered } from "./testing/numbered-sends.ts";
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

const open = async (via?: number, options: Partial<PostgresStoreOptions> = {}) => {
  const failures: string[] = [];
  const store = await openPostgresStore({
    url: server.url(await server.createDatabase(), via),
    connections: 10,
    onFailure: (error) => failures.push(error.message),
    ...options,
  });
  cleanups.push(() => store.close());
  return { store, failures };
};

const newRooms = async (store: Store, count: number) => {
  const { own, id } = await newGroup(store);
  const ids = [id];
  while (ids.length < count) {
    const room = { kind: "group", key: `room ${ids.length}`, admission: "members", memberIds: [] } as const;
    ids.push((await own.createConversation({ ...room, memberIds: [] })).id);
  }
  return { own, ids };
};

test("answers lost right after the commit, hundreds of times: every message is stored once", async () => {
  const proxy = await startLosingProxy(server.port);
  cleanups.push(() => proxy.close());
  const { store } = await open(proxy.port, { patienceMs: 20_000 });
  const { own, ids } = await newRooms(store, 5);
  const LOST = 210;
  proxy.lose(0.4, LOST);
  let after = 0;
  const sends = await sendNumbered(own, ids, 40, () => proxy.lost >= LOST && ++after > 400);
  expect(proxy.lost).toBe(LOST);
  expect(sends.filter(({ position }) => position === null)).toEqual([]);
  await expectLogToHold(own, sends);
  const log = await Promise.all(ids.map((id) => own.listMessages(id, null, 1_000_000)));
  expect(log.flat()).toHaveLength(sends.length);
}, 120_000);

test("the answer to any other write is found again, not made again", async () => {
  const proxy = await startLosingProxy(server.port);
  cleanups.push(() => proxy.close());
  const { store } = await open(proxy.port, { patienceMs: 20_000 });
  const { own, id } = await newGroup(store);
  const { sentAt } = await own.append(textMessage(id));
  const LOST = 60;
  proxy.lose(0.5, LOST);
  for (let round = 0; proxy.lost < LOST; round++) {
    // Each of them would say something else if it were run a second time.
    expect(await setActive(own, id, sentAt, round % 2 === 1)).toBe(true);
    expect(await own.addMembers(id, [`user ${round}`])).toEqual([`user ${round}`]);
    const room = { kind: "group", key: `room ${round}`, admission: "open", memberIds: [] } as const;
    expect((await own.createConversation({ ...room, memberIds: [] })).key).toBe(room.key);
  }
}, 120_000);

test("a PostgreSQL that is killed under load, again and again, loses nothing, and the store goes on", async () => {
  const { store, failures } = await open(undefined, { patienceMs: 20_000 });
  const { own, ids } = await newRooms(store, 8);
  const probe = ids.pop() as number;
  let isOver = false;
  const sending = sendNumbered(own, ids, 100, () => isOver);
  const KILLS = 5;
  for (let round = 0; round < KILLS; round++) {
    // Batches are under way, and on the connections that were made after the last kill.
    for (let number = 0; number < 10; number++) await own.append(textMessage(probe));
    await server.kill();
    await server.start();
  }
  expect((await own.append(textMessage(probe))).seq).toBe(10 * KILLS + 1);
  isOver = true;
  const sends = await sending;
  expect(sends.filter(({ position }) => position !== null).length).toBeGreaterThan(1000);
  expect(failures.length).toBeGreaterThan(0);
  await store.check();
  await expectLogToHold(own, sends);
}, 120_000);

test("a server that is gone for good: calls are refused in time, and the process lives", async () => {
  const proxy = await startTcpProxy(server.port);
  cleanups.push(() => proxy.close());
  const { store, failures } = await open(proxy.port, { patienceMs: 500 });
  const { own, id } = await newGroup(store);
  proxy.cut();
  const begun = performance.now();
  const calls = [
    ...Array.from({ length: 2000 }, () => own.append(textMessage(id))),
    own.findUsers(["ann"]),
    own.addMembers(id, ["ben"]),
    store.check(),
  ];
  const codes = (await Promise.allSettled(calls)).map(
    (call) => call.status === "rejected" && call.reason.code,
  );
  expect(codes).toEqual(calls.map(() => "unavailable"));
  expect(performance.now() - begun).toBeLessThan(5000);
  expect(failures.length).toBeGreaterThan(0);
  proxy.restore();
  expect((await own.append(textMessage(id))).seq).toBe(1);
}, 30_000);

test("a network that swallows everything: calls end by their time limit, and nothing is stored twice", async () => {
  const proxy = await startTcpProxy(server.port);
  cleanups.push(() => proxy.close());
  const { store } = await open(proxy.port, { patienceMs: 20_000, statementTimeoutMs: 200 });
  const { own, id } = await newGroup(store);
  const first = await own.append(textMessage(id));
  proxy.pause();
  const sends = Array.from({ length: 20 }, () => own.append(textMessage(id)));
  const reading = own.listMessages(id, null, 1);
  // The client's own limit is two seconds above the statement's.
  setTimeout(() => proxy.restore(), 3000);
  expect((await Promise.all(sends)).map(({ seq }) => seq)).toEqual(sends.map((_, index) => index + 2));
  expect((await reading).length).toBe(1);
  expect((await own.listMessages(id, null, 100)).map(({ seq }) => seq)).toEqual([
    ...sends.map((_, index) => 21 - index),
    first.seq,
  ]);
}, 30_000);
