import { afterEach, describe, expect, test } from "bun:test";
import type { Config } from "../config.ts";
import { i2aBackEnd } from "../testing/i2a-back-end.ts";
import { opcodes, RawSocket } from "../testing/raw-socket.ts";
import { startTestServer, type TestServer, testApps } from "../testing/test-server.ts";
import { TestSocket } from "../testing/test-socket.ts";

let server: TestServer;
afterEach(() => server.stop());

async function open(overrides: Partial<Config> = {}) {
  server = await startTestServer({ framesPerMinute: 1_000_000, ...overrides });
  return useServer();
}

function useServer() {
  const shop = i2aBackEnd(server.url, testApps.shop.secret);
  const path = async (userId: string, deviceId?: string) =>
    `/socket/?token=${await shop.token(userId, deviceId)}`;
  return {
    shop,
    connect: async (userId: string) => TestSocket.open(server.socketUrl + (await path(userId))),
    connectRaw: async (userId: string, deviceId?: string) =>
      RawSocket.open(server.port, await path(userId, deviceId)),
  };
}

const say = (room: string, message: string) => ({ type: "ROUTABLE", chat_room_identifier: room, message });

describe("a slow reader", () => {
  test("is sent away when its queue is full; others get everything, and so does its next connection", async () => {
    const { shop, connect, connectRaw } = await open({ queueBytes: 256 * 1024 });
    const room = await shop.room(["ann", "slow", "bob"]);
    const [ann, bob] = [await connect("ann"), await connect("bob")];
    const slow = await connectRaw("slow");
    slow.tcp.pause();
    const padding = "x".repeat(100_000);
    const connections = async () => {
      const page = await (await fetch(`${server.url}/metrics`)).text();
      return Number(/^parlance_connections (\d+)$/m.exec(page)?.[1]);
    };
    let sent = 0;
    for (; sent < 400; sent++) {
      ann.send(say(room, `${sent} ${padding}`));
      await ann.next(({ value }) => value.message?.startsWith(`${sent} `));
    }
    for (let index = 0; index < sent; index++) {
      const frame = await bob.next("ROUTABLE");
      expect(Number(frame.value.message.split(" ")[0])).toBe(index);
    }
    slow.tcp.resume();
    // The farewell may be lost behind what it did not read; that it is gone is what counts.
    expect([1013, null]).toContain(await slow.closeCode());
    await slow.ended();
    expect(await connections()).toBe(2);
    const back = await connect("slow");
    const reply = await back.ask({
      type: "GET_HISTORY",
      chat_room_identifier: room,
      from_message_timestamp_identifier: "9000000000000000000",
      limit: 1,
    });
    expect(reply.value.payload[0].message).toStartWith("399 ");
  }, 60_000);
});

describe("a silent peer", () => {
  test("is pinged, and cut off when it stays silent even while it is sent to; one that answers stays", async () => {
    const { shop, connect, connectRaw } = await open({ heartbeatSeconds: 3 });
    const room = await shop.room(["ann", "ghost"]);
    const ann = await connect("ann");
    const ghost = await connectRaw("ghost");
    const talk = setInterval(() => ann.send(say(room, "are you there?")), 50);
    const seen = new Set<number>();
    for (let frame = await ghost.next(); frame !== null; frame = await ghost.next()) seen.add(frame.opcode);
    clearInterval(talk);
    expect(seen.has(opcodes.ping)).toBe(true);
    expect(seen.has(opcodes.text)).toBe(true);
    ann.send(say(room, "I am"));
    await ann.next(({ value }) => value.message === "I am");
  }, 60_000);

  test("with half a frame on the line is no different", async () => {
    const { connectRaw } = await open({ heartbeatSeconds: 1 });
    const ghost = await connectRaw("ghost");
    ghost.tcp.write(RawSocket.frame(opcodes.text, "half of what I wanted").subarray(0, 9));
    await ghost.ended();
  }, 60_000);
});

describe("draining", () => {
  test("finishes what was accepted, tells everybody when to come back, and loses nothing", async () => {
    const { shop, connect } = await open();
    const room = await shop.room(["ann", "bob"]);
    const [ann, bob] = [await connect("ann"), await connect("bob")];
    const texts = Array.from({ length: 100 }, (_, index) => `m${index}`);
    for (const text of texts) ann.send(say(room, text));
    await bob.next("ROUTABLE");
    server = await server.restart("drain");
    for (const socket of [ann, bob]) {
      const { code, reason } = await socket.closed;
      expect(code).toBe(1012);
      expect(JSON.parse(reason).reconnect_after_ms).toBeGreaterThanOrEqual(0);
    }
    const acknowledged = ann.unread
      .filter(({ value }) => value.type === "ROUTABLE")
      .map(({ value }) => value.message);
    expect(acknowledged).toEqual(texts);
    const { shop: again } = useServer();
    const { body } = await again.call("GET", `chat-room/${room}/messages/`, { limit: 100 });
    expect(body.map((item: { message: string }) => item.message).reverse()).toEqual(texts);
  });

  test("whoever is just arriving is told when to come back as well, or refused", async () => {
    const { shop } = await open();
    const tokens = await Promise.all(Array.from({ length: 200 }, (_, index) => shop.token(`user${index}`)));
    const arriving = tokens.map((token) => RawSocket.open(server.port, `/socket/?token=${token}`));
    // The first ones are in: the drain begins among the handshakes of the others.
    await Promise.race(arriving);
    const drained = server.drain();
    const farewells: [number, string][] = [];
    let refused = 0;
    for (const arrival of await Promise.allSettled(arriving)) {
      if (arrival.status === "rejected") refused++;
      else {
        const frame = await arrival.value.closeFrame();
        if (frame) farewells.push([frame.code, frame.reason]);
        else refused++;
        arrival.value.tcp.destroy();
      }
    }
    await drained;
    expect(farewells.length).toBeGreaterThan(0);
    expect(farewells.length + refused).toBe(tokens.length);
    for (const [code, reason] of farewells) {
      expect(code).toBe(1012);
      expect(reason).toMatch(/^\{"reconnect_after_ms":\d+\}$/);
    }
  });
});
