/** Watching who is online through sockets of two nodes, with a dialect that can do nothing else. */

import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { openBus } from "../adapters/open-bus.ts";
import { openStore } from "../adapters/open-store.ts";
import { listenBun } from "../adapters/transport-bun/listen.ts";
import { createRouter } from "../core/cluster/router.ts";
import { createCore } from "../core/create-core.ts";
import { createNodeId } from "../core/nodes/node-id.ts";
import { NodeLease } from "../core/nodes/node-lease.ts";
import { type NatsServer, startNatsServer } from "../testing/nats-server.ts";
import { type PostgresServer, startPostgres } from "../testing/postgres-server.ts";
import { startTcpProxy } from "../testing/tcp-proxy.ts";
import { TestSocket } from "../testing/test-socket.ts";
import type { Connection } from "./connection.ts";
import { Gateway } from "./gateway.ts";
import type { SocketDialect } from "./socket-dialect.ts";

const cleanups: (() => unknown)[] = [];
const cleanUp = async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
};
afterEach(cleanUp);

let postgres: PostgresServer;
let nats: NatsServer;
beforeAll(async () => {
  [postgres, nats] = await Promise.all([startPostgres(), startNatsServer()]);
}, 60_000);
afterAll(async () => {
  await nats.close();
  await postgres.stop();
}, 60_000);

const onError = () => {};
const silent = { info() {}, debug() {} };

/** A node of one app whose clients say `{"watch": [user, …]}` and are told states. */
async function startNode(database: string) {
  const store = await openStore({ dataDir: "", store: postgres.url(database), storeConnections: 4 });
  cleanups.push(() => store.close());
  const [known] = await store.apps.list();
  const app = known ?? (await store.apps.create({ key: "shop", name: "Shop", secret: "secret-of-shop" }));
  const line = await startTcpProxy(nats.port);
  cleanups.push(() => line.close());
  const bus = await openBus({ bus: `nats://127.0.0.1:${line.port}` }, { onHandlerError: onError });
  cleanups.push(() => bus.close());
  const limits = { memberIdsPerCall: 10, messageBytes: 1000 };
  const nodeId = createNodeId();
  const router = createRouter({ bus, nodeId, largeListeners: 500, mostKeys: 1000, onError });
  cleanups.push(() => router.stop());
  const core = createCore(app, { store, router, limits, logFor: () => silent });
  const facts = { nodeId, address: "", version: "" };
  const lease = new NodeLease({ nodes: store.nodes, facts, duration: 6000, isAlone: false, onError });
  await lease.start();
  cleanups.push(() => lease.stop());

  const dialect: SocketDialect = {
    name: "watching",
    matches: () => true,
    async identify(request) {
      const [userId = "", platform = ""] = new URL(request.url).pathname.slice(1).split("/");
      const tokenHash = `${userId} ${platform}`;
      const session = { tokenHash, userId, deviceId: platform, fcmToken: null };
      await core.store.openSession(session, 1).catch(onError);
      return { core, userId, deviceId: platform, tokenHash, platform };
    },
    refuse: () => new Response(null, { status: 503 }),
    async receive(connection, frame) {
      const { watch } = JSON.parse(String(frame));
      const { states } = await connection.app.watch.watch(connection, watch, 60);
      connection.send(JSON.stringify({ type: "states", states }));
    },
    encode: () => [],
    encodePresence: (_, states) => [JSON.stringify({ type: "presence", states })],
  };
  const gateway = new Gateway({
    router,
    lease,
    dialects: [dialect],
    heartbeatSeconds: 25,
    inbox: { framesPerMinute: 1000, maxBytes: 100_000 },
    maxWaitingBytes: 100_000,
    onError,
  });
  cleanups.push(() => gateway.stop());
  const listener = await listenBun<Connection>(
    { host: "127.0.0.1", port: 0, maxBodyBytes: 1000, maxFrameBytes: 100_000, maxWaitingBytes: 100_000 },
    {
      request: async () => new Response(null, { status: 404 }),
      upgrade: (request) => gateway.upgrade(request),
      opened: (connection, socket) => gateway.opened(connection, socket),
      received: (connection, frame) => gateway.received(connection, frame),
      heard: (connection) => gateway.heard(connection),
      closed: (connection) => gateway.closed(connection),
    },
  );
  cleanups.push(() => listener.close());
  const open = (userId: string, platform: string) =>
    TestSocket.open(`ws://127.0.0.1:${listener.port}/${userId}/${platform}`);
  return { open, line, gateway };
}

/** Waits until the watcher is told this of the user; what else it is told is passed over. */
async function hears(watcher: TestSocket, userId: string, platforms: string[]) {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const { value } = await watcher.next("presence").catch(() => ({ value: { states: [] } }));
    for (const state of value.states)
      if (state.userId === userId && String(state.platforms) === String(platforms)) return state;
    if (performance.now() > deadline) throw new Error(`${userId} was never on ${platforms}`);
  }
}

test("watchers hear of people on the other node, also of what the bus has lost", async () => {
  const database = await postgres.createDatabase();
  const [here, there] = [await startNode(database), await startNode(database)];
  const eve = await here.open("eve", "web");
  const phone = await there.open("ann", "ios");
  eve.send({ watch: ["ann", "ben"] });
  expect((await eve.next("states")).value.states).toMatchObject([{ userId: "ann" }, { userId: "ben" }]);
  const ben = await there.open("ben", "android");
  expect(await hears(eve, "ben", ["android"])).toMatchObject({ isOnline: true, since: expect.any(Number) });
  ben.close();
  expect(await hears(eve, "ben", [])).toMatchObject({ isOnline: false, since: null });
  there.line.cut();
  await there.open("ben", "web");
  // The other node is out of reach, and says nothing; that something is missing is known here when it is back.
  there.line.restore();
  await hears(eve, "ben", ["web"]);
  phone.close();
  expect(here.gateway.onlineUsers).toBe(1);
}, 60_000);
