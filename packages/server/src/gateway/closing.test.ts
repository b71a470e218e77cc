/** Connections that end, and others that never begin, must leave the store as the rest have it. */

import { afterEach, expect, test } from "bun:test";
import { DatabaseSync } from "node:sqlite";
import { databaseFile, openStore } from "../adapters/open-store.ts";
import type { Store } from "../ports/store.ts";
import { i2aBackEnd } from "../testing/i2a-back-end.ts";
import { startTestServer, type TestServer, testApps } from "../testing/test-server.ts";
import { TestSocket } from "../testing/test-socket.ts";
import { until } from "../testing/until.ts";

let server: TestServer;
let beside: Store;
afterEach(async () => {
  await beside.close();
  await server.stop();
});

async function open(count: number, maxOnlineUsers: number | null = null) {
  server = await startTestServer();
  beside = await openStore({ dataDir: server.dataDir });
  await beside.apps.update("shop", { maxOnlineUsers });
  const app = (await beside.apps.list()).find(({ key }) => key === "shop");
  const own = beside.forApp(app?.id ?? 0);
  const shop = i2aBackEnd(server.url, testApps.shop.secret);
  const tokens = await Promise.all(Array.from({ length: count }, (_, index) => shop.token(`user-${index}`)));
  const sockets = await Promise.all(
    tokens.map((token) => TestSocket.open(`${server.socketUrl}/socket/?token=${token}`)),
  );
  await until("everybody is online", async () => (await own.countOnline()) === count);
  return { own, tokens, sockets };
}

const isLimited = async (token: string | undefined) =>
  (await fetch(`${server.url}/socket/`, { headers: { "x-token": token ?? "" } })).status === 400;

test("who only looks at the socket's address takes nobody's presence", async () => {
  const { own, tokens } = await open(1);
  const stranger = await i2aBackEnd(server.url, testApps.shop.secret).token("stranger");
  await beside.apps.update("shop", { maxOnlineUsers: 1 });
  await until("the limit is known", () => isLimited(stranger));
  const [before] = await own.findPresence(["user-0"]);
  const answer = await fetch(`${server.url}/socket/`, { headers: { "x-token": tokens[0] ?? "" } });
  expect(answer.status).toBe(426);
  await until(
    "the device is the open connection's",
    async () => (await own.findPresence(["user-0"]))[0]?.connectionId === before?.connectionId,
  );
  expect(await isLimited(stranger)).toBe(true);
}, 60_000);

test("an app that is switched off while the store can't write has nobody online in the end", async () => {
  const { own, sockets } = await open(30);
  await beside.apps.update("shop", { isActive: false });
  const other = new DatabaseSync(databaseFile({ dataDir: server.dataDir }));
  other.exec("BEGIN IMMEDIATE");
  for (const { closed } of sockets) expect((await closed).code).toBe(4001);
  // Longer than the store holds a batch back.
  await until("the store fails", () => server.log.some((line) => line.includes("the store failed")));
  other.exec("ROLLBACK");
  other.close();
  await until("nobody is online", async () => (await own.countOnline()) === 0);
}, 60_000);
