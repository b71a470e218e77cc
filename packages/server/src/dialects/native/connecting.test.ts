import { describe, expect, test } from "bun:test";
import { limits, subprotocols, tokenSubprotocol } from "@parlance/protocol";
import { openStore } from "../../adapters/open-store.ts";
import { i2aBackEnd } from "../../testing/i2a-back-end.ts";
import { NativeClient, type NativeOptions } from "../../testing/native-client.ts";
import { direct, say, useNativeWorld } from "../../testing/native-world.ts";
import { startTestServer, testApps } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { until } from "../../testing/until.ts";

const world = useNativeWorld();

async function handshake(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${world.i2a.server.url}${path}`, {
    headers: {
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13",
      ...headers,
    },
  });
  const text = await response.text();
  return { status: response.status, error: text.startsWith("{") ? JSON.parse(text).error : text };
}

describe("connecting", () => {
  test("works with the token in the header, the query or a subprotocol, in both codecs", async () => {
    const token = await world.i2a.shop.token("ann", "phone", { name: "Ann" });
    for (const by of ["header", "query", "subprotocol"] as const)
      for (const codec of ["json", "msgpack"] as const) {
        const client = await NativeClient.open(world.i2a.server.socketUrl, { token, codec, by });
        expect(client.subprotocol).toBe(subprotocols[codec]);
        const { user, ...welcome } = client.welcome;
        expect([user.id, JSON.parse(user.data as string)]).toEqual(["ann", { name: "Ann" }]);
        expect(welcome).toMatchObject({
          protocol: 1,
          deviceId: "phone",
          heartbeatSeconds: 25,
          limits: { frameBytes: limits.frameBytes, openRequests: 100, framesPerMinute: 100_000 },
        });
        expect((await client.request("ping", {})).now).toBeGreaterThanOrEqual(welcome.now);
      }
  });

  test("without a subprotocol speaks JSON", async () => {
    const token = await world.i2a.shop.token("ann");
    const socket = await TestSocket.open(`${world.i2a.server.socketUrl}/connect/?token=${token}`);
    expect((await socket.next(({ value }) => value.event === "welcome")).value.data.user.id).toBe("ann");
    socket.send({ id: 1, method: "ping" });
    expect((await socket.next(({ value }) => value.id === 1)).value.result.now).toBeGreaterThan(0);
  });

  test("is refused before the upgrade with the status and the error that tell why", async () => {
    const unauthorized = { status: 401, error: { code: 2000, name: "unauthorized" } };
    expect(await handshake("/connect")).toMatchObject(unauthorized);
    expect(await handshake("/connect?token=")).toMatchObject(unauthorized);
    const token = await world.i2a.shop.token("ann");
    for (const wrong of ["nonsense", "a:shop", "a:unknown", `${token}x`, token.replace(":shop", ":bank")])
      expect(await handshake("/connect", { authorization: `Bearer ${wrong}` })).toMatchObject(unauthorized);
    expect(await handshake("/connect", { authorization: `Basic ${token}` })).toMatchObject(unauthorized);
    const odd = { authorization: `Bearer ${token}`, "sec-websocket-protocol": "graphql-ws" };
    expect(await handshake("/connect", odd)).toMatchObject({
      status: 400,
      error: { name: "unsupportedProtocol" },
    });
    const plain = await fetch(`${world.i2a.server.url}/connect?token=${token}`);
    expect(plain.status).toBe(426);
  });

  test("of a browser is refused by a close, which it can see", async () => {
    const options: NativeOptions = { token: "nonsense:shop", by: "subprotocol" };
    const client = await NativeClient.connect(world.i2a.server.socketUrl, options);
    const { code, reason } = await client.closed;
    expect([code, JSON.parse(reason)]).toEqual([4100, { name: "tokenInvalid" }]);
    expect(client.unread).toEqual([]);
    const alone = `${tokenSubprotocol}${Buffer.from("x").toString("base64url")}`;
    expect(await handshake("/connect", { "sec-websocket-protocol": alone })).toMatchObject({ status: 101 });
  });

  test("ends with codes by what to do: a closed session, the same device anew", async () => {
    const token = await world.i2a.shop.token("bob", "tablet");
    const tablet = await NativeClient.open(world.i2a.server.socketUrl, { token });
    await world.i2a.shop.post("session/close-session/", { token });
    expect(await tablet.closed).toMatchObject({ code: 4102, reason: '{"name":"sessionClosed"}' });
    const older = await world.client("bob", "phone");
    const newer = await world.client("bob", "phone");
    expect(await older.closed).toMatchObject({ code: 4200 });
    await newer.request("ping", {});
  });
});

describe("two dialects at one port", () => {
  test("one user in both hears the same, and each sees what the other sends", async () => {
    const group = await world.group("ann", "ben");
    const room = world.roomOf(group);
    const native = await world.client("ann", "web");
    const i2a = await world.i2a.connect("ann", "phone");
    const ben = await world.i2a.connect("ben");
    await world.i2a.say(ben, room, "from I2A");
    expect(await native.next("message")).toMatchObject({
      ...{ conversation: group, from: "ben", type: "text", content: { text: "from I2A" }, marksRead: true },
    });
    expect((await i2a.next("ROUTABLE")).value.message).toBe("from I2A");
    const { sentAt } = await say(native, group, "from native");
    for (const socket of [i2a, ben])
      expect((await socket.next(({ value }) => value.message === "from native")).value).toMatchObject({
        ...{ type: "ROUTABLE", app_user_identifier: "ann:shop", chat_room_identifier: room },
      });
    expect(await world.i2a.history(ben, room)).toEqual(["from I2A", "from native"]);
    ben.send({
      type: "SET_LAST_MESSAGE_READ",
      chat_room_identifier: room,
      message_timestamp_identifier: `${sentAt}000`,
    });
    expect(await native.next("readMark", ({ userId }) => userId === "ben")).toEqual({
      ...{ conversation: group, userId: "ben", sentAt, seq: 2 },
    });
    await native.request("conversation.markRead", { conversation: group, sentAt });
    await native.request("message.recall", { conversation: group, sentAt });
    expect((await ben.next("SET_ACTIVE")).value.is_active).toBe(false);
    expect(await world.i2a.history(ben, room)).toEqual(["from I2A"]);
  });

  test("what is no room stays unseen by I2A's clients", async () => {
    const group = await world.group("gus", "hal");
    const [gus] = await world.clients("gus");
    const hal = await world.i2a.connect("hal");
    await say(gus, direct("hal"), "private");
    await say(gus, group, "public");
    expect((await hal.next("ROUTABLE")).value.message).toBe("public");
    expect(hal.unread.filter(({ text }) => text.includes("private"))).toEqual([]);
  });
});

describe("a server of its own", () => {
  test("that drains says when to come back", async () => {
    const server = await startTestServer();
    const token = await i2aBackEnd(server.url, testApps.shop.secret).token("ann");
    const client = await NativeClient.open(server.socketUrl, { token });
    await server.drain();
    const { code, reason } = await client.closed;
    expect([code, JSON.parse(reason)]).toEqual([
      4000,
      { name: "goingAway", retryAfterMs: expect.any(Number) },
    ]);
    await server.stop();
  });

  test("refuses whom a limit or a switched off app keeps out, and closes who was in", async () => {
    const server = await startTestServer();
    const store = await openStore({ dataDir: server.dataDir });
    try {
      const shop = i2aBackEnd(server.url, testApps.shop.secret);
      const [ann, bob] = [await shop.token("ann"), await shop.token("bob")];
      const statusFor = async (token: string) => (await fetch(`${server.url}/connect?token=${token}`)).status;
      const client = await NativeClient.open(server.socketUrl, { token: ann });
      await store.apps.update("shop", { maxOnlineUsers: 1 });
      await until("bob is one too many", async () => (await statusFor(bob)) === 429);
      await store.apps.update("shop", { isActive: false });
      expect((await client.closed).code).toBe(4203);
      expect(await statusFor(ann)).toBe(403);
    } finally {
      await store.close();
      await server.stop();
    }
  });
});
