/** What an app says to all of its users, as `@parlance/client` sees it on their devices. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, type ConversationRef, connect } from "@parlance/client";
import { type Deployment, oneNode, threeNodes } from "../packages/server/src/testing/deployment.ts";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { rongcloudBackEnd } from "../packages/server/src/testing/rongcloud-back-end.ts";
import { type TestServer, testApps } from "../packages/server/src/testing/test-server.ts";
import { startPatience, until } from "../packages/server/src/testing/until.ts";

describe.each<[string, Deployment]>([
  ["one node", oneNode],
  ["three nodes", threeNodes],
])("what is said to everybody, on %s,", (_, deploy) => {
  let nodes: TestServer[] = [];
  const clients: Client[] = [];
  beforeAll(async () => {
    nodes = await deploy({ framesPerMinute: 1_000_000 });
  }, startPatience * 2);
  afterAll(async () => {
    for (const client of clients) await client.close();
    for (const node of nodes) await node.stop();
  }, startPatience);

  let turn = 0;
  const nextNode = () => nodes[turn++ % nodes.length] as TestServer;
  const shop = () => rongcloudBackEnd(() => nextNode().url, testApps.shop);
  const office: ConversationRef = { kind: "system", id: "*office" };

  async function open(userId: string, deviceId = "phone", platform?: string): Promise<Client> {
    const { url } = nextNode();
    const client = await connect({
      url: `${nextNode().socketUrl}/connect`,
      userId,
      token: () => i2aBackEnd(url, testApps.shop.secret).token(userId, deviceId),
      ...(platform !== undefined && { platform }),
    });
    clients.push(client);
    await until("it is in step", () => client.status === "online");
    return client;
  }

  const said = (content: string, more: object = {}) => ({
    fromUserId: "office",
    objectName: "RC:TxtMsg",
    content: JSON.stringify({ content }),
    ...more,
  });
  const broadcast = async (text: string, more: object = {}): Promise<string> =>
    (await shop().ok("/message/broadcast.json", said(text, more))).messageUID;
  const stateOf = (client: Client, ref = office) => client.conversation(ref).state;
  const textOf = (client: Client, ref = office) => stateOf(client, ref)?.lastMessage?.content.text;
  const sees = (client: Client, text: string, unread: number) =>
    until(`${client.userId} has ${unread} unread, the last of which says ${text}`, () => {
      return textOf(client) === text && stateOf(client)?.unread === unread;
    });
  const historyOf = async (client: Client, ref = office) =>
    (await client.request("message.history", { conversation: ref })).messages.map(
      ({ content, state }) => state ?? content.text,
    );

  test("is heard on all devices, read on all of one's own, and found by who was away", async () => {
    const [phone, laptop, ben] = [await open("ann"), await open("ann", "laptop"), await open("ben")];
    const cid = await open("cid");
    cid.disconnect();
    const heard: unknown[] = [];
    laptop.on("message", ({ conversation, message }) => heard.push([conversation, message.from]));
    const uid = await broadcast("one");
    expect(uid).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
    for (const client of [phone, laptop, ben]) await sees(client, "one", 1);
    expect(heard).toEqual([[office, null]]);
    await broadcast("two");
    for (const client of [phone, laptop, ben]) await sees(client, "two", 2);
    cid.reconnect();
    await sees(cid, "two", 2);
    phone.conversation(office).markRead();
    await until("the laptop knows that it is read", () => stateOf(laptop)?.unread === 0);
    await broadcast("three");
    await sees(phone, "three", 1);
    await sees(ben, "three", 3);
    expect(stateOf(ben)?.readMark.seq).toBe(0);
    expect(await historyOf(cid)).toEqual(["one", "two", "three"]);
  });

  test("is not there for who becomes a user later, until more is said", async () => {
    const early = await open("early");
    await broadcast("old");
    await until("it is heard", () => textOf(early) === "old");
    const late = await open("late");
    await until("the list is in step", () => late.request("conversation.sync", { cursor: null }));
    expect(stateOf(late)).toBeNull();
    expect((await late.request("conversation.list", {})).conversations).toEqual([]);
    expect(await historyOf(late)).toEqual([]);
    await broadcast("new");
    await sees(late, "new", 1);
    expect(await historyOf(late)).toEqual(["new"]);
    expect((await historyOf(early)).slice(-2)).toEqual(["old", "new"]);
  });

  test("can be set, cleared and taken off the list by each for themselves", async () => {
    const [dan, other, eve] = [await open("dan"), await open("dan", "laptop"), await open("eve")];
    await broadcast("for all");
    for (const client of [dan, other, eve]) await sees(client, "for all", 1);
    await dan.conversation(office).update({ isPinned: true });
    await until("the other device pins it", () => stateOf(other)?.settings.isPinned === true);
    expect(stateOf(eve)?.settings.isPinned).toBe(false);
    await shop().ok("/conversation/message/history/clean.json", {
      conversationType: 6,
      fromUserId: "dan",
      targetId: "office",
    });
    await until(
      "nothing is left",
      () => stateOf(other)?.unread === 0 && stateOf(other)?.lastMessage === null,
    );
    expect(await historyOf(dan)).toEqual([]);
    expect(textOf(eve)).toBe("for all");
    await dan.conversation(office).remove();
    await until("it left the list", () => stateOf(other) === null);
    await broadcast("again");
    await sees(other, "again", 1);
  });

  test("is gone when it is recalled, for those who had it and for those who come", async () => {
    const fay = await open("fay");
    const first = await broadcast("kept");
    const uid = await broadcast("regretted");
    await sees(fay, "regretted", 2);
    await shop().ok("/message/broadcast/recall.json", { fromUserId: "office", messageUID: uid });
    await until("it is recalled", () => stateOf(fay)?.lastMessage?.state === "recalled");
    await until("it counts for nothing", () => stateOf(fay)?.unread === 1);
    expect(await historyOf(fay)).toEqual(["kept", "recalled"]);
    await shop().ok("/message/broadcast.json", {
      ...{ fromUserId: "office", objectName: "RC:RcCmd" },
      content: JSON.stringify({ messageUId: first, conversationType: 6, isAdmin: 0, isDelete: 1 }),
    });
    await until("nothing is left of it", async () => `${await historyOf(fay)}` === "recalled");
    const wrong = [
      uid.replace(/^./, "Z"),
      "nonsense",
      first.replace(/.$/, (end) => (end === "2" ? "3" : "2")),
    ];
    for (const messageUID of wrong) {
      const answer = await shop().call("/message/broadcast/recall.json", {
        fromUserId: "office",
        messageUID,
      });
      expect([answer.status, answer.body.code]).toEqual([400, 1002]);
    }
    const others = await shop().call("/message/broadcast/recall.json", {
      fromUserId: "fay",
      messageUID: uid,
    });
    expect(others.body.code).toBe(1002);
    const third = await broadcast("regretted by another");
    await sees(fay, "regretted by another", 1);
    await shop().ok("/message/broadcast/recall.json", { fromUserId: "fay", messageUID: third, isAdmin: 1 });
    await until("that is recalled", async () => (await historyOf(fay)).at(-1) === "recalled");
    const again = await shop().ok("/message/broadcast/recall.json", {
      fromUserId: "office",
      messageUID: third,
    });
    expect(again).toEqual({ code: 200 });
  });

  test("reaches those who are online alone, or of one platform, when it is to", async () => {
    const gus = await open("gus", "phone", "ios");
    const hal = await open("hal", "tablet", "Android");
    const signals: string[] = [];
    for (const client of [gus, hal])
      client.on("signal", ({ conversation, content }) =>
        signals.push(`${client.userId}: ${conversation.id} ${content.text}`),
      );
    await shop().ok("/message/online/broadcast.json", { ...said("now"), fromUserId: "weather" });
    await until("both heard", () => signals.length === 2);
    expect(signals.sort()).toEqual(["gus: *weather now", "hal: *weather now"]);
    expect(stateOf(gus, { kind: "system", id: "*weather" })).toBeNull();
    const told: string[] = [];
    for (const client of [gus, hal])
      client.on("message", ({ message }) => told.push(`${client.userId}: ${message.content.text}`));
    await broadcast("for iOS", { os: "iOS" });
    await broadcast("for all");
    await until("all is told", () => told.length >= 3);
    expect(told.sort()).toEqual(["gus: for all", "gus: for iOS", "hal: for all"]);
    expect((await historyOf(hal)).slice(-2)).toEqual(["for iOS", "for all"]);
  });

  test("is said under few names, and never under one that begins with a star", async () => {
    for (const wrong of [
      { fromUserId: "*office" },
      { content: "no JSON" },
      { os: "Symbian" },
      { objectName: "RC:TypSts", content: '{"typingContentType":"RC:TxtMsg"}' },
      { content: undefined },
      { fromUserId: undefined },
    ]) {
      const refused = await shop().call("/message/broadcast.json", { ...said("x"), ...wrong });
      expect([refused.status, refused.body.code]).toEqual([400, 1002]);
    }
    await broadcast("once", { msgRandom: 7 });
    const repeat = await shop().call("/message/broadcast.json", said("once", { msgRandom: 7 }));
    expect(repeat.body.code).toBe(1002);
    const bank = rongcloudBackEnd(() => nextNode().url, testApps.bank);
    const ian = await open("ian");
    const before = (await historyOf(ian)).length;
    await bank.ok("/message/broadcast.json", said("of the bank"));
    await broadcast("of the shop");
    await until("the shop's is heard", () => textOf(ian) === "of the shop");
    expect((await historyOf(ian)).length).toBe(before + 1);
  });
});
