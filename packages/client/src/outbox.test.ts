import { describe, expect, test } from "bun:test";
import type { Client } from "./public/client.ts";
import type { Conversation } from "./public/conversation.ts";
import { lunch } from "./testing/acts.ts";
import { Device } from "./testing/device.ts";
import { ModelWorld } from "./testing/model/model-world.ts";
import { Refusal } from "./testing/model/refusal.ts";

async function scene() {
  const world = new ModelWorld();
  const group = world.server.group("lunch", "alice", "bob");
  const device = new Device(world, "alice", "phone", [lunch]);
  await device.start();
  await world.synced(device.client);
  const conversation = () => device.client.conversation(lunch);
  const texts = () =>
    conversation().messages.map(({ content, delivery }) => [content.text, delivery ?? "stored"]);
  const stored = () => group.history("bob").map(({ content }) => content.text);
  return { world, group, device, conversation, texts, stored };
}

const restarted = async (world: ModelWorld, client: Client): Promise<void> => {
  client.reconnect();
  await world.clock.pass(60_000);
};

const sendAll = (conversation: Conversation, ...texts: string[]) => {
  for (const text of texts) void conversation.send(text);
};

describe("messages that wait", () => {
  test("show at once as pending and then as stored, once each, in order", async () => {
    const { world, conversation, texts, stored } = await scene();
    sendAll(conversation(), "one", "two");
    expect(texts()).toEqual([
      ["one", "pending"],
      ["two", "pending"],
    ]);
    await world.clock.pass(1000);
    expect(texts()).toEqual([
      ["one", "stored"],
      ["two", "stored"],
    ]);
    expect(stored()).toEqual(["one", "two"]);
  });

  test("are sent after an airplane, in order", async () => {
    const { world, device, conversation, texts, stored } = await scene();
    device.client.disconnect();
    sendAll(conversation(), "one", "two", "three");
    await world.clock.pass(10_000);
    expect(texts().map(([, delivery]) => delivery)).toEqual(["pending", "pending", "pending"]);
    await restarted(world, device.client);
    expect(stored()).toEqual(["one", "two", "three"]);
  });

  test("survive a program that is killed in the same millisecond", async () => {
    const { world, device, conversation, texts, stored } = await scene();
    device.client.disconnect();
    sendAll(conversation(), "one", "two");
    await world.clock.pass(0);
    await device.kill();
    expect(texts().map(([text]) => text)).toEqual(["one", "two"]);
    await restarted(world, device.client);
    expect(stored()).toEqual(["one", "two"]);
  });

  test("are stored once when the reply was lost", async () => {
    const { world, device, group, conversation, texts, stored } = await scene();
    const sending = conversation().send("one");
    await world.clock.until(() => group.head.seq === 1, 1);
    world.cut("alice");
    await restarted(world, device.client);
    expect((await sending).seq).toBe(1);
    expect(stored()).toEqual(["one"]);
    expect(texts()).toEqual([["one", "stored"]]);
  });

  test("don't wait any longer when there is a new connection", async () => {
    const { world, conversation, stored } = await scene();
    for (let count = 0; count < 7; count++) world.server.refusals.push(new Refusal("unavailable"));
    sendAll(conversation(), "one");
    await world.clock.until(() => world.server.refusals.length === 0);
    world.cut("alice");
    // The next try would have been after 15 s at the earliest.
    await world.clock.pass(5_000);
    expect(stored()).toEqual(["one"]);
  });

  test("wait where the server says later", async () => {
    const { world, conversation, stored } = await scene();
    world.server.refusals.push(
      new Refusal("rateLimited", { retryAfterMs: 9000 }),
      new Refusal("unavailable"),
    );
    sendAll(conversation(), "one", "two");
    await world.clock.pass(8000);
    expect(stored()).toEqual([]);
    await world.clock.pass(60_000);
    expect(stored()).toEqual(["one", "two"]);
  });
});

describe("messages that are refused", () => {
  async function refused() {
    const all = await scene();
    all.world.server.refusals.push(new Refusal("contentRefused"));
    const sending = all.conversation().send("bad");
    const error = sending.catch(({ name }) => name);
    sendAll(all.conversation(), "good");
    await all.world.clock.pass(1000);
    expect(await error).toBe("contentRefused");
    return { ...all, clientId: all.conversation().messages.at(-1)?.clientId as string };
  }

  test("stay as failed, with the reason, and hold up nothing", async () => {
    const { texts, stored, conversation, device } = await refused();
    expect(stored()).toEqual(["good"]);
    expect(texts()).toEqual([
      ["good", "stored"],
      ["bad", "failed"],
    ]);
    expect(conversation().messages.at(-1)?.refusal?.name).toBe("contentRefused");
    await device.restart();
    expect(texts().at(-1)).toEqual(["bad", "failed"]);
  });

  test("can be sent again", async () => {
    const { world, conversation, clientId, stored } = await refused();
    conversation().retry(clientId);
    await world.clock.pass(1000);
    expect(stored()).toEqual(["good", "bad"]);
    expect(() => conversation().retry(clientId)).toThrow("There is no unsent message");
  });

  test("can be given up", async () => {
    const { world, device, conversation, clientId, texts } = await refused();
    conversation().discard(clientId);
    expect(texts()).toEqual([["good", "stored"]]);
    await world.clock.pass(1000);
    await device.restart();
    expect(texts()).toEqual([["good", "stored"]]);
    expect(() => conversation().discard(clientId)).toThrow();
  });
});

test("a thousand may wait, no more", async () => {
  const { device, conversation } = await scene();
  device.client.disconnect();
  for (let count = 0; count < 1000; count++) void conversation().send(String(count));
  const error = await conversation()
    .send("one too many")
    .catch(({ name }) => name);
  expect(error).toBe("outboxFull");
});
