import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "@nats-io/transport-node";
import { busContract } from "../../ports/bus.contract.ts";
import { failureOf } from "../../testing/failure-of.ts";
import { type NatsServer, startNatsServer } from "../../testing/nats-server.ts";
import { until } from "../../testing/until.ts";
import { createNatsBus } from "./nats-bus.ts";
import { natsNodes } from "./testing/nodes.ts";

let nats: NatsServer;
beforeAll(async () => {
  nats = await startNatsServer();
});
afterAll(() => nats.close());

busContract("over NATS", (onHandlerError) => createNatsBus({ url: nats.url, onHandlerError }));

describe("several nodes over NATS", () => {
  const { openNode, startNats } = natsNodes();
  const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

  test("every node hears every other and itself, once", async () => {
    const nodes = await Promise.all(numbers(3).map(() => openNode(nats.url)));
    const heard = await Promise.all(nodes.map(({ hear }) => hear("room")));
    nodes.forEach(({ bus }, number) => {
      bus.publish("room", { from: number });
    });
    await until("9 messages", () => heard.flat().length === 9);
    for (const list of heard)
      expect(new Set(list.map((message) => (message as { from: number }).from)).size).toBe(3);
    // One more round: an echo or a copy of the first would be here before it.
    for (const { bus } of nodes) bus.publish("room", "end");
    await until("18 messages", () => heard.flat().length >= 18);
    expect(heard.map(({ length }) => length)).toEqual([6, 6, 6]);
  });

  test("a message for several subjects reaches each, in order with the others", async () => {
    const [one, two] = [await openNode(nats.url), await openNode(nats.url)];
    const [a, b] = [await two.hear("a"), await two.hear("b")];
    one.bus.publish("a", 1);
    one.bus.publish(["a", "b"], 2);
    one.bus.publish("b", 3);
    await until("all", () => a.length + b.length === 4);
    expect([a, b]).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(one.bus.stats).toMatchObject({ sentMessages: 4, sentBatches: 2 });
  });

  test("100,000 messages keep their order, in few batches", async () => {
    const [one, two] = [await openNode(nats.url), await openNode(nats.url)];
    const heard = await two.hear("room");
    for (const number of numbers(100_000)) {
      one.bus.publish("room", number);
      if (number % 100 === 99) await new Promise((go) => setImmediate(go));
    }
    await until("all of them", () => heard.length >= 100_000);
    expect(heard).toEqual(numbers(100_000));
    expect(one.bus.stats).toMatchObject({ sentMessages: 100_000, droppedMessages: 0 });
    expect(one.bus.stats.sentBatches).toBeLessThan(2500);
    expect(two.bus.stats.receivedBatches).toBe(one.bus.stats.sentBatches);
    expect([one.gaps, two.gaps, one.failures, two.failures]).toEqual([[], [], [], []]);
  });

  test("what is published in one turn leaves before close is done, in order, split where it is much", async () => {
    const [one, two] = [await openNode(nats.url), await openNode(nats.url)];
    const heard = await two.hear("room");
    const sent = numbers(100).map((number) => ({ number, text: "ü".repeat(number * 400) }));
    for (const message of sent) one.bus.publish("room", message);
    await one.bus.close();
    await until("all of them", () => heard.length === 100);
    expect(heard).toEqual(sent);
    expect(one.bus.stats.sentBatches).toBeGreaterThan(5);
    expect(one.bus.stats.sentBatches).toBeLessThan(20);
  });

  test("a message above the server's limit stays away, is reported, and is missed", async () => {
    const [one, two] = [await openNode(nats.url), await openNode(nats.url)];
    const heard = await two.hear("room");
    const own = await one.hear("room");
    one.bus.publish("room", "before");
    one.bus.publish("room", "x".repeat(1_000_000));
    one.bus.publish("room", "y".repeat(1_048_576));
    one.bus.publish("room", "after");
    await until("the last", () => heard.at(-1) === "after");
    expect(heard.map((message) => (message as string)[0])).toEqual(["b", "x", "a"]);
    expect(own.length).toBe(4);
    expect(two.gaps).toEqual(["room"]);
    expect(two.bus.stats.gaps).toBe(1);
    expect(one.bus.stats.droppedMessages).toBe(1);
    expect(one.failures).toEqual(["a message above the 1048576 bytes that NATS takes did not leave."]);
    expect(one.gaps).toEqual([]);
  });

  test("a message that was too large is missed within a second even if it was the last, or the only one", async () => {
    const [one, two] = [await openNode(nats.url), await openNode(nats.url)];
    await two.hear("room");
    one.bus.publish("room", "y".repeat(1_048_576));
    await until("a gap", () => two.gaps.length > 0);
    expect(two.gaps).toEqual(["room"]);
  });

  test("who subscribes late, or again, misses nothing", async () => {
    const [one, two] = [await openNode(nats.url), await openNode(nats.url)];
    one.bus.publish("room", 1);
    await one.bus.ready();
    // Who subscribes in the very moment of the first message is in doubt, and told of a gap rather than not.
    await Bun.sleep(200);
    const heard: unknown[] = [];
    for (const round of [1, 2, 3]) {
      const unsubscribe = two.bus.subscribe("room", (message) => heard.push(message));
      await two.bus.ready();
      one.bus.publish("room", round);
      await until("this round", () => heard.length === round);
      unsubscribe();
      await two.bus.ready();
      one.bus.publish("room", "unheard");
      await one.bus.ready();
    }
    // A heartbeat after the last message could still tell of a gap.
    await two.hear("room");
    await Bun.sleep(1200);
    expect(two.gaps).toEqual([]);
  });

  test("a publisher that goes away and comes back is no gap", async () => {
    const two = await openNode(nats.url);
    const heard = await two.hear("room");
    for (const round of [1, 2]) {
      const one = await openNode(nats.url);
      one.bus.publish("room", `${round}a`);
      one.bus.publish("room", `${round}b`);
      await one.bus.close();
    }
    await until("all", () => heard.length === 4);
    expect(heard).toEqual(["1a", "1b", "2a", "2b"]);
    expect(two.gaps).toEqual([]);
  });

  test("what a stranger says on the subject is ignored and counted", async () => {
    const [one, two] = [await openNode(nats.url), await openNode(nats.url)];
    const heard = await two.hear("room");
    const stranger = await connect({ servers: [nats.url.replace("nats://", "")] });
    const nonsense = ["", "{", "[]", "null", "7", '"v"', "\u0000\u0001", "[".repeat(100_000)];
    const nearly = { v: 1, p: "x", g: 0, a: 0, c: 0, m: [] };
    const wrong = [{ v: 2 }, { p: 7 }, { p: "p".repeat(65) }, { g: -1 }, { a: "1" }, { c: 1.5 }, { m: {} }];
    const payloads = [...nonsense, ...wrong.map((field) => JSON.stringify({ ...nearly, ...field }))];
    for (const payload of payloads) stranger.publish("parlance.room", payload);
    stranger.publish("parlance.room", Buffer.from([0xff, 0xfe, 0x00, 0x80]));
    await stranger.drain();
    one.bus.publish("room", "ours");
    await until("ours", () => heard.length > 0);
    await until("all counted", () => two.bus.stats.ignoredPayloads === payloads.length + 1);
    expect(heard).toEqual(["ours"]);
    expect(two.failures[0]).toBe("a payload on the bus was none of ours and was ignored.");
    const reported = () =>
      two.failures.reduce((sum, sentence) => sum + Number(/^\d+/.exec(sentence)?.[0] ?? 1), 0);
    await until("all reported", () => reported() === payloads.length + 1);
    expect(two.failures.length).toBeLessThan(5);
  });

  test("what cannot be JSON reaches this node alone and is reported", async () => {
    const one = await openNode(nats.url);
    const own = await one.hear("room");
    one.bus.publish("room", 1n);
    expect(own).toEqual([1n]);
    expect(one.failures).toEqual(["a message cannot be written as JSON and did not leave."]);
  });

  test("installations with different prefixes do not hear each other", async () => {
    const [one, two] = [
      await openNode(nats.url, { prefix: "one" }),
      await openNode(nats.url, { prefix: "two" }),
    ];
    const heard = await two.hear("room");
    one.bus.publish("room", "theirs");
    await one.bus.ready();
    two.bus.publish("room", "ours");
    await two.bus.ready();
    expect(heard).toEqual(["ours"]);
  });

  test("NATS that is not there fails the start with a sentence, without waiting for ever", async () => {
    const gone = await startNats({ credentials: "ann:secret-of-ann" });
    await gone.close();
    const since = performance.now();
    const opening = openNode(gone.url, { connectMilliseconds: 1000 });
    expect(await failureOf(opening)).toMatch(
      new RegExp(`^NATS at 127\\.0\\.0\\.1:${gone.port} cannot be reached: connection refused\\.$`),
    );
    expect(performance.now() - since).toBeWithin(500, 20_000);
  });

  test("a wrong password fails the start at once; the right one may come from the address", async () => {
    const locked = await startNats({ credentials: "ann:p%40ss".replace("%40", "@") });
    const address = `127.0.0.1:${locked.port}`;
    expect(await failureOf(openNode(`nats://ann:wrong@${address}`))).toMatch(
      `NATS at ${address} refuses the user or password.`,
    );
    const node = await openNode(`nats://ann:p%40ss@127.0.0.1:1,${address}`);
    expect(node.bus.stats.isConnected).toBe(true);
  });
});
