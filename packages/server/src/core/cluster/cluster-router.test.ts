import { describe, expect, test } from "bun:test";
import type { Conversation } from "../../ports/store.ts";
import { type Random, SimulatedNetwork, seeded } from "./testing/simulated-network.ts";
import { type Log, SimulatedNode } from "./testing/simulated-node.ts";

interface World {
  random: Random;
  network: SimulatedNetwork;
  log: Log;
  nodes: SimulatedNode[];
  open(options?: { largeListeners?: number; mostKeys?: number }): SimulatedNode;
}

const world = (seed: number): World => {
  const random = seeded(seed);
  const network = new SimulatedNetwork(random);
  const log: Log = new Map();
  const nodes: SimulatedNode[] = [];
  let opened = 0;
  const open = (options = {}) => {
    const name = `n${opened++}`;
    const node = new SimulatedNode({ network, log, name, readTime: () => random() * 10, ...options });
    nodes.push(node);
    return node;
  };
  return { random, network, log, nodes, open };
};

const missing = (nodes: SimulatedNode[]) =>
  nodes.filter(({ isDead }) => !isDead).flatMap((node) => node.missing());

const conversations = 10;

/** One random thing that people do. */
function act({ random, nodes }: World): void {
  const alive = nodes.filter(({ isDead }) => !isDead);
  const node = alive[Math.floor(random() * alive.length)];
  const id = 1 + Math.floor(random() * conversations);
  const what = random();
  if (what < 0.7) node?.send(id);
  else if (what < 0.85) {
    if (!node?.positions.has(id)) void node?.listen(id);
  } else if (node?.positions.get(id) !== null) node?.forget(id);
}

/** One random misfortune; what it broke is mended by `mendAll`. */
function disturb(one: World, options: { largeListeners?: number; mostKeys?: number }): void {
  const { random, network, nodes, open } = one;
  const alive = nodes.filter(({ isDead }) => !isDead);
  const node = alive[Math.floor(random() * alive.length)] as SimulatedNode;
  const what = random();
  if (what < 0.4) network.cut(node.bus);
  else if (what < 0.7) network.mend(node.bus);
  else if (what < 0.8 && alive.length < 6) open(options);
  // What a node stored and dies of before the others could meet it again is beyond them: its lease tells of that.
  else if (!node.bus.stats.isConnected || network.clock.now() - node.bus.joinedAt < 3000) return;
  else if (what < 0.9 && alive.length > 2) {
    node.store(1 + Math.floor(random() * conversations));
    node.kill();
  } else if (alive.length > 2) {
    // An orderly end.
    node.isDead = true;
    node.router.stop();
    void node.bus.close();
  }
}

const mendAll = ({ network, nodes }: World) => {
  network.loss = 0;
  for (const { bus } of nodes) network.mend(bus);
};

describe("any order of connects, sends, losses, cuts and deaths", () => {
  const runs = 100;
  for (const [name, options] of [
    ["ordinary conversations", {}],
    ["conversations that become large and small again", { largeListeners: 10 }],
    ["nodes that want too much to tell", { mostKeys: 3 }],
  ] as const)
    test(`${name}: every listener has the whole log in the end, though nothing more is sent`, async () => {
      for (let seed = 1; seed <= runs; seed++) {
        const one = world(seed);
        for (let count = 0; count < 3; count++) one.open(options);
        one.network.loss = seed % 3 === 0 ? 0.05 : 0;
        for (let step = 0; step < 40; step++) {
          if (one.random() < 0.1) disturb(one, options);
          act(one);
          for (const node of one.nodes)
            if (one.random() < 0.2)
              node.crowds.set(1 + Math.floor(one.random() * conversations), one.random() * 12);
          await one.network.clock.pass(one.random() < 0.1 ? one.random() * 3000 : one.random() * 30);
        }
        mendAll(one);
        // A node that died is only noticed when it has been silent for two beats and a half.
        await one.network.clock.pass(4500);
        expect({ seed, missing: missing(one.nodes) }).toEqual({ seed, missing: [] });
        expect({ seed, errors: one.nodes.flatMap(({ errors }) => errors) }).toEqual({ seed, errors: [] });
        for (const node of one.nodes) if (!node.isDead) node.kill();
      }
    }, 60_000);

  test("one message in a hundred is lost: each is found within two seconds, though nothing more is sent", async () => {
    for (let seed = 1; seed <= runs; seed++) {
      const one = world(seed);
      for (let count = 0; count < 3; count++) one.open({ largeListeners: seed % 2 ? 10 : 1_000_000 });
      await one.network.clock.pass(3000);
      // One by one: what is lost together with its repetition takes longer, as long as the loss lasts.
      const publish = one.network.carry.bind(one.network);
      let lostAt = 0;
      one.network.carry = (from, subject, text) => {
        const mayLose = one.network.clock.now() - lostAt > 3000 && one.random() < 0.2;
        one.network.loss = mayLose ? 1 : 0;
        if (mayLose) lostAt = one.network.clock.now();
        publish(from, subject, text);
        one.network.loss = 0;
      };
      for (let round = 0; round < 6; round++) {
        for (let step = 0; step < 12; step++) {
          act(one);
          for (const node of one.nodes) node.crowds.set(1, one.random() * 12);
          await one.network.clock.pass(one.random() * 30);
        }
        await one.network.clock.pass(2000);
        expect({ seed, round, missing: missing(one.nodes) }).toEqual({ seed, round, missing: [] });
      }
      for (const node of one.nodes) node.kill();
    }
  }, 60_000);
});

const settledThree = async (options = {}) => {
  const one = world(7);
  const [first, second, third] = [one.open(options), one.open(options), one.open(options)];
  await one.network.clock.pass(3000);
  return { ...one, first, second, third };
};

describe("who is sent what", () => {
  test("a node without listeners is sent nothing, one with listeners each event once", async () => {
    const { first, second, third, network } = await settledThree();
    void second.listen(1);
    await network.clock.pass(1000);
    const before = first.router.stats.routedEvents;
    for (let count = 0; count < 500; count++) first.send(1);
    for (let count = 0; count < 500; count++) first.send(2);
    await network.clock.pass(5000);
    expect([second.heardEvents, third.heardEvents]).toEqual([500, 0]);
    expect(first.router.stats.routedEvents - before).toBe(500);
    expect(first.router.stats.floodedEvents).toBe(0);
    second.forget(1);
    await network.clock.pass(1000);
    first.send(1);
    await network.clock.pass(1000);
    expect(second.heardEvents).toBe(500);
  });

  test("what concerns a user goes where that user is online, what concerns all goes everywhere", async () => {
    const { first, second, third, network } = await settledThree();
    const heard: string[] = [];
    const join = (node: SimulatedNode) => {
      const listeners = {
        handle: (event: { kind: string }) => heard.push(`${node.name} ${event.kind}`),
        recheck() {},
        crowds: () => [],
      };
      return node.router.join(9, listeners);
    };
    const [, atSecond] = [first, second, third].map(join);
    void atSecond?.addUser("ann");
    await network.clock.pass(1000);
    const conversation = { id: 5 } as Conversation;
    const ofAnn = { userId: "ann", deviceId: "phone", leaseId: 1, connectionId: 1 };
    third.router.publish(9, { kind: "deviceConnected", ...ofAnn });
    third.router.publish(9, { kind: "deviceConnected", ...ofAnn, userId: "bob" });
    third.router.publish(9, { kind: "membersRemoved", conversation, userIds: ["bob", "ann"] });
    third.router.publish(8, { kind: "sessionClosed", userId: "ann", tokenHash: "" });
    await network.clock.pass(1000);
    expect(heard.filter((line) => !line.startsWith("n2"))).toEqual([
      "n1 deviceConnected",
      "n1 membersRemoved",
    ]);
    atSecond?.dropUser("ann");
    await network.clock.pass(1000);
    heard.length = 0;
    third.router.publish(9, { kind: "deviceConnected", ...ofAnn });
    third.router.publish(9, { kind: "conversationDeleted", conversation });
    await network.clock.pass(1000);
    expect(heard.sort()).toEqual([
      "n0 conversationDeleted",
      "n1 conversationDeleted",
      "n2 conversationDeleted",
      "n2 deviceConnected",
    ]);
  });

  test("a node that wants more than may be told is sent everything, and no longer when it wants less", async () => {
    const { first, second, network } = await settledThree({ mostKeys: 10 });
    for (let id = 1; id <= 11; id++) void second.listen(id);
    await network.clock.pass(1000);
    first.send(99);
    await network.clock.pass(1000);
    expect(second.heardEvents).toBe(1);
    for (let id = 1; id <= 7; id++) second.forget(id);
    await network.clock.pass(1500);
    first.send(99);
    first.send(1);
    first.send(8);
    await network.clock.pass(1000);
    expect(second.heardEvents).toBe(2);
    expect(second.missing()).toEqual([]);
  });

  test("a large conversation is published once, and nobody hears an event of it twice", async () => {
    const { first, second, third, network } = await settledThree({ largeListeners: 10 });
    for (const node of [first, second, third]) void node.listen(1);
    await network.clock.pass(1000);
    const event = (user: number) =>
      ({
        kind: "readMarkMoved",
        conversation: { id: 1 } as Conversation,
        userId: `u${user}`,
        userData: null,
        sentAt: user,
        seq: user,
      }) as const;
    let sent = 0;
    const expected: string[] = [];
    const talk = async (milliseconds: number) => {
      for (let passed = 0; passed < milliseconds; passed += 5) {
        expected.push(`1 u${sent}`);
        first.publish(event(sent++));
        await network.clock.pass(5);
      }
    };
    await talk(500);
    for (const node of [first, second, third]) node.crowds.set(1, 4);
    await talk(4000);
    for (const { router } of [first, second, third]) expect(router.stats.largeSubjects).toBe(1);
    const before = first.router.stats.routedEvents;
    await talk(500);
    expect(first.router.stats.routedEvents - before).toBe(100);
    for (const node of [first, second, third]) node.crowds.set(1, 1);
    await talk(6000);
    for (const { router } of [first, second, third]) expect(router.stats.largeSubjects).toBe(0);
    await network.clock.pass(3000);
    // On two subjects they may overtake each other while it moves; messages are put in order by their log.
    for (const { marks } of [first, second, third]) expect(marks.sort()).toEqual([...expected].sort());
  });

  test("a node that stops in order alarms nobody; one that dies makes the others ask the store, once", async () => {
    const { first, second, third, network } = await settledThree();
    for (const node of [first, second, third]) node.send(1);
    const before = first.router.stats.rechecks;
    second.router.stop();
    await network.clock.pass(6000);
    expect([first.router.stats.rechecks - before, first.router.stats.peers]).toEqual([0, 1]);
    third.kill();
    await network.clock.pass(30_000);
    expect([first.router.stats.rechecks - before, first.router.stats.peers]).toEqual([1, 0]);
  });

  test("a connect waits for the other nodes, but not for one that does not answer", async () => {
    const { first, second, third, network } = await settledThree();
    network.cut(third.bus);
    let isReady = false;
    void first.listen(1).then(() => {
      isReady = true;
    });
    await network.clock.pass(300);
    expect(isReady).toBe(false);
    await network.clock.pass(500);
    expect(isReady).toBe(true);
    second.send(1);
    third.send(1);
    await network.clock.pass(200);
    network.mend(third.bus);
    await network.clock.pass(2000);
    expect(first.missing()).toEqual([]);
  });
});
