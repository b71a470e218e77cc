import { describe, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { until } from "../../testing/until.ts";
import { natsNodes } from "./testing/nodes.ts";

const { startNats, startProxy, openNode } = natsNodes();

/** Publishes a rising number every few milliseconds until told to stop. */
const publishNumbers = (bus: Awaited<ReturnType<typeof openNode>>["bus"], subject: string) => {
  const published: number[] = [];
  const timer = setInterval(() => {
    published.push(published.length);
    bus.publish(subject, published.length - 1);
  }, 2);
  return {
    published,
    stop() {
      clearInterval(timer);
      return published.length;
    },
  };
};

const isRising = (numbers: readonly unknown[]): boolean =>
  numbers.every((number, at) => at === 0 || (number as number) > (numbers[at - 1] as number));

/** How many messages the sentences say did not leave. */
const reported = (sentences: readonly string[]): number =>
  sentences
    .map((sentence) => /: (a|\d+) messages? did not leave\.$/.exec(sentence)?.[1])
    .reduce((sum, times) => sum + (times === "a" ? 1 : Number(times ?? 0)), 0);

describe("NATS fails", () => {
  test("killed and restarted in the middle: messages flow again, and both sides hear of the loss", async () => {
    const nats = await startNats();
    const [one, two] = [await openNode(nats.url), await openNode(nats.url)];
    const heard = await two.hear("room");
    await one.hear("other");
    const numbers = publishNumbers(one.bus, "room");
    await until("the first", () => heard.length > 10);

    await nats.kill();
    await until("both notice", () => one.gaps.includes(null) && two.gaps.includes(null));
    expect([one.bus.stats.isConnected, two.bus.stats.isConnected]).toEqual([false, false]);
    const before = [one.gaps.length, two.gaps.length];
    await until(
      "both are told again as long as it lasts",
      () => one.gaps.length > (before[0] as number) && two.gaps.length > (before[1] as number),
    );
    const lost = numbers.published.length;

    await nats.start();
    await until("both are back", () => one.bus.stats.isConnected && two.bus.stats.isConnected);
    await until("messages flow", () => (heard.at(-1) as number) > lost + 10);
    const count = numbers.stop();
    await until("the last", () => heard.at(-1) === count - 1);
    expect(isRising(heard)).toBe(true);
    expect(heard.length).toBeLessThan(count);
    expect(two.gaps).toContain("room");
    expect(two.bus.stats).toMatchObject({ reconnects: 1 });
    expect(one.bus.stats.droppedMessages).toBeGreaterThan(0);
    const { droppedMessages, sentMessages } = one.bus.stats;
    expect(droppedMessages + sentMessages).toBe(count);
    expect(one.failures[0]).toMatch(/^the connection to NATS broke \(.+\); trying to connect again\.$/);
    await until("everything dropped is reported", () => reported(one.failures) === droppedMessages);
    expect([one.errors, two.errors]).toEqual([[], []]);
  });

  test("what one node said while it alone was cut off is missed by the others within a second of its return", async () => {
    const nats = await startNats();
    const proxy = await startProxy(nats.port);
    const [one, two] = [await openNode(proxy.url), await openNode(nats.url)];
    const heard = await two.hear("room");
    const own = await one.hear("room");
    proxy.cut();
    await until("it notices", () => one.gaps.includes(null));
    one.bus.publish("room", "to myself");
    expect(own).toEqual(["to myself"]);
    two.bus.publish("room", "to the others");
    expect(heard).toEqual(["to the others"]);
    expect(two.gaps).toEqual([]);
    proxy.restore();
    await until("it is back", () => one.bus.stats.isConnected);
    await until("the other misses the message", () => two.gaps.length > 0);
    expect(two.gaps).toEqual(["room"]);
    one.bus.publish("room", "hello again");
    two.bus.publish("room", "welcome");
    await until("both hear", () => heard.length === 3 && own.length === 3);
    // A node hears itself first.
    expect(heard).toEqual(["to the others", "welcome", "hello again"]);
    expect(own).toEqual(["to myself", "hello again", "welcome"]);
  });

  test("a stalled link is noticed within two seconds, and mended when it moves", async () => {
    const nats = await startNats();
    const proxy = await startProxy(nats.port);
    const [one, two] = [await openNode(proxy.url), await openNode(nats.url)];
    const heard = await two.hear("room");
    const numbers = publishNumbers(one.bus, "room");
    await until("the first", () => heard.length > 10);
    proxy.pause();
    await until("it notices", () => one.gaps.includes(null));
    expect(one.bus.stats.uncertainMessages).toBeGreaterThan(0);
    const lost = numbers.published.length;
    proxy.restore();
    await until("messages flow", () => (heard.at(-1) as number) > lost);
    numbers.stop();
    expect(isRising(heard)).toBe(true);
    expect(two.gaps).toContain("room");
    expect(one.bus.stats.isConnected).toBe(true);
  });

  test("a receiver whose link stalls asks the store until it moves, and catches up", async () => {
    const nats = await startNats();
    const proxy = await startProxy(nats.port);
    const [one, two] = [await openNode(nats.url), await openNode(proxy.url)];
    const heard = await two.hear("room");
    const numbers = publishNumbers(one.bus, "room");
    await until("the first", () => heard.length > 10);
    proxy.pause();
    await until("it notices, and asks again", () => two.gaps.length > 1);
    expect([...new Set(two.gaps)]).toEqual([null]);
    expect(one.gaps).toEqual([]);
    const lost = numbers.published.length;
    proxy.restore();
    await until("messages flow", () => (heard.at(-1) as number) > lost);
    numbers.stop();
    expect(isRising(heard)).toBe(true);
    expect([one.bus.stats.isConnected, two.bus.stats.isConnected]).toEqual([true, true]);
  });

  test("megabytes queued for a stalled link do not keep it from being given up", async () => {
    const nats = await startNats();
    const proxy = await startProxy(nats.port);
    const one = await openNode(proxy.url);
    proxy.pause();
    for (let number = 0; number < 250; number++) one.bus.publish("room", "x".repeat(100_000));
    await until("it notices", () => one.gaps.includes(null));
    expect(one.failures[0]).toBe(
      "the connection to NATS broke (it does not answer); trying to connect again.",
    );
    expect(one.bus.stats.uncertainMessages).toBe(250);
    proxy.restore();
    await until("it is back", () => one.bus.stats.isConnected);
  });

  test("a link that is slow but moves is not given up", async () => {
    const nats = await startNats();
    const proxy = await startProxy(nats.port);
    const [one, two] = [await openNode(proxy.url), await openNode(nats.url)];
    const heard = await two.hear("room");
    // So much that the last of it arrives later than a stalled link would be given up.
    proxy.delay(100);
    const since = performance.now();
    for (let number = 0; number < 150; number++)
      one.bus.publish("room", { number, text: "x".repeat(100_000) });
    await until("all", () => heard.length === 150);
    expect(performance.now() - since).toBeGreaterThan(2000);
    expect([one.gaps, two.gaps, one.failures]).toEqual([[], [], []]);
  });

  test("a receiver that is too slow is cut off by NATS, notices, and goes on", async () => {
    const config = join(await mkdtemp(join(tmpdir(), "parlance-nats-")), "nats.conf");
    await writeFile(config, 'max_pending: 1MB\nwrite_deadline: "200ms"\n');
    const nats = await startNats({ args: ["-c", config] });
    await rm(dirname(config), { recursive: true });
    const proxy = await startProxy(nats.port);
    const [one, two] = [await openNode(nats.url), await openNode(proxy.url)];
    const heard = await two.hear("room");
    proxy.pause();
    const text = "x".repeat(100_000);
    // More than the buffers of the system and of NATS together, in much less time than a stalled link is given.
    for (let number = 0; number < 200; number++) {
      one.bus.publish("room", { number, text });
      if (number % 10 === 9) await new Promise((go) => setImmediate(go));
    }
    await one.bus.ready();
    proxy.restore();
    await until("it is back", () => two.bus.stats.reconnects === 1);
    one.bus.publish("room", "again");
    await until("messages flow", () => heard.at(-1) === "again");
    expect(heard.length).toBeLessThan(200);
    await until("it knows what is missing", () => two.gaps.includes("room"));
    expect(two.gaps[0]).toBeNull();
    expect(one.bus.stats).toMatchObject({ droppedMessages: 0, reconnects: 0 });
  });

  test("a link that is slow for half a second loses nothing and alarms nobody", async () => {
    const nats = await startNats();
    const proxy = await startProxy(nats.port);
    const [one, two] = [await openNode(nats.url), await openNode(proxy.url)];
    const heard = await two.hear("room");
    proxy.delay(250);
    const numbers = publishNumbers(one.bus, "room");
    await until("the first", () => heard.length > 10);
    const count = numbers.stop();
    await until("all", () => heard.length === count);
    expect([one.gaps, two.gaps, two.bus.stats.reconnects]).toEqual([[], [], 0]);
  });

  test("frozen NATS: what waits for it stays within the bound, the rest is dropped, counted and missed", async () => {
    const nats = await startNats();
    const maxInFlightBytes = 4 * 1024 * 1024;
    const one = await openNode(nats.url, { maxInFlightBytes });
    const two = await openNode(nats.url);
    const heard = await two.hear("room");
    const text = "x".repeat(10_000);
    await nats.freeze();
    let count = 0;
    // 40 MB before the link is found to be stalled.
    while (count < 4000) {
      for (let turn = 0; turn < 100; turn++) one.bus.publish("room", { number: count++, text });
      await new Promise((go) => setImmediate(go));
    }
    const { sentMessages, droppedMessages } = one.bus.stats;
    expect(sentMessages + droppedMessages).toBe(count);
    expect(sentMessages * 10_000).toBeWithin(maxInFlightBytes / 2, maxInFlightBytes);
    expect(one.failures[0]).toBe("NATS is too slow: a message did not leave.");
    await until("everything dropped is reported", () => reported(one.failures) === droppedMessages);
    expect(one.failures.length).toBeLessThan(6);
    nats.thaw();
    await until("the loss is noticed", () => two.gaps.length > 0);
    await until("both are connected", () => one.bus.stats.isConnected && two.bus.stats.isConnected);
    one.bus.publish("room", "again");
    await until("messages flow", () => heard.at(-1) === "again");
  });

  test("a subscription made while NATS is away works afterwards; ready and close do not wait for it", async () => {
    const nats = await startNats();
    const [one, two, three] = [await openNode(nats.url), await openNode(nats.url), await openNode(nats.url)];
    await nats.kill();
    await until("all notice", () => [one, two, three].every(({ bus }) => !bus.stats.isConnected));
    const heard = await two.hear("room");
    const since = performance.now();
    await three.bus.close();
    expect(performance.now() - since).toBeLessThan(20_000);
    await nats.start();
    await until("both are back", () => one.bus.stats.isConnected && two.bus.stats.isConnected);
    one.bus.publish("room", 1);
    await until("it is heard", () => heard.length === 1);
  });

  test("closing does not wait for ever for NATS that is frozen", async () => {
    const nats = await startNats();
    const one = await openNode(nats.url);
    await nats.freeze();
    one.bus.publish("room", 1);
    const since = performance.now();
    await one.bus.close();
    expect(performance.now() - since).toBeLessThan(20_000);
  });
});
