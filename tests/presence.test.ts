/** Who is online, how many may be, and one connection a device: across three nodes, with nodes killed and lines cut. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { openStore } from "../packages/server/src/adapters/open-store.ts";
import { countOnline, listOnline } from "../packages/server/src/core/presence/online-users.ts";
import type { App, AppStore, Store } from "../packages/server/src/ports/store.ts";
import { type I2aBackEnd, i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { startTestCluster, type TestCluster } from "../packages/server/src/testing/test-cluster.ts";
import { TestSocket } from "../packages/server/src/testing/test-socket.ts";
import { freePort, startServerProcess } from "./server-process.ts";

/** Of nodes that are killed or put to sleep; those that must not lose theirs on a busy machine have longer ones. */
const leaseSeconds = 2;
const longLeaseSeconds = 6;
let cluster: TestCluster;
/** Looks into the same database as a command line would. */
let beside: Store;
beforeAll(async () => {
  cluster = await startTestCluster(3, { leaseSeconds: longLeaseSeconds });
  beside = await openStore({ dataDir: "", store: cluster.store, storeConnections: 2 });
}, 60_000);
afterAll(async () => {
  await beside.close();
  await cluster.stop();
}, 60_000);

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  for (const { busLine } of cluster.nodes) busLine.restore();
});

const urlOf = (number: number): string => cluster.nodes[number]?.server.url ?? "";

const until = async (isTrue: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`never came true: ${isTrue}`);
    await new Promise((go) => setTimeout(go, 20));
  }
};

/** An app of its own for each test, known to all three nodes. */
interface Shop {
  app: App;
  own: AppStore;
  backEnd: I2aBackEnd;
  open(url: string, userId: string, deviceId?: string): Promise<TestSocket>;
  /** True if the node lets the user in, and then they stay. */
  tryOpen(url: string, userId: string, deviceId?: string): Promise<boolean>;
}

let shops = 0;
async function newShop(): Promise<Shop> {
  const name = `shop-${++shops}`;
  const app = await beside.apps.create({ key: name, name, secret: `secret-of-${name}-001` });
  const backEnds = cluster.nodes.map(({ server }) => i2aBackEnd(server.url, app.secret));
  for (const one of backEnds) await until(async () => (await one.call("GET", "ping/")).status === 200);
  const backEnd = backEnds[0] as I2aBackEnd;
  const open: Shop["open"] = async (url, userId, deviceId) => {
    const token = await backEnd.token(userId, deviceId);
    return TestSocket.open(`${url.replace("http", "ws")}/socket/`, { "X-TOKEN": token });
  };
  const tryOpen: Shop["tryOpen"] = (...where) =>
    open(...where).then(
      () => true,
      () => false,
    );
  return { app, own: beside.forApp(app.id), backEnd, open, tryOpen };
}

/** Another node, in a process of its own. */
async function spawnNode() {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await startServerProcess(url, {
    PARLANCE_PORT: `${port}`,
    PARLANCE_HOST: "127.0.0.1",
    PARLANCE_STORE: cluster.store,
    PARLANCE_BUS: cluster.nats.url,
    PARLANCE_STORE_CONNECTIONS: "4",
    PARLANCE_LEASE_SECONDS: `${leaseSeconds}`,
  });
  const kill = async () => {
    server.process.kill("SIGKILL");
    await server.exited;
  };
  cleanups.push(kill);
  return { url, kill, process: server.process };
}

const online = (own: AppStore) => countOnline({ store: own });

/** Sets the limit and waits until every node knows it: strangers are refused, and no place is taken to find out. */
async function limit({ app, own, backEnd }: Shop, most: number): Promise<void> {
  await beside.apps.update(app.key, { maxOnlineUsers: most });
  const token = await backEnd.token("stranger");
  for (const { server } of cluster.nodes) {
    await until(
      async () => (await fetch(`${server.url}/socket/`, { headers: { "x-token": token } })).status === 400,
    );
  }
  await until(async () => (await online(own)) === most);
}

describe("who is online", () => {
  test("is answered for all nodes, and nobody counts twice", async () => {
    const { own, open } = await newShop();
    const [phone, laptop] = [await open(urlOf(0), "ann"), await open(urlOf(1), "ann", "laptop")];
    await open(urlOf(2), "ben");
    await until(async () => (await own.findPresence(["ann", "ben"])).length === 3);
    expect(await online(own)).toBe(2);
    const metrics = await (await fetch(`${urlOf(2)}/metrics`)).text();
    expect(metrics).toContain("\nparlance_online_users 1\n");
    phone.close();
    await until(async () => (await own.findPresence(["ann"])).length === 1);
    laptop.close();
    await until(async () => (await online(own)) === 1);
    const states = await listOnline({ store: own }, ["ann", "ben"]);
    expect(states.map(({ isOnline }) => isOnline)).toEqual([false, true]);
  }, 60_000);

  test("a killed node's people are offline when its lease has ended, and its rows go", async () => {
    const { own, open } = await newShop();
    const doomed = await spawnNode();
    await open(doomed.url, "ann");
    await open(doomed.url, "ben");
    await open(urlOf(0), "ben", "laptop");
    await until(async () => (await own.findPresence(["ann", "ben"])).length === 3);
    await doomed.kill();
    await until(async () => (await online(own)) === 1);
    expect(await own.listOnline(null, 10)).toEqual(["ben"]);
    await until(async () =>
      (await beside.nodes.list()).every(({ remaining, connections }) => remaining > 0 || connections === 0),
    );
    expect(await own.findPresence(["ben"])).toMatchObject([{ deviceId: "laptop" }]);
  }, 60_000);

  test("a node that slept through its lease brings its people back", async () => {
    const { own, open } = await newShop();
    const sleepy = await spawnNode();
    const ann = await open(sleepy.url, "ann");
    await until(async () => (await online(own)) === 1);
    sleepy.process.kill("SIGSTOP");
    await until(async () => (await online(own)) === 0);
    sleepy.process.kill("SIGCONT");
    await until(async () => (await online(own)) === 1);
    ann.close();
    await until(async () => (await online(own)) === 0);
  }, 60_000);

  test("a node that stops takes its people offline at once", async () => {
    const { own, open } = await newShop();
    const leaving = await spawnNode();
    await open(leaving.url, "ann");
    await until(async () => (await online(own)) === 1);
    leaving.process.kill("SIGTERM");
    await until(async () => (await online(own)) === 0);
  }, 60_000);
});

describe("the limit of people online", () => {
  test("holds over all nodes when many come at once; who is there may bring another device", async () => {
    const shop = await newShop();
    const { own, open, tryOpen } = shop;
    const ann = await open(urlOf(0), "ann");
    await until(async () => (await online(own)) === 1);
    await limit(shop, 1);
    expect(await tryOpen(urlOf(1), "ann", "laptop")).toBe(true);
    await beside.apps.update(shop.app.key, { maxOnlineUsers: 4 });
    // Nodes learn of the higher limit one after the other; three places are left in all.
    const admitted = new Set<string>();
    const crowd = Array.from({ length: 12 }, (_, index) => `user-${index}`);
    await until(async () => {
      const outcomes = await Promise.all(crowd.map((id, index) => tryOpen(urlOf(index % 3), id)));
      for (const [index, isIn] of outcomes.entries()) if (isIn) admitted.add(crowd[index] as string);
      expect(await online(own)).toBeLessThanOrEqual(4);
      return admitted.size >= 3;
    });
    expect([admitted.size, await online(own)]).toEqual([3, 4]);
    expect(await tryOpen(urlOf(2), "late")).toBe(false);
    // A place that is left is free for anybody on any node.
    const [lucky] = admitted;
    expect(await tryOpen(urlOf(2), lucky as string, "tablet")).toBe(true);
    expect(ann.unread).toEqual([]);
  }, 60_000);

  test("frees the places of a node that was killed, when its lease has ended", async () => {
    const shop = await newShop();
    const doomed = await spawnNode();
    await shop.open(doomed.url, "ann");
    await until(async () => (await online(shop.own)) === 1);
    await limit(shop, 1);
    await doomed.kill();
    await until(() => shop.tryOpen(urlOf(1), "ben"));
    expect(await shop.own.listOnline(null, 10)).toEqual(["ben"]);
  }, 60_000);
});

describe("while the bus is cut", () => {
  const cutAll = () => {
    for (const { busLine } of cluster.nodes) busLine.cut();
  };

  test("a device that connects elsewhere takes its place all the same", async () => {
    const { own, open } = await newShop();
    const older = await open(urlOf(1), "ann");
    const laptop = await open(urlOf(1), "ann", "laptop");
    await until(async () => (await own.findPresence(["ann"])).length === 2);
    cutAll();
    await open(urlOf(0), "ann");
    expect((await older.closed).code).toBe(1000);
    // Only the older one of the two had to go, and the newer one is the one that is known.
    await until(async () => (await own.findPresence(["ann"])).length === 2);
    const leases = (await own.findPresence(["ann"])).map(({ leaseId }) => leaseId);
    expect(new Set(leases).size).toBe(2);
    laptop.close();
    await until(async () => (await own.findPresence(["ann"])).length === 1);
  }, 60_000);

  test("a rotated secret, a closed session and an app switched off take effect on every node", async () => {
    const { app, own, open, backEnd } = await newShop();
    const sockets = await Promise.all([0, 1, 2].map((number) => open(urlOf(number), `user-${number}`)));
    const token = await backEnd.token("zoe");
    const zoe = await TestSocket.open(`${urlOf(2).replace("http", "ws")}/socket/?token=${token}`);
    await until(async () => (await online(own)) === 4);
    cutAll();
    await backEnd.post("session/close-session/", { token });
    expect((await zoe.closed).code).toBe(4000);

    const secret = `${app.secret}-rotated`;
    await beside.apps.update(app.key, { secret });
    for (const { server } of cluster.nodes) {
      const status = async (given: string) =>
        (await i2aBackEnd(server.url, given).call("GET", "ping/")).status;
      await until(async () => (await status(secret)) === 200);
      expect(await status(app.secret)).toBe(401);
    }
    await beside.apps.update(app.key, { isActive: false });
    for (const socket of sockets) expect((await socket.closed).code).toBe(4001);
    await until(async () => (await online(own)) === 0);
  }, 60_000);
});
