import { describe, expect, test } from "bun:test";
import { msgpack } from "./msgpack.ts";
import { connect } from "./public/connect.ts";
import { lunch } from "./testing/acts.ts";
import { Device } from "./testing/device.ts";
import { ModelWorld } from "./testing/model/model-world.ts";
import { Refusal } from "./testing/model/refusal.ts";

async function scene() {
  const world = new ModelWorld();
  const group = world.server.group("lunch", "alice", "bob");
  const alice = new Device(world, "alice", "phone", [lunch]);
  const bob = new Device(world, "bob", "phone", [lunch]);
  for (const device of [alice, bob]) {
    await device.start();
    await world.synced(device.client);
  }
  const say = async (...texts: string[]) => {
    for (const text of texts) void bob.client.conversation(lunch).send(text);
    await world.clock.pass(texts.length * 30 + 200);
  };
  const texts = () => alice.client.conversation(lunch).messages.map(({ content }) => content.text);
  return { world, group, alice, bob, say, texts, state: () => alice.client.conversation(lunch).state };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

describe("what was missed", () => {
  test("comes in pages", async () => {
    const { world, alice, say, texts, state } = await scene();
    alice.client.disconnect();
    await say(...numbers(17));
    expect(texts()).toEqual([]);
    await world.synced(alice.client);
    await world.clock.pass(500);
    expect(texts()).toEqual(numbers(17));
    expect(state()?.unread).toBe(17);
  });

  test("is loaded anew when it is too much", async () => {
    const { world, alice, say, texts } = await scene();
    await say("old");
    alice.client.disconnect();
    await say(...numbers(40));
    await world.synced(alice.client);
    await world.clock.pass(500);
    expect(texts()).toEqual(numbers(40).slice(-8));
    while (alice.client.conversation(lunch).hasOlder) {
      const loading = alice.client.conversation(lunch).loadOlder();
      await world.clock.pass(100);
      await loading;
    }
    expect(texts()).toEqual(["old", ...numbers(40)]);
  });

  test("is there offline, from the last run", async () => {
    const { world, alice, say, texts, state } = await scene();
    await say("one", "two");
    await alice.client.close();
    world.isReachable = false;
    await alice.start();
    expect(texts()).toEqual(["one", "two"]);
    expect(state()).toMatchObject({ unread: 2 });
    expect(alice.client.conversations).toHaveLength(1);
  });

  test("is asked for when an event shows a gap, and only then", async () => {
    const { world, alice, say, texts, state } = await scene();
    world.faults = { delay: 5, lose: 1, repeat: 0, reorder: 0 };
    void alice;
    await say("lost");
    world.faults = { delay: 5, lose: 0, repeat: 0, reorder: 0 };
    await say("seen");
    expect(texts()).toEqual(["lost", "seen"]);
    expect(state()?.unread).toBe(2);
  });
});

describe("a message is told as it arrives", () => {
  test("also the first of a new conversation", async () => {
    const { world, alice, bob } = await scene();
    const told: unknown[] = [];
    bob.client.on("message", ({ conversation, message }) =>
      told.push([conversation.id, message.content.text]),
    );
    for (const text of ["Hi", "Bob"]) void alice.client.direct("bob").send(text);
    await world.clock.pass(500);
    expect(told).toEqual([
      ["alice", "Hi"],
      ["alice", "Bob"],
    ]);
  });

  test("once, and not again when it was known from the last run", async () => {
    const { world, group, alice, say } = await scene();
    const told: unknown[] = [];
    const listen = () => alice.client.on("message", ({ message }) => told.push(message.content.text));
    listen();
    world.faults = { delay: 5, lose: 0, repeat: 1, reorder: 0 };
    await say("one");
    expect(told).toEqual(["one"]);
    await alice.client.close();
    await alice.start();
    await world.synced(alice.client);
    listen();
    world.server.tellEntry(group, group.entries[0] as never);
    await world.clock.pass(500);
    expect(told).toEqual(["one"]);
  });
});

test("the compact codec says the same", async () => {
  const { world, say } = await scene();
  const { environment } = world;
  const options = { url: "ws://model/connect", token: "alice:tablet:0", userId: "alice" };
  const tablet = await connect({ ...options, codec: msgpack, environment });
  await world.synced(tablet);
  const conversation = tablet.conversation(lunch);
  await conversation.open();
  await say("one");
  void conversation.send("two 👋");
  await world.clock.pass(500);
  expect(conversation.messages.map(({ content }) => content.text)).toEqual(["one", "two 👋"]);
});

describe("read marks", () => {
  test("stay where they are in a conversation that isn't in the list", async () => {
    const { alice } = await scene();
    const elsewhere = alice.client.direct("nobody");
    let told = 0;
    elsewhere.on("state", () => told++);
    elsewhere.markRead();
    expect(told).toBe(0);
  });

  test("count at once, also offline, and reach the server and the other device later", async () => {
    const { world, group, alice, say, state } = await scene();
    const laptop = await world.device("alice", "laptop");
    await world.synced(laptop);
    await say("one", "two");
    alice.client.disconnect();
    alice.client.conversation(lunch).markRead();
    expect(state()).toMatchObject({ unread: 0, readMark: { seq: 2 } });
    expect(alice.client.unread).toEqual({ unread: 0, mentions: 0 });
    expect(laptop.conversations[0]?.unread).toBe(2);
    await world.clock.pass(1000);
    await alice.kill();
    await world.synced(alice.client);
    await world.clock.pass(500);
    expect(group.row("alice").readMark.seq).toBe(2);
    expect(laptop.conversations[0]?.unread).toBe(0);
  });
});

test("what is shown is the same object until it changes", async () => {
  const { world, alice, bob, say } = await scene();
  await say("one");
  const { client } = alice;
  const shown = () => {
    const { state, messages, typing } = client.conversation(lunch);
    return [client.conversations, state, messages, typing];
  };
  const isSame = (before: unknown[]) => shown().map((value, index) => value === before[index]);
  client.disconnect();
  client.conversation(lunch).markRead();
  const before = shown();
  expect(isSame(before)).toEqual([true, true, true, true]);
  await world.synced(client);
  await say("two");
  bob.client.conversation(lunch).sendTyping();
  await world.clock.pass(100);
  expect(isSame(before)).toEqual([false, false, false, false]);
});

test("a conversation that is not open tells what changes too", async () => {
  const { world, bob } = await scene();
  const laptop = await world.device("alice", "laptop");
  await world.synced(laptop);
  const told: string[] = [];
  for (const name of ["state", "typing"] as const) laptop.group("lunch").on(name, () => told.push(name));
  bob.client.conversation(lunch).sendTyping();
  await world.clock.pass(100);
  void bob.client.conversation(lunch).send("one");
  await world.clock.pass(100);
  expect(told).toEqual(["typing", "state", "typing"]);
});

describe("typing", () => {
  test("is told at most every three seconds and ends by itself, or with the message", async () => {
    const { world, alice, bob } = await scene();
    const seen: string[][] = [];
    alice.client.on("typing", ({ userIds }) => seen.push(userIds));
    let signals = 0;
    const received = world.server.received.bind(world.server);
    world.server.received = (line, frame) => {
      if (frame.method === "signal.send") signals++;
      received(line, frame);
    };
    for (let key = 0; key < 10; key++) {
      bob.client.conversation(lunch).sendTyping();
      await world.clock.pass(200);
    }
    expect(signals).toBe(1);
    expect(alice.client.conversation(lunch).typing).toEqual(["bob"]);
    await world.clock.pass(8000);
    expect(seen).toEqual([["bob"], []]);
    bob.client.conversation(lunch).sendTyping();
    void bob.client.conversation(lunch).send("done");
    await world.clock.pass(500);
    expect(seen).toEqual([["bob"], [], ["bob"], []]);
  });
});

describe("presence", () => {
  test("is watched across connections until it is not wanted any more", async () => {
    const { world, alice, bob } = await scene();
    const unwatch = alice.client.watchPresence(["bob"]);
    await world.clock.pass(200);
    expect(alice.client.presenceOf("bob")?.isOnline).toBe(true);
    world.cut("alice");
    await world.synced(alice.client);
    bob.client.disconnect();
    await world.clock.pass(500);
    expect(alice.client.presenceOf("bob")?.isOnline).toBe(false);
    unwatch();
    await world.clock.pass(500);
    expect([...world.server.watches.values()].flatMap((watched) => [...watched])).toEqual([]);
    expect(alice.client.presenceOf("bob")).toBeUndefined();
  });
});

describe("chatrooms", () => {
  async function inHall() {
    const all = await scene();
    const [mine, bobs] = [all.alice.client.chatroom("hall"), all.bob.client.chatroom("hall")];
    const joining = Promise.all([mine.join({ historyCount: 5 }), bobs.join()]);
    await all.world.clock.pass(200);
    await joining;
    return { ...all, mine, bobs };
  }

  test("are heard, have keys and members", async () => {
    const { world, mine, bobs } = await inHall();
    void bobs.send("Hello");
    void bobs.setKeys({ topic: "Tea" });
    await world.clock.pass(500);
    expect(mine.messages.map(({ content }) => content.text)).toEqual(["Hello"]);
    expect(mine.keys.get("topic")?.value).toBe("Tea");
    expect(mine.memberCount).toBe(2);
    void bobs.removeKeys(["topic"]);
    await world.clock.pass(500);
    expect(mine.keys.size).toBe(0);
    expect(bobs.messages.map(({ delivery }) => delivery)).toEqual([undefined]);
  });

  test("are joined again by themselves", async () => {
    const { world, alice, mine, bobs } = await inHall();
    let rejoined = 0;
    mine.on("rejoined", () => rejoined++);
    alice.client.disconnect();
    void bobs.send("while you were out");
    void bobs.setKeys({ topic: "Coffee" });
    await world.clock.pass(500);
    alice.client.reconnect();
    await world.clock.pass(500);
    expect(rejoined).toBe(1);
    expect(mine.messages.map(({ content }) => content.text)).toEqual(["while you were out"]);
    expect(mine.keys.get("topic")?.value).toBe("Coffee");
  });

  test("give up or repeat what was refused", async () => {
    const { world, mine } = await inHall();
    world.server.refusals.push(new Refusal("contentRefused"), new Refusal("contentRefused"));
    for (const text of ["one", "two"]) mine.send(text).catch(() => {});
    const texts = () => mine.messages.map(({ content, delivery }) => [content.text, delivery ?? "stored"]);
    await world.clock.pass(500);
    expect(texts()).toEqual([
      ["one", "failed"],
      ["two", "failed"],
    ]);
    const [first = "", second = ""] = mine.messages.map(({ clientId }) => clientId);
    mine.discard(first);
    expect(texts()).toEqual([["two", "failed"]]);
    mine.retry(second);
    expect(texts()).toEqual([["two", "pending"]]);
    await world.clock.pass(500);
    expect(texts()).toEqual([["two", "stored"]]);
  });

  test("are over when they are destroyed or left", async () => {
    const { world, mine, bobs } = await inHall();
    const reasons: string[] = [];
    mine.on("left", ({ reason }) => reasons.push(reason));
    world.server.tell("alice", "chatroom", { conversation: mine.ref, kind: "destroyed" });
    const leaving = bobs.leave();
    await world.clock.pass(200);
    await leaving;
    expect(reasons).toEqual(["destroyed"]);
    expect([mine.isJoined, bobs.isJoined]).toEqual([false, false]);
    expect(world.server.chatroom("hall").userIds()).toEqual(["alice"]);
  });
});
