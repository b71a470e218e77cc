/** What a node missed while it was cut off from the bus: logs are read from the store, the rest clients are told to fetch. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { i2aBackEnd } from "../../testing/i2a-back-end.ts";
import { NativeClient } from "../../testing/native-client.ts";
import { say } from "../../testing/native-world.ts";
import { startTestCluster, type TestCluster } from "../../testing/test-cluster.ts";
import { testApps } from "../../testing/test-server.ts";
import { startPatience } from "../../testing/until.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster(2);
}, startPatience * 2);
afterAll(() => cluster.stop(), startPatience);

test("a client whose node was cut off gets every message, and is told to synchronise the rest", async () => {
  const [here, there] = cluster.nodes as [TestCluster["nodes"][0], TestCluster["nodes"][0]];
  const shop = i2aBackEnd(there.server.url, testApps.shop.secret);
  const connect = async (node: typeof here, userId: string) =>
    NativeClient.open(node.server.socketUrl, { token: await shop.token(userId) });
  const room = await shop.room(["ann", "ben"]);
  const conversation = { kind: "group", id: room.slice(0, room.lastIndexOf(":")) } as const;
  const [ann, ben] = [await connect(here, "ann"), await connect(there, "ben")];
  await say(ben, conversation, "before");
  await ann.next("message");
  const { cursor } = await ann.request("conversation.sync", {});

  here.busLine.cut();
  const { sentAt, seq } = await say(ben, conversation, "meanwhile");
  await ben.request("message.modify", { conversation, sentAt, content: { text: "changed" } });
  const other = await shop.room(["ann", "ben"]);
  here.busLine.restore();

  expect((await ann.next("message")).seq).toBe(seq);
  expect((await ann.next("change")).change).toMatchObject({ of: sentAt, content: { text: "changed" } });
  expect(await ann.next("reload")).toEqual({});
  const { conversations } = await ann.request("conversation.sync", { cursor });
  const ids = conversations.map((state) => state.conversation.id);
  expect(ids.sort()).toEqual([conversation.id, other.slice(0, other.lastIndexOf(":"))].sort());
});
