/** The platform that the SDK tells is what others see, on whichever node they are. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, connect, MemoryCache } from "@parlance/client";
import { type Deployment, oneNode, threeNodes } from "../packages/server/src/testing/deployment.ts";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { type TestServer, testApps } from "../packages/server/src/testing/test-server.ts";
import { startPatience, until } from "../packages/server/src/testing/until.ts";

describe.each<[string, Deployment]>([
  ["one node", oneNode],
  ["three nodes", threeNodes],
])("on %s", (_, deploy) => {
  let nodes: TestServer[] = [];
  const clients: Client[] = [];
  beforeAll(async () => {
    nodes = await deploy({});
  }, startPatience * 2);
  afterAll(async () => {
    for (const client of clients) await client.close();
    for (const node of nodes) await node.stop();
  }, startPatience);

  async function open(userId: string, deviceId: string, platform?: string): Promise<Client> {
    const { url, socketUrl } = nodes[clients.length % nodes.length] as TestServer;
    const client = await connect({
      url: `${socketUrl}/connect`,
      userId,
      token: () => i2aBackEnd(url, testApps.shop.secret).token(userId, deviceId),
      cache: new MemoryCache(),
      ...(platform !== undefined && { platform }),
    });
    clients.push(client);
    return client;
  }

  test("a watcher sees the platforms of all devices", async () => {
    const ann = await open("ann", "phone");
    let platforms: string[] = [];
    ann.on("presence", (users) => {
      platforms = users.find(({ userId }) => userId === "ben")?.platforms ?? platforms;
    });
    ann.watchPresence(["ben"]);
    const ben = await open("ben", "phone", "android");
    await until("the phone is seen", () => String(platforms) === "android");
    await open("ben", "laptop", "web");
    await until("the browser is seen", () => String(platforms) === "android,web");
    await ben.close();
    await until("the phone is gone", () => String(platforms) === "web");
    expect(ann.presenceOf("ben")?.isOnline).toBe(true);
  });
});
