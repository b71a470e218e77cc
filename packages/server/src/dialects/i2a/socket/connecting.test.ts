import { describe, expect, test } from "bun:test";
import { i2aBackEnd } from "../../../testing/i2a-back-end.ts";
import { useWorld } from "../../../testing/i2a-world.ts";
import { startTestServer, testApps } from "../../../testing/test-server.ts";
import { TestSocket } from "../../../testing/test-socket.ts";
import { until } from "../../../testing/until.ts";

const world = useWorld();

/** An upgrade request over plain HTTP, to see what refuses it. */
async function handshake(path: string, headers: Record<string, string> = {}): Promise<[number, string]> {
  const response = await fetch(`${world.server.url}${path}`, {
    headers: {
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13",
      ...headers,
    },
  });
  return [response.status, await response.text()];
}

const invalid = "X-TOKEN is invalid or expired. Get a new token.";

describe("connecting", () => {
  test("works with the token in the header or the query, with and without the slash", async () => {
    const { socketUrl } = world.server;
    const token = await world.shop.token("ann");
    const encoded = encodeURIComponent(token);
    await TestSocket.open(`${socketUrl}/socket/`, { "X-TOKEN": token });
    await TestSocket.open(`${socketUrl}/socket`, { "x-token": token });
    await TestSocket.open(`${socketUrl}/socket/?token=${encoded}`);
    await TestSocket.open(`${socketUrl}/socket?token=${token}`);
    await TestSocket.open(`${socketUrl}/socket/?token=wrong`, { "X-TOKEN": token });
  });

  test("is refused before the upgrade, with the status that tells why", async () => {
    expect(await handshake("/socket/")).toEqual([404, "X-TOKEN header or parameter: token is not present."]);
    expect(await handshake("/socket/?token=")).toEqual([
      404,
      "X-TOKEN header or parameter: token is not present.",
    ]);
    expect((await handshake("/elsewhere", { "x-token": "a:shop" }))[0]).toBe(404);
    const token = await world.shop.token("ann");
    const wrong = [
      "nonsense",
      "a:shop",
      "a:unknown",
      ":shop",
      "a:",
      `${token}x`,
      token.replace(":shop", ":bank"),
    ];
    for (const value of wrong) {
      expect(await handshake("/socket/", { "x-token": value })).toEqual([403, invalid]);
    }
    expect(await handshake(`/socket/?token=${token}`, { "x-token": "a:shop" })).toEqual([403, invalid]);
  });

  test("says what a plain request to the socket's path should be", async () => {
    const plain = async (path: string) => (await fetch(`${world.server.url}${path}`)).status;
    expect(await plain("/socket/")).toBe(404);
    expect(await plain("/socket/?token=a:shop")).toBe(403);
    expect(await plain(`/socket/?token=${await world.shop.token("ann")}`)).toBe(426);
  });

  test("is over with a closed session: its socket ends, its token is refused", async () => {
    const room = await world.shop.room(["ann", "bob"]);
    const [ann, bob] = await world.connectAll("ann", "bob");
    const token = await world.shop.token("bob", "tablet");
    const tablet = await TestSocket.open(`${world.server.socketUrl}/socket/`, { "X-TOKEN": token });
    expect((await world.shop.post("session/close-session/", { token })).status).toBe(200);
    expect((await tablet.closed).code).toBe(4000);
    expect(await handshake("/socket/", { "x-token": token })).toEqual([403, invalid]);
    expect((await world.shop.post("session/close-session/", { token })).status).toBe(404);
    if (!ann || !bob) throw new Error("not connected");
    await world.say(ann, room, "bob's phone is still there");
    expect((await bob.next("ROUTABLE")).value.message).toBe("bob's phone is still there");
  });

  test("again from the same device ends the older connection with 1000; other devices stay", async () => {
    const room = await world.shop.room(["ann"]);
    const laptop = await world.connect("ann", "laptop");
    const older = await world.connect("ann", "phone");
    const newer = await world.connect("ann", "phone");
    expect((await older.closed).code).toBe(1000);
    await world.say(newer, room, "here");
    await laptop.next("ROUTABLE");
  });

  test("keeps the ten newest tokens of a device and no more", async () => {
    const tokens = [];
    for (let index = 0; index < 12; index++) tokens.push(await world.shop.token("tia", "phone"));
    await world.shop.token("tia", "laptop");
    const statuses = [];
    for (const token of tokens) {
      statuses.push((await world.shop.post("session/close-session/", { token })).status);
    }
    expect(statuses).toEqual([404, 404, ...Array(10).fill(200)]);
  });
});

describe("limits of a connection", () => {
  test("more than 300 frames in a minute: 10007, closed, and nothing accepted is lost", async () => {
    const room = await world.shop.room(["ann", "bob"]);
    const [ann, bob] = await world.connectAll("ann", "bob");
    if (!ann || !bob) throw new Error("not connected");
    for (let index = 0; index < 301; index++) {
      ann.send({ type: "ROUTABLE", chat_room_identifier: room, message: `m${index}` });
    }
    const { exception } = (await ann.next("ERROR")).value;
    expect([exception.error_code, exception.extra]).toEqual([10007, null]);
    expect((await ann.closed).code).toBe(1008);
    for (let index = 0; index < 300; index++) {
      expect((await bob.next("ROUTABLE")).value.message).toBe(`m${index}`);
    }
    expect(await world.history(bob, room)).toHaveLength(100);
  });

  test("an app's limit of people online refuses the next person, not the next device", async () => {
    const server = await startTestServer();
    try {
      const shop = i2aBackEnd(server.url, testApps.shop.secret);
      const { openStore } = await import("../../../adapters/open-store.ts");
      const store = await openStore({ dataDir: server.dataDir });
      await store.apps.update("shop", { maxOnlineUsers: 1 });
      const open = async (userId: string, deviceId: string) => {
        const token = await shop.token(userId, deviceId);
        return TestSocket.open(`${server.socketUrl}/socket/`, { "X-TOKEN": token });
      };
      const refused = async (userId: string) => {
        const token = await shop.token(userId);
        return (await fetch(`${server.url}/socket/`, { headers: { "x-token": token } })).status;
      };
      await open("ann", "phone");
      await until("bob is one too many", async () => (await refused("bob")) === 400);
      await open("ann", "laptop");

      // Switched off from beside: connections end, calls and connections are refused, nothing is deleted.
      const phone = await open("ann", "phone");
      await store.apps.update("shop", { isActive: false });
      expect((await phone.closed).code).toBe(4001);
      expect((await shop.call("GET", "ping/")).status).toBe(403);
      await store.apps.update("shop", { isActive: true, maxOnlineUsers: null });
      await until("the app is back", async () => (await shop.call("GET", "ping/")).status === 200);
      expect(await refused("bob")).toBe(426);
      await store.close();
    } finally {
      await server.stop();
    }
  });
});
