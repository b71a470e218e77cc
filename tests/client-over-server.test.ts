/** `@parlance/client` against the real server: whatever devices do, and however often they are away, all end with the same. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, connect, MemoryCache } from "@parlance/client";
import { msgpack } from "@parlance/client/msgpack";
import { type Deployment, oneNode, threeNodes } from "../packages/server/src/testing/deployment.ts";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { type TestServer, testApps } from "../packages/server/src/testing/test-server.ts";
import { startPatience, until } from "../packages/server/src/testing/until.ts";

/** A generator of its own, so that a seed tells the whole story. */
const randomFrom = (seed: number) => () => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
  return seed / 0x80000000;
};

const seed = Number(process.env.PARLANCE_SEED ?? 7);

describe.each<[string, Deployment]>([
  ["one node", oneNode],
  ["three nodes", threeNodes],
])("devices that come and go, on %s,", (_, deploy) => {
  let nodes: TestServer[] = [];
  const clients: Client[] = [];
  beforeAll(async () => {
    nodes = await deploy({ framesPerMinute: 1_000_000 });
  }, startPatience * 2);
  afterAll(async () => {
    for (const client of clients) await client.close();
    for (const node of nodes) await node.stop();
  }, startPatience);

  const nodeAt = (index: number) => nodes[index % nodes.length] as TestServer;
  const shop = () => i2aBackEnd(nodeAt(0).url, testApps.shop.secret);

  async function open(userId: string, deviceId: string): Promise<Client> {
    const client = await connect({
      url: `${nodeAt(clients.length).socketUrl}/connect`,
      userId,
      token: () => shop().token(userId, deviceId),
      cache: new MemoryCache(),
      ...(clients.length % 2 === 1 ? { codec: msgpack } : {}),
    });
    clients.push(client);
    return client;
  }

  test(`end with what a new device sees (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
    const room = await shop().room(["ann", "ben", "cid"]);
    const groupId = room.slice(0, room.lastIndexOf(":"));
    const users = ["ann", "ben", "cid"];
    const devices: Client[] = [];
    for (const userId of users)
      for (const device of ["phone", "laptop"]) devices.push(await open(userId, device));
    const conversationOf = (client: Client) =>
      random() < 0.5
        ? client.group(groupId)
        : client.direct(pick(users.filter((id) => id !== client.userId)));
    for (const client of devices) {
      void client
        .group(groupId)
        .open()
        .catch(() => {});
    }
    const pending: Promise<unknown>[] = [];
    const attempt = (act: Promise<unknown>) => void pending.push(act.catch(() => {}));
    for (let step = 0; step < 250; step++) {
      const client = pick(devices);
      const conversation = conversationOf(client);
      const own = conversation.messages.filter((message) => message.from === client.userId && message.seq);
      const shown = conversation.messages.filter((message) => message.seq);
      const act = random();
      if (act < 0.45)
        attempt(conversation.send(`m${step}`, random() < 0.3 ? { mentions: { users: [pick(users)] } } : {}));
      else if (act < 0.55) conversation.markRead();
      else if (act < 0.62 && own.length > 0)
        attempt(conversation.recall(pick(own).sentAt, { isDelete: random() < 0.5 }));
      else if (act < 0.68 && own.length > 0)
        attempt(conversation.modify(pick(own).sentAt, { text: `changed ${step}` }));
      else if (act < 0.72 && shown.length > 0)
        attempt(conversation.setKeys(pick(shown).sentAt, { [`k${step}`]: "v" }));
      else if (act < 0.75 && shown.length > 0) attempt(conversation.deleteMine([pick(shown).sentAt]));
      else if (act < 0.78) attempt(conversation.update({ isPinned: random() < 0.5, draft: `d${step}` }));
      else if (act < 0.8 && shown.length > 0) attempt(conversation.clear(pick(shown).sentAt));
      else if (act < 0.82) attempt(conversation.remove());
      else if (act < 0.9) client.disconnect();
      else client.reconnect();
      if (step % 5 === 0) await new Promise((go) => setTimeout(go, 1));
    }
    for (const client of devices) client.reconnect();
    await Promise.all(pending);
    const witnesses = new Map<string, Client>();
    for (const userId of users) witnesses.set(userId, await open(userId, "witness"));
    const listOf = (client: Client) =>
      client.conversations.map(({ changedAt: _, ...state }) => JSON.stringify(sorted(state))).sort();
    for (const client of devices) {
      const witness = witnesses.get(client.userId) as Client;
      await until("the lists are equal", () => {
        const [mine, theirs] = [listOf(client), listOf(witness)];
        return mine.length > 0 && JSON.stringify(mine) === JSON.stringify(theirs);
      }).catch((error) => {
        expect(listOf(client)).toEqual(listOf(witness));
        throw error;
      });
      await witness.group(groupId).open();
      // A new device has loaded one page.
      const firstAt = () => witness.group(groupId).messages[0]?.sentAt ?? 0;
      const texts = (from: Client) =>
        from
          .group(groupId)
          .messages.filter(({ sentAt }) => sentAt >= firstAt())
          .map(({ seq, content, state, keys }) => JSON.stringify([seq, content, state, sorted(keys)]));
      await until(
        "the group shows the same",
        () => JSON.stringify(texts(client)) === JSON.stringify(texts(witness)),
      ).catch((error) => {
        expect(texts(client)).toEqual(texts(witness));
        throw error;
      });
    }
  }, 120_000);
});

/** With keys in order, so that texts can be compared. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
