/** Who comes back from before what is still kept is told so, loads anew, and ends with what the server has. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, type Conversation, connect, MemoryCache } from "@parlance/client";
import { databaseFile, openStore } from "../packages/server/src/adapters/open-store.ts";
import { agingPostgres, agingSqlite } from "../packages/server/src/adapters/store-sql/testing/aging.ts";
import { type Deployment, oneNode, threeNodes } from "../packages/server/src/testing/deployment.ts";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { NativeClient } from "../packages/server/src/testing/native-client.ts";
import { sharedPostgres } from "../packages/server/src/testing/shared-servers.ts";
import { type TestServer, testApps } from "../packages/server/src/testing/test-server.ts";
import { startPatience, until } from "../packages/server/src/testing/until.ts";

const day = 86_400_000;

async function agingOf({ config }: TestServer) {
  if (config.store === "sqlite") return agingSqlite(databaseFile(config));
  const postgres = await sharedPostgres();
  const database = new URL(config.store).pathname.slice(1);
  return agingPostgres(config.store, (text) => postgres.query(database, text));
}

describe.each<[string, Deployment]>([
  ["one node", oneNode],
  ["three nodes", threeNodes],
])("on %s", (_, deploy) => {
  let nodes: TestServer[] = [];
  const clients: { close(): unknown }[] = [];
  beforeAll(async () => {
    nodes = await deploy({});
  }, startPatience * 2);
  afterAll(async () => {
    for (const client of clients) await client.close();
    for (const node of nodes) await node.stop();
  }, startPatience);

  /** Who connects meets the next node. */
  const nodeInTurn = () => nodes[clients.length % nodes.length] as TestServer;
  const token = (userId: string, deviceId: string) =>
    i2aBackEnd(nodeInTurn().url, testApps.shop.secret).token(userId, deviceId);

  async function open(userId: string, deviceId: string): Promise<Client> {
    const client = await connect({
      url: `${nodeInTurn().socketUrl}/connect`,
      userId,
      token: () => token(userId, deviceId),
      cache: new MemoryCache(),
    });
    clients.push(client);
    return client;
  }

  /** Messages of 40 days ago become too old while the app keeps 30 days. */
  async function forgetOldMessages(): Promise<void> {
    const [node] = nodes as [TestServer];
    const store = await openStore(node.config);
    try {
      const shop = (await store.apps.list()).find(({ key }) => key === testApps.shop.key);
      await (await agingOf(node)).age(shop?.id as number, 40 * day);
      await store.apps.update(testApps.shop.key, { retentionDays: 30 });
    } finally {
      await store.close();
    }
  }

  test("a client that is behind what is kept loads anew", async () => {
    const shop = i2aBackEnd(nodeInTurn().url, testApps.shop.secret);
    const room = await shop.room(["ann", "ben"]);
    const groupId = room.slice(0, room.lastIndexOf(":"));
    const textsOf = (conversation: Conversation) => conversation.messages.map(({ content }) => content.text);
    const [ann, ben] = [await open("ann", "phone"), await open("ben", "phone")];
    const say = async (from: number, to: number) => {
      for (let number = from; number <= to; number++) await ben.group(groupId).send(`${number}`);
    };
    const group = ann.group(groupId);
    await group.open();
    await say(1, 5);
    await until("Ann has what was said", () => `${textsOf(group)}` === "1,2,3,4,5");
    ann.disconnect();
    await say(6, 9);
    await forgetOldMessages();
    await say(10, 12);

    const raw = await NativeClient.open(nodeInTurn().socketUrl, { token: await token("ann", "raw") });
    clients.push(raw);
    const conversation = { kind: "group", id: groupId } as const;
    const since = (afterSeq: number) => ({ conversation, afterSeq });
    for (const old of [0, 5, 8]) expect(await raw.refusal("message.since", since(old))).toBe("tooOld");
    const { entries, hasMore } = await raw.request("message.since", since(9));
    expect([entries.map(({ seq }) => seq), hasMore]).toEqual([[10, 11, 12], false]);

    expect(textsOf(group)).toEqual(["1", "2", "3", "4", "5"]);
    ann.reconnect();
    await until("Ann has what is kept", () => `${textsOf(group)}` === "10,11,12");
    await say(13, 13);
    const witness = await open("ann", "witness");
    await witness.group(groupId).open();
    for (const client of [ann, witness]) {
      const shown = client.group(groupId);
      await until("all devices show the same", () => `${textsOf(shown)}` === "10,11,12,13");
      await until("and there is nothing before it", () => !shown.hasOlder);
      expect(shown.messages.map(({ seq }) => seq)).toEqual([10, 11, 12, 13]);
    }
    const stateOf = (client: Client) => {
      const { head, lastMessage, unread } = client.group(groupId).state ?? {};
      return `${[head?.seq, head?.sentAt, lastMessage?.seq, unread]}`;
    };
    await until("the lists say the same", () => stateOf(ann) === stateOf(witness));
  }, 120_000);
});
