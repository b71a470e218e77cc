/** Chatrooms over three nodes, one of which is cut off from everything: for the others it is dead. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import type { ConversationRef } from "@parlance/protocol";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { NativeClient } from "../packages/server/src/testing/native-client.ts";
import { say } from "../packages/server/src/testing/native-world.ts";
import {
  type ClusterNode,
  startTestCluster,
  type TestCluster,
} from "../packages/server/src/testing/test-cluster.ts";
import { testApps } from "../packages/server/src/testing/test-server.ts";
import { until } from "../packages/server/src/testing/until.ts";

let cluster: TestCluster;
let [first, second, dying] = [] as unknown as [ClusterNode, ClusterNode, ClusterNode];
beforeAll(async () => {
  const settings = { leaseSeconds: 3, chatroomGraceSeconds: 3, heartbeatSeconds: 60 };
  cluster = await startTestCluster(3, settings);
  [first, second, dying] = cluster.nodes as [ClusterNode, ClusterNode, ClusterNode];
}, 60_000);
afterAll(() => cluster.stop(), 60_000);

const connect = async (
  { server }: ClusterNode,
  userId: string,
  deviceId = "phone",
): Promise<NativeClient> => {
  const token = await i2aBackEnd(first.server.url, testApps.shop.secret).token(userId, deviceId);
  return NativeClient.open(server.socketUrl, { token });
};
const join = (client: NativeClient, conversation: ConversationRef) =>
  client.request("chatroom.join", { conversation, historyCount: 0 });

test("people are in a room wherever they joined it, and leave it when their node is gone", async () => {
  const hall: ConversationRef = { kind: "chatroom", id: "hall" };
  const [ann, ben, cid] = [
    await connect(first, "ann"),
    await connect(second, "ben"),
    await connect(dying, "cid"),
  ];
  const tablet = await connect(second, "cid", "tablet");
  const dan = await connect(dying, "dan");
  for (const client of [ann, ben, cid, dan]) await join(client, hall);
  await ann.next("chatroom", ({ memberCount }) => memberCount === 4);
  await ann.request("chatroom.setKeys", { conversation: hall, keys: [{ key: "topic", value: "Tea" }] });
  for (const client of [ann, ben, cid, dan, tablet])
    expect((await client.next("chatroom", ({ kind }) => kind === "keys")).keys).toMatchObject([
      { key: "topic", value: "Tea" },
    ]);
  await say(dan, hall, "hello");
  for (const client of [ann, ben, cid, tablet]) await client.next("message");

  dying.busLine.pause();
  dying.storeLine.pause();
  const gone = await ann.next("chatroom", ({ left }) => left !== undefined && left.length > 0);
  // Cid is there by another node.
  expect(gone).toMatchObject({ left: ["dan"], memberCount: 3 });
  const { members } = await ben.request("chatroom.members", { conversation: hall });
  expect(members.map(({ userId }) => userId)).toEqual(["ann", "ben", "cid"]);
  await say(ann, hall, "without dan");
  await tablet.next("message", ({ content }) => content.text === "without dan");

  dying.busLine.restore();
  dying.storeLine.restore();
  await until("dan is told that it is over for now", async () => {
    const outcome = await dan.ask("chatroom.keys", { conversation: hall });
    return "error" in outcome && outcome.error.name === "notJoined";
  });
  await until(
    "dan may come again",
    async () => "result" in (await dan.ask("chatroom.join", { conversation: hall })),
  );
  await ben.next("chatroom", ({ joined }) => joined?.includes("dan") === true);
  await say(ben, hall, "welcome back");
  await dan.next("message", ({ content }) => content.text === "welcome back");
}, 90_000);
