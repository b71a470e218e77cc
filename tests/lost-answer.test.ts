/** A node whose line to PostgreSQL swallows answers: nobody is told a lie, and listeners elsewhere miss nothing. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { farAhead } from "../packages/server/src/testing/i2a-world.ts";
import {
  type ClusterNode,
  startTestCluster,
  type TestCluster,
} from "../packages/server/src/testing/test-cluster.ts";
import { testApps } from "../packages/server/src/testing/test-server.ts";
import { TestSocket } from "../packages/server/src/testing/test-socket.ts";
import { until } from "../packages/server/src/testing/until.ts";

let cluster: TestCluster;
let cut: ClusterNode;
let whole: ClusterNode;
beforeAll(async () => {
  cluster = await startTestCluster(2, { storeSeconds: 1, heartbeatSeconds: 60 });
  [cut, whole] = cluster.nodes as [ClusterNode, ClusterNode];
}, 60_000);
afterAll(() => cluster.stop(), 60_000);

const backEnd = ({ server }: ClusterNode) => i2aBackEnd(server.url, testApps.shop.secret);

const connect = async ({ server }: ClusterNode, userId: string): Promise<TestSocket> => {
  const token = await backEnd(whole).token(userId, "phone", { display_name: userId });
  return TestSocket.open(`${server.socketUrl}/socket/`, { "X-TOKEN": token });
};

const say = (socket: TestSocket, room: string, message: string) =>
  socket.send({ type: "ROUTABLE", chat_room_identifier: room, message });

const history = async (socket: TestSocket, room: string): Promise<string[]> => {
  const asked = { chat_room_identifier: room, from_message_timestamp_identifier: farAhead, limit: 100 };
  const { value } = await socket.ask({ type: "GET_HISTORY", ...asked });
  return value.payload.map((item: { message: string }) => item.message).reverse();
};

test("a sender whose answer is lost is sent away to look, and everybody hears what was stored", async () => {
  const room = await backEnd(whole).room(["ann", "bob"]);
  const [ann, bob] = await Promise.all([connect(cut, "ann"), connect(whole, "bob")]);
  say(ann, room, "before");
  await bob.next("ROUTABLE");
  cut.storeLine.pause();
  say(ann, room, "doubtful");
  const { code, reason } = await ann.closed;
  expect([code, reason]).toEqual([
    1013,
    "the store does not answer: reconnect and read from history what it has",
  ]);
  expect(ann.unread.filter(({ value }) => value.type === "ERROR")).toEqual([]);

  cut.storeLine.restore();
  // The held bytes arrive with the connection, before anybody asks: the message is stored, and told of.
  const heard = await bob.next("ROUTABLE");
  expect(heard.value.message).toBe("doubtful");
  const again = await connect(whole, "ann");
  expect(await history(again, room)).toEqual(["before", "doubtful"]);
  say(again, room, "after");
  expect((await bob.next("ROUTABLE")).value.message).toBe("after");
}, 60_000);

test("a back end is answered 504, which isn't a refusal", async () => {
  const room = await backEnd(whole).room(["cy"]);
  const cy = await connect(whole, "cy");
  const send = (message: string) =>
    fetch(`${cut.server.url}/server-to-server/v1/system-message/send-system-message/`, {
      method: "POST",
      headers: { "x-application-secret": testApps.shop.secret, "content-type": "application/json" },
      body: JSON.stringify({ chat_room_identifier: room, message }),
    });
  const said: string[] = [];
  let answer: Response;
  do {
    const number = said.length + 1;
    await until("the node stores again", async () => (await send(`before ${number}`)).status === 200);
    await cy.next(({ value }) => value.message === `before ${number}`);
    said.push(`before ${number}`);
    cut.storeLine.pause();
    answer = await send(`doubtful ${number}`);
    // Nothing of it left the node, for want of a connection that was open and free: that is a refusal, and said so.
    if (answer.status === 503) cut.storeLine.restore();
  } while (answer.status === 503 && said.length < 10);
  expect(answer.status).toBe(504);
  expect(await answer.json()).toEqual({
    detail: "It is not known yet whether this was stored. Look before you repeat it.",
  });
  cut.storeLine.restore();
  const doubtful = `doubtful ${said.length}`;
  await cy.next(({ value }) => value.message === doubtful);
  expect(await history(cy, room)).toEqual([...said, doubtful]);
}, 60_000);
