import { expect, test } from "bun:test";
import type { ConversationRef, ConversationState } from "@parlance/protocol";
import fc from "fast-check";
import type { Client } from "./public/client.ts";
import { keyOf } from "./sync/conversation-key.ts";
import { type Act, acts, lunch, perform, quiet, type Scene } from "./testing/acts.ts";
import { Device } from "./testing/device.ts";
import type { ModelConversation } from "./testing/model/model-conversation.ts";
import { noFaults } from "./testing/model/model-line.ts";
import { ModelWorld } from "./testing/model/model-world.ts";

const bob: ConversationRef = { kind: "direct", id: "bob" };
const alice: ConversationRef = { kind: "direct", id: "alice" };

async function begin(seed: number, faults: number): Promise<Scene> {
  const world = new ModelWorld(seed);
  world.server.group("lunch", "alice", "bob", "carol");
  world.server.group("quiet", "alice", "bob");
  world.faults = { delay: 60, lose: faults, repeat: faults, reorder: faults };
  const devices = [
    new Device(world, "alice", "phone", [lunch, quiet, bob]),
    new Device(world, "alice", "laptop", [lunch]),
    new Device(world, "bob", "phone", [lunch, alice]),
    new Device(world, "carol", "phone", [lunch]),
  ];
  for (const device of devices) await device.start();
  await world.clock.pass(200);
  return { world, devices, acknowledged: [] };
}

/** Nothing goes wrong any more; whoever was away comes back, and what is under way arrives. */
async function settle({ world, devices }: Scene): Promise<void> {
  world.faults = noFaults;
  world.isReachable = true;
  for (const { client } of devices) if (client.status === "stopped") client.reconnect();
  await world.clock.pass(150_000);
}

/** Without what only versions a state, and what a large group would not tell all its members. */
const bare = ({ changedAt: _, memberCount: __, ...state }: ConversationState) => state;

function expectSameList(client: Client, conversations: ModelConversation[]): void {
  const theirs = conversations
    .filter(({ members }) => members.has(client.userId))
    .map((conversation) => conversation.stateFor(client.userId))
    .filter((state): state is ConversationState => !("isRemoved" in state))
    .map((state) => [keyOf(state.conversation), bare(state)]);
  const ours = client.conversations.map((state) => [keyOf(state.conversation), bare(state)]);
  expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
}

async function expectSameMessages({ world }: Scene, client: Client, ref: ConversationRef): Promise<void> {
  const found = [...world.server.conversations.values()].find(
    (one) => one.members.has(client.userId) && keyOf(one.refFor(client.userId)) === keyOf(ref),
  );
  if (!found || found.members.get(client.userId)?.isOut) return;
  const conversation = client.conversation(ref);
  // What a user deleted from a conversation off the list shows on other devices when it comes back to the list.
  if (!conversation.state) return;
  for (let page = 0; conversation.hasOlder && page < 50; page++) {
    const loading = conversation.loadOlder(100);
    await world.clock.pass(50);
    await loading;
  }
  const shown = conversation.messages.filter(({ delivery }) => delivery !== "failed");
  expect(shown.map(({ seq }) => seq)).toEqual(found.history(client.userId).map(({ seq }) => seq));
  expect(shown).toEqual(found.history(client.userId));
}

/** Each message once; those of one device in the order in which they were sent. */
function expectInOrder({ sent }: ModelConversation): void {
  expect(new Set(sent.map(({ from, clientId }) => `${from} ${clientId}`)).size).toBe(sent.length);
  const timesByDevice = new Map<string, number[]>();
  for (const { content } of sent) {
    const [userId, deviceId, at] = (content.text as string).split(" ");
    const times = timesByDevice.get(`${userId} ${deviceId}`) ?? [];
    timesByDevice.set(`${userId} ${deviceId}`, [...times, Number(at)]);
  }
  for (const times of timesByDevice.values())
    expect(times).toEqual([...times].sort((one, other) => one - other));
}

const act: fc.Arbitrary<Act> = fc.record({
  name: fc.oneof(
    { arbitrary: fc.constant("send" as const), weight: 8 },
    { arbitrary: fc.constant("pass" as const), weight: 3 },
    { arbitrary: fc.constantFrom(...(Object.keys(acts) as Act["name"][])), weight: 14 },
  ),
  device: fc.nat(3),
  conversation: fc.nat(2),
  pick: fc.nat(40),
});

const scenes = { seed: fc.integer({ min: 1 }), faults: fc.constantFrom(0, 0.1, 0.4) };

test("whatever happens, every device ends with what the server has", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ ...scenes, list: fc.array(act, { minLength: 10, maxLength: 90, size: "max" }) }),
      async ({ seed, faults, list }) => {
        const scene = await begin(seed, faults);
        for (const one of list) await perform(scene, one);
        await settle(scene);
        const conversations = [...scene.world.server.conversations.values()];
        conversations.forEach(expectInOrder);
        const stored = new Set(
          conversations.flatMap(({ sent }) => sent.map(({ content, sentAt }) => `${content.text} ${sentAt}`)),
        );
        for (const { clientsText, sentAt } of scene.acknowledged)
          expect(stored).toContain(`${clientsText} ${sentAt}`);
        for (const { client, userId } of scene.devices) {
          expect(client.status).toBe("online");
          expectSameList(client, conversations);
          for (const ref of [lunch, quiet, userId === "alice" ? bob : alice])
            await expectSameMessages(scene, client, ref);
        }
      },
    ),
    {
      seed: Number(process.env.PARLANCE_SEED ?? 20_260_101),
      numRuns: Number(process.env.PARLANCE_RUNS ?? 30),
      endOnFailure: !process.env.PARLANCE_SHRINK,
      ...(process.env.PARLANCE_SHRINK ? { interruptAfterTimeLimit: 70_000 } : {}),
    },
  );
});
