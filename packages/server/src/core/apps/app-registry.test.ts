import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { openStore } from "../../adapters/open-store.ts";
import type { Store } from "../../ports/store.ts";
import { i2aBackEnd } from "../../testing/i2a-back-end.ts";
import { startTestServer, type TestServer, testApps } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { until } from "../../testing/until.ts";

let server: TestServer;
/** Another process's view of the same database, as the command line has it. */
let beside: Store;
beforeEach(async () => {
  server = await startTestServer();
  beside = await openStore({ dataDir: server.dataDir });
});
afterEach(async () => {
  await beside.close();
  await server.stop();
});

const ping = async (secret: string): Promise<number> =>
  (await i2aBackEnd(server.url, secret).call("GET", "ping/")).status;

const untilPing = (secret: string, status: number) =>
  until(`a ping is answered with ${status}`, async () => (await ping(secret)) === status);

async function connect(secret: string, userId: string): Promise<TestSocket> {
  const token = await i2aBackEnd(server.url, secret).token(userId);
  return TestSocket.open(`${server.socketUrl}/socket/`, { "X-TOKEN": token });
}

describe("changes made beside a running server", () => {
  test("a new app is noticed", async () => {
    expect(await ping("secret-of-late-0001")).toBe(401);
    await beside.apps.create({ key: "late", name: "Late", secret: "secret-of-late-0001" });
    await untilPing("secret-of-late-0001", 200);
  });

  test("a rotated secret replaces the old one; who is connected stays", async () => {
    const { secret } = testApps.shop;
    const room = await i2aBackEnd(server.url, secret).room(["ann"]);
    const ann = await connect(secret, "ann");
    await beside.apps.update("shop", { secret: "secret-of-shop-0002" });
    await untilPing(secret, 401);
    expect(await ping("secret-of-shop-0002")).toBe(200);
    ann.send({ type: "ROUTABLE", chat_room_identifier: room, message: "still here" });
    await ann.next("ROUTABLE");
  });

  test("a deleted app's connections end and its secret is worthless; others go on", async () => {
    const ann = await connect(testApps.shop.secret, "ann");
    const eve = await connect(testApps.bank.secret, "eve");
    await beside.apps.delete("shop");
    expect((await ann.closed).code).toBe(4001);
    await untilPing(testApps.shop.secret, 401);
    const room = await i2aBackEnd(server.url, testApps.bank.secret).room(["eve"]);
    eve.send({ type: "ROUTABLE", chat_room_identifier: room, message: "hi" });
    await eve.next("ROUTABLE");
  });

  test("an app made again under the same key sees nothing of the old one", async () => {
    const { secret } = testApps.shop;
    const room = await i2aBackEnd(server.url, secret).room(["ann"]);
    await beside.apps.delete("shop");
    await untilPing(secret, 401);
    await beside.apps.create({ key: "shop", name: "Shop", secret });
    await untilPing(secret, 200);
    expect((await i2aBackEnd(server.url, secret).call("GET", `chat-room/${room}/messages/`)).status).toBe(
      404,
    );
  });
});
