import { describe, expect, test } from "bun:test";
import type { Client } from "../public/client.ts";
import { connect } from "../public/connect.ts";
import { ModelWorld } from "../testing/model/model-world.ts";
import { backOff } from "./back-off.ts";
import { base64url } from "./base64url.ts";
import type { Stopped } from "./connection.ts";

async function signedIn(token: (() => string) | string = () => "alice:phone:0") {
  const world = new ModelWorld();
  const { environment } = world;
  const client = await connect({ url: "ws://model/connect", token, userId: "alice", environment });
  const statuses: string[] = [];
  let stopped: Stopped | undefined;
  client.on("status", (change) => {
    statuses.push(change.status);
    stopped = change.stopped;
  });
  await world.clock.until(() => client.status === "online");
  return { world, client, statuses, stopped: () => stopped, line: () => [...world.server.lines][0] as never };
}

/** Milliseconds until it is online again. */
async function timeBack(world: ModelWorld, client: Client): Promise<number> {
  const begin = world.clock.now;
  await world.clock.until(() => client.status === "online", 1);
  return world.clock.now - begin;
}

describe("back-off", () => {
  test("doubles, is spread, ends at half a minute and never undercuts the hint", () => {
    expect(backOff(0, 0, () => 0)).toBe(250);
    expect(backOff(0, 0, () => 1)).toBe(500);
    expect(backOff(3, 0, () => 1)).toBe(4000);
    expect(backOff(1000, 0, () => 1)).toBe(30_000);
    expect(backOff(0, 7000, () => 0)).toBe(7000);
    expect(backOff(0, 7000, () => 1)).toBeCloseTo(8400, 5);
  });
});

test("base64url is as everybody has it", () => {
  for (const text of ["", "a", "ab", "abc", "alice:phone:0", "用户🙂?>~"])
    expect(base64url(text)).toBe(Buffer.from(text).toString("base64url"));
});

describe("a connection", () => {
  test("comes back by itself when the line is cut", async () => {
    const { world, client, statuses } = await signedIn();
    world.cut("alice");
    expect(client.status).toBe("offline");
    expect(await timeBack(world, client)).toBeLessThan(600);
    expect(statuses).toEqual(["online", "offline", "connecting", "online"]);
  });

  test("tells its platform where it is known, and its device where it is said, beside what the address says", async () => {
    const asked: string[] = [];
    const { environment } = new ModelWorld();
    class Watched extends environment.WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        asked.push(url);
      }
    }
    const open = async (url: string, platform?: string, device?: string) => {
      const told = { ...(platform && { platform }), ...(device && { device }) };
      const options = { url, token: "alice:phone:0", userId: "alice", ...told };
      await connect({ ...options, environment: { ...environment, WebSocket: Watched } });
    };
    await open("ws://model/connect");
    await open("ws://model/connect", "ios");
    await open("ws://model/connect?tenant=1", "my app");
    await open("ws://model/connect", undefined, "my phone");
    const page = globalThis as { document?: unknown };
    page.document = {};
    try {
      await open("ws://model/connect");
      await open("ws://model/connect", "desktop");
    } finally {
      delete page.document;
    }
    expect(asked.map((url) => url.slice("ws://model/connect".length))).toEqual([
      "",
      "?platform=ios",
      "?tenant=1&platform=my%20app",
      "?device=my%20phone",
      "?platform=web",
      "?platform=desktop",
    ]);
  });

  test("waits as long as the server says", async () => {
    const { world, client, line } = await signedIn();
    world.server.close(line(), "goingAway", 20_000);
    expect(await timeBack(world, client)).toBeGreaterThanOrEqual(20_000);
  });

  test("gets a new token when the server says so, at once, and then slowly", async () => {
    let asked = 0;
    const { world, client, line } = await signedIn(() => `alice:phone:${asked++ < 5 ? 0 : 1}`);
    world.server.tokenVersion = 1;
    world.server.close(line(), "tokenExpired");
    await world.clock.pass(20);
    expect(asked).toBe(2);
    await timeBack(world, client);
    expect(asked).toBe(6);
  });

  test("stops where its only token is refused", async () => {
    const { world, client, stopped, line } = await signedIn("alice:phone:0");
    world.server.close(line(), "tokenExpired");
    expect(client.status).toBe("stopped");
    expect(stopped()).toEqual({ code: 4101, name: "tokenExpired" });
  });

  test("doesn't come back where another took its place", async () => {
    const { world, client, stopped } = await signedIn();
    const other = await world.device("alice", "phone");
    await world.clock.until(() => other.status === "online");
    await world.clock.pass(600_000);
    expect(client.status).toBe("stopped");
    expect(stopped()).toMatchObject({ name: "replaced" });
    expect(other.status).toBe("online");
  });

  test("asks for another token after three attempts that never opened", async () => {
    let asked = 0;
    const { world, client } = await signedIn(() => {
      asked++;
      return "alice:phone:0";
    });
    world.isReachable = false;
    world.cut("alice");
    await world.clock.pass(60_000);
    expect(asked).toBeGreaterThan(1);
    world.isReachable = true;
    await timeBack(world, client);
  });

  test("a token that can't be had is asked for again", async () => {
    let asked = 0;
    const world = new ModelWorld();
    const token = async () => {
      if (asked++ < 2) throw new Error("no network");
      return "alice:phone:0";
    };
    const client = await connect({ url: "ws://x", token, userId: "alice", environment: world.environment });
    await world.clock.until(() => client.status === "online");
    expect(asked).toBe(3);
  });

  test("notices a line that died in silence", async () => {
    const { world, client, line } = await signedIn();
    const dead = line() as { onmessage: unknown; send: unknown };
    dead.send = () => {};
    await world.clock.pass(80_000);
    await timeBack(world, client);
    expect(line()).not.toBe(dead as never);
  });

  test("doesn't wait any longer when the network is back", async () => {
    const { world, client } = await signedIn();
    world.isReachable = false;
    world.cut("alice");
    await world.clock.pass(200_000);
    await world.clock.until(() => client.status === "offline");
    world.isReachable = true;
    world.networkIsBack();
    expect(await timeBack(world, client)).toBeLessThan(50);
  });

  test("stops when the token is another user's", async () => {
    const world = new ModelWorld();
    const token = "bob:phone:0";
    const client = await connect({ url: "ws://x", token, userId: "alice", environment: world.environment });
    await world.clock.pass(1000);
    expect(client.status).toBe("stopped");
  });

  test("an airplane ends it until the landing", async () => {
    const { world, client } = await signedIn();
    client.disconnect();
    await world.clock.pass(600_000);
    expect(client.status).toBe("stopped");
    client.reconnect();
    await timeBack(world, client);
  });
});

describe("requests", () => {
  /** What became of it, in the model's time. */
  async function outcome<T>(world: ModelWorld, promise: Promise<T>): Promise<T | { refused: string }> {
    let result: { value: T | { refused: string } } | null = null;
    promise.then(
      (value) => {
        result = { value };
      },
      (error) => {
        result = { value: { refused: error.name } };
      },
    );
    await world.clock.until(() => result !== null);
    return (result as unknown as { value: T }).value;
  }

  test("are refused with the server's name for it", async () => {
    const { world, client } = await signedIn();
    const conversation = { kind: "group", id: "nowhere" } as const;
    expect(await outcome(world, client.request("conversation.get", { conversation }))).toEqual({
      refused: "conversationNotFound",
    });
  });

  test("fail at once while offline, and when the line is cut", async () => {
    const { world, client } = await signedIn();
    const waiting = client.request("ping", {});
    world.cut("alice");
    expect(await outcome(world, waiting)).toEqual({ refused: "disconnected" });
    expect(await outcome(world, client.request("ping", {}))).toEqual({ refused: "offline" });
    client.disconnect();
    expect(await outcome(world, client.request("ping", {}))).toEqual({ refused: "closed" });
  });

  test("time out", async () => {
    const { world, client, line } = await signedIn();
    (line() as { reply: unknown }).reply = () => {};
    expect(await outcome(world, client.request("ping", {}))).toEqual({ refused: "timeout" });
  });

  test("are at most as many as the server takes; the rest waits in line", async () => {
    const { world, client, line } = await signedIn();
    await world.clock.pass(100);
    const { server } = world;
    let open = 0;
    let most = 0;
    const received = server.received.bind(server);
    server.received = (from, frame) => {
      most = Math.max(most, ++open);
      received(from, frame);
    };
    const socket = line() as { reply(frame: object): void };
    const reply = socket.reply.bind(socket);
    socket.reply = (frame) => {
      world.clock.setTimeout(() => {
        open--;
        reply(frame);
      }, 100);
    };
    const all = Promise.all(Array.from({ length: 350 }, () => client.request("ping", {})));
    expect(await outcome(world, all)).toHaveLength(350);
    expect(most).toBeLessThanOrEqual(100);
  });
});
