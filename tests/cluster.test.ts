/** What works on one node works across three: PostgreSQL and NATS between whole servers, lines cut and mended. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type I2aBackEnd, i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { farAhead, timeDigits } from "../packages/server/src/testing/i2a-world.ts";
import { NativeClient } from "../packages/server/src/testing/native-client.ts";
import { rongcloudBackEnd } from "../packages/server/src/testing/rongcloud-back-end.ts";
import { startTestCluster, type TestCluster } from "../packages/server/src/testing/test-cluster.ts";
import { testApps } from "../packages/server/src/testing/test-server.ts";
import { TestSocket } from "../packages/server/src/testing/test-socket.ts";
import { until } from "../packages/server/src/testing/until.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster(3, { framesPerMinute: 100_000 });
}, 60_000);
afterAll(() => cluster.stop(), 60_000);

type NodeNumber = 0 | 1 | 2;

const node = (number: NodeNumber) => {
  const found = cluster.nodes[number];
  if (!found) throw new Error(`there is no node ${number}`);
  return found;
};

const shopAt = (number: NodeNumber): I2aBackEnd => i2aBackEnd(node(number).server.url, testApps.shop.secret);

/** The token is made on another node than the one that is connected to. */
async function connect(number: NodeNumber, userId: string, deviceId = "phone"): Promise<TestSocket> {
  const maker = ((number + 1) % 3) as NodeNumber;
  const token = await shopAt(maker).token(userId, deviceId, { display_name: userId });
  return TestSocket.open(`${node(number).server.socketUrl}/socket/`, { "X-TOKEN": token });
}

/** Ann on the first node, Bob on the second, Cy on the third, in one room. */
async function threePeople() {
  const names = ["ann", "bob", "cy"];
  const room = await shopAt(0).room(names);
  const [ann, bob, cy] = await Promise.all(names.map((name, index) => connect(index as NodeNumber, name)));
  if (!ann || !bob || !cy) throw new Error("not connected");
  return { room, ann, bob, cy };
}

const say = (socket: TestSocket, room: string, message: string) =>
  socket.send({ type: "ROUTABLE", chat_room_identifier: room, message });

const heard = (message: string) => (frame: { value: { type: string; message?: string } }) =>
  frame.value.type === "ROUTABLE" && frame.value.message === message;

const texts = async (socket: TestSocket, count: number): Promise<string[]> => {
  const seen: string[] = [];
  while (seen.length < count) seen.push((await socket.next("ROUTABLE")).value.message);
  return seen;
};

describe("across nodes", () => {
  test("a message, its time and its author's mark reach everybody", async () => {
    const { room, ann, bob, cy } = await threePeople();
    say(ann, room, "hi");
    const frames = await Promise.all([ann, bob, cy].map((socket) => socket.next("ROUTABLE")));
    expect(new Set(frames.map(({ text }) => text)).size).toBe(1);
    const time = timeDigits(frames[0]?.text ?? "");
    for (const socket of [ann, bob, cy]) {
      expect(timeDigits((await socket.next("SET_LAST_MESSAGE_READ")).text)).toBe(time);
    }
    bob.send(
      `{"type":"SET_LAST_MESSAGE_READ","chat_room_identifier":"${room}","message_timestamp_identifier":${time}}`,
    );
    const byBob = (frame: { value: { app_user_identifier?: string } }) =>
      frame.value.app_user_identifier === "bob:shop";
    expect(timeDigits((await cy.next(byBob)).text)).toBe(time);
  });

  test("people who write at once on all nodes see one order, which is the log's", async () => {
    const { room, ann, bob, cy } = await threePeople();
    const each = 60;
    const people = { ann, bob, cy };
    for (let index = 0; index < each; index++) {
      for (const [name, socket] of Object.entries(people)) say(socket, room, `${name} ${index}`);
    }
    const [byAnn, byBob, byCy] = await Promise.all([ann, bob, cy].map((socket) => texts(socket, 3 * each)));
    const page = await shopAt(2).call("GET", `chat-room/${room}/messages/`, { limit: 100 });
    const newest = page.body.map((item: { message: string }) => item.message).reverse();
    expect(byBob).toEqual(byAnn as string[]);
    expect(byCy).toEqual(byAnn as string[]);
    expect(byAnn?.slice(-100)).toEqual(newest);
    for (const name of Object.keys(people)) {
      const own = byAnn?.filter((text) => text.startsWith(name));
      expect(own).toEqual(Array.from({ length: each }, (_, index) => `${name} ${index}`));
    }
  }, 60_000);

  test("members, hidden messages, closed sessions and deleted rooms take effect everywhere", async () => {
    const { room, ann, bob, cy } = await threePeople();
    say(ann, room, "first");
    const first = await cy.next(heard("first"));
    await shopAt(1).post(`chat-room/${room}/remove-users/`, { application_users_identifiers: ["cy"] });
    await shopAt(1).post(`chat-message/${timeDigits(first.text)}/set-active/`, { is_active: false });
    expect((await bob.next("SET_ACTIVE")).value.is_active).toBe(false);
    const refused = async (socket: TestSocket, code: number) => {
      const type = "GET_HISTORY";
      const asked = { type, chat_room_identifier: room, from_message_timestamp_identifier: farAhead };
      await until(
        `the room is refused with ${code}`,
        async () => (await socket.ask(asked)).value.exception?.error_code === code,
      );
    };
    await refused(cy, 10001);
    await shopAt(2).post(`chat-room/${room}/add-users/`, { application_users_identifiers: ["cy"] });
    await ann.ask({ type: "GET_LAST_MESSAGES_READ", chat_room_identifier: room });
    say(ann, room, "welcome back");
    await cy.next(heard("welcome back"));
    const token = await shopAt(0).token("bob", "tablet");
    const tablet = await TestSocket.open(`${node(2).server.socketUrl}/socket/`, { "X-TOKEN": token });
    await shopAt(1).post("session/close-session/", { token });
    expect((await tablet.closed).code).toBe(4000);
    await shopAt(1).call("DELETE", `chat-room/${room}/`);
    for (const socket of [ann, bob, cy]) await refused(socket, 10009);
  }, 60_000);

  test("a device is connected once: the newest connection wins, wherever it is", async () => {
    const older = await connect(0, "dora", "phone");
    const laptop = await connect(0, "dora", "laptop");
    const newer = await connect(1, "dora", "phone");
    expect((await older.closed).code).toBe(1000);
    const room = await shopAt(2).room(["dora"]);
    say(newer, room, "here");
    await laptop.next(heard("here"));
  });

  test("a new app is known everywhere", async () => {
    const { openStore } = await import("../packages/server/src/adapters/open-store.ts");
    const { store: url } = cluster;
    const beside = await openStore({ dataDir: "", store: url, storeConnections: 2 });
    await beside.apps.create({ key: "late", name: "Late", secret: "secret-of-late-0001" });
    for (const number of [0, 1, 2] as const) {
      const late = i2aBackEnd(node(number).server.url, "secret-of-late-0001");
      await until(`node ${number} knows`, async () => (await late.call("GET", "ping/")).status === 200);
    }
    await beside.close();
  });
});

describe("a node that is cut off from the bus", () => {
  test("still stores and acknowledges, and its listeners and everybody else's catch up", async () => {
    const { room, ann, bob, cy } = await threePeople();
    node(1).busLine.cut();
    for (let index = 0; index < 5; index++) say(ann, room, `to bob ${index}`);
    for (let index = 0; index < 5; index++) say(bob, room, `from bob ${index}`);
    await ann.next(heard("to bob 4"));
    await bob.next(heard("from bob 4"));
    // While the line is still cut: what the others wrote is read from the store, because somebody knows of the loss.
    await bob.next(heard("to bob 4"));
    node(1).busLine.restore();
    await Promise.all([ann.next(heard("from bob 4")), cy.next(heard("from bob 4"))]);
    say(cy, room, "together again");
    await Promise.all([ann, bob].map((socket) => socket.next(heard("together again"))));
  }, 60_000);

  test("sees what it missed even if nothing more is sent, in the order of the log", async () => {
    const { room, ann, bob } = await threePeople();
    say(ann, room, "before");
    await bob.next(heard("before"));
    node(1).busLine.cut();
    for (let index = 0; index < 300; index++) say(ann, room, `missed ${index}`);
    await ann.next(heard("missed 299"));
    node(1).busLine.restore();
    expect(await texts(bob, 300)).toEqual(Array.from({ length: 300 }, (_, index) => `missed ${index}`));
  }, 60_000);

  test("learns of members who left meanwhile and of sessions that were closed", async () => {
    const { room, ann, bob } = await threePeople();
    const token = await shopAt(0).token("bob", "tablet");
    const tablet = await TestSocket.open(`${node(1).server.socketUrl}/socket/`, { "X-TOKEN": token });
    node(1).busLine.cut();
    await shopAt(0).post(`chat-room/${room}/remove-users/`, { application_users_identifiers: ["bob"] });
    await shopAt(0).post("session/close-session/", { token });
    node(1).busLine.restore();
    expect((await tablet.closed).code).toBe(4000);
    const asked = { type: "GET_LAST_MESSAGES_READ", chat_room_identifier: room };
    await until("bob is refused", async () => (await bob.ask(asked)).value.exception?.error_code === 10001);
    say(ann, room, "without bob");
    await ann.next(heard("without bob"));
  }, 60_000);

  test("hears what was said to everybody meanwhile, under a name that was new and under one that it knew", async () => {
    const token = await shopAt(0).token("dee", "phone");
    const dee = await NativeClient.open(node(1).server.socketUrl, { token });
    const broadcast = (fromUserId: string, text: string) =>
      rongcloudBackEnd(node(0).server.url, testApps.shop).ok("/message/broadcast.json", {
        ...{ fromUserId, objectName: "RC:TxtMsg" },
        content: JSON.stringify({ content: text }),
      });
    const hears = (id: string, text: string) =>
      dee.next("message", ({ conversation, content }) => conversation.id === id && content?.text === text);
    await broadcast("known", "before");
    await hears("*known", "before");
    node(1).busLine.cut();
    await broadcast("known", "meanwhile");
    await broadcast("new", "first");
    node(1).busLine.restore();
    await Promise.all([hears("*known", "meanwhile"), hears("*new", "first")]);
    dee.close();
  }, 60_000);
});

describe("NATS", () => {
  test("killed and started again in the middle: nothing is lost, doubled or reordered for anybody", async () => {
    const { room, ann, bob, cy } = await threePeople();
    const count = 200;
    for (let index = 0; index < count; index++) {
      say(ann, room, `m${index}`);
      if (index === 50) await cluster.nats.kill();
      if (index === 120) await cluster.nats.start();
      await ann.next(heard(`m${index}`));
    }
    const all = Array.from({ length: count }, (_, index) => `m${index}`);
    const [byBob, byCy] = await Promise.all([texts(bob, count), texts(cy, count)]);
    expect(byBob).toEqual(all);
    expect(byCy).toEqual(all);
  }, 60_000);
});

describe("PostgreSQL", () => {
  test("killed and started again: what was acknowledged is there once, and sends go on", async () => {
    const { room, ann, bob } = await threePeople();
    for (let index = 0; index < 100; index++) say(ann, room, `p${index}`);
    await ann.next(heard("p0"));
    await cluster.postgres.kill();
    await cluster.postgres.start();
    const deadline = Date.now() + 40_000;
    for (let attempt = 0; ; attempt++) {
      say(ann, room, `after ${attempt}`);
      const mine = `after ${attempt}`;
      const { value } = await ann.next(
        (frame) =>
          frame.value.type === "ERROR" || (frame.value.type === "ROUTABLE" && frame.value.message === mine),
      );
      if (value.type === "ROUTABLE" || Date.now() > deadline) break;
    }
    const { body } = await shopAt(1).call("GET", `chat-room/${room}/messages/`, { limit: 100 });
    expect(body[0].message).toStartWith("after ");
    const stored = body.map((item: { message: string }) => item.message);
    expect(new Set(stored).size).toBe(stored.length);
    const acknowledged = ann.unread
      .filter(({ value }) => value.type === "ROUTABLE")
      .map(({ value }) => value.message);
    expect(acknowledged.filter((text: string) => !stored.includes(text)).length).toBe(
      Math.max(0, acknowledged.length - stored.length),
    );
    await bob.next(heard(body[0].message));
  }, 60_000);
});
