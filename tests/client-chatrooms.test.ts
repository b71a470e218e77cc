/** Chatrooms as an app has them by `@parlance/client`, against the real server. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, connect, MemoryCache } from "@parlance/client";
import { type Deployment, oneNode, threeNodes } from "../packages/server/src/testing/deployment.ts";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { type TestServer, testApps } from "../packages/server/src/testing/test-server.ts";
import { startPatience, until } from "../packages/server/src/testing/until.ts";

describe.each<[string, Deployment]>([
  ["one node", oneNode],
  ["three nodes", threeNodes],
])("a chatroom on %s", (_, deploy) => {
  let nodes: TestServer[] = [];
  const clients: Client[] = [];
  beforeAll(async () => {
    nodes = await deploy({ chatroomGraceSeconds: 2 });
  }, startPatience * 2);
  afterAll(async () => {
    for (const client of clients) await client.close();
    for (const node of nodes) await node.stop();
  }, startPatience);

  const nodeAt = (index: number) => nodes[index % nodes.length] as TestServer;
  async function open(userId: string): Promise<Client> {
    const client = await connect({
      url: `${nodeAt(clients.length).socketUrl}/connect`,
      userId,
      token: () => i2aBackEnd(nodeAt(0).url, testApps.shop.secret).token(userId, "phone"),
      cache: new MemoryCache(),
    });
    clients.push(client);
    await until("it is online", () => client.status === "online");
    return client;
  }

  test("is joined again by itself, with what changed meanwhile", async () => {
    const [ann, ben] = [await open("ann"), await open("ben")];
    const [anns, bens] = [ann.chatroom("hall"), ben.chatroom("hall")];
    await anns.join();
    await anns.setKeys({ topic: "Tea", seat: "ann" });
    await bens.join();
    await until("both are counted", () => anns.memberCount === 2 && bens.memberCount === 2);
    expect(bens.keys.get("topic")?.value).toBe("Tea");
    await anns.send("hello");
    await until("the message is heard", () => bens.messages.some(({ content }) => content.text === "hello"));

    ben.disconnect();
    await until("ben is gone", () => anns.memberCount === 1);
    await anns.send("without ben");
    await anns.setKeys({ topic: "Coffee" });
    await anns.removeKeys(["seat"]);
    ben.reconnect();
    await until("ben is back", () => anns.memberCount === 2);
    await until("ben knows what changed", () => {
      const isHeard = bens.messages.some(({ content }) => content.text === "without ben");
      return isHeard && bens.keys.get("topic")?.value === "Coffee" && !bens.keys.has("seat");
    });
    const { members } = await anns.members();
    expect(members.map(({ userId }) => userId)).toEqual(["ann", "ben"]);
    await bens.leave();
    await until("ben left", () => anns.memberCount === 1);
  }, 60_000);
});
