/**
 * RongCloud's own Node SDK, pointed at a running server by its address alone: every call that it has for what is offered
 * here succeeds, has its effect on clients, and is refused as the SDK expects where it has to be.
 */

import { afterEach, beforeAll, describe, expect, test } from "bun:test";
import { createRequire } from "node:module";
import { NativeClient } from "../packages/server/src/testing/native-client.ts";
import { direct, say } from "../packages/server/src/testing/native-world.ts";
import { useRongcloudWorld } from "../packages/server/src/testing/rongcloud-world.ts";
import { testApps } from "../packages/server/src/testing/test-server.ts";
import { until } from "../packages/server/src/testing/until.ts";

// biome-ignore lint/suspicious/noExplicitAny: the SDK has no types.
type Sdk = any;

const world = useRongcloudWorld();
let sdk: Sdk;

beforeAll(() => {
  const connect = createRequire(import.meta.url)("rongcloud-sdk");
  sdk = connect({
    appkey: testApps.shop.key,
    secret: testApps.shop.secret,
    api: world.native.i2a.server.url,
  });
});

const clients: NativeClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function connect(...userIds: string[]): Promise<NativeClient[]> {
  const opened = await Promise.all(userIds.map((userId) => world.client(userId)));
  clients.push(...opened);
  return opened;
}

const group = (id: string) => ({ kind: "group" as const, id });

/** The SDK lets 64 characters pass; ids have 64 bytes. */
const tooLong = "é".repeat(40);

/** The SDK resolves to what the server refused with, and doesn't send what it finds wrong itself. */
const expectRefusal = async (call: Promise<Sdk>, code: number | string) => {
  const answer = await call;
  expect([answer.code, typeof answer.msg]).toEqual([code, "string"]);
};

describe("users", () => {
  test("are registered with tokens that connect, and renamed", async () => {
    const user = { id: "ann", name: "Ann", portrait: "https://x.example/ann.png?size=1&of=2" };
    const registered = await sdk.User.register({ ...user });
    expect([registered.code, registered.userId]).toEqual([200, "ann"]);
    const ann = await NativeClient.open(world.native.i2a.server.socketUrl, { token: registered.token });
    clients.push(ann);
    expect(ann.welcome.user.id).toBe("ann");
    expect(await sdk.User.update({ ...user, name: "Annie", portrait: user.portrait })).toEqual({ code: 200 });
    expect(await world.ok("/user/info.json", { userId: "ann" })).toMatchObject({
      userName: "Annie",
      userPortrait: user.portrait,
    });
    await expectRefusal(sdk.User.register({ ...user, id: tooLong }), 1005);
    await expectRefusal(sdk.User.update({ ...user, id: "nobody at all" }), 400);
  });

  test("are seen online", async () => {
    await connect("online");
    await until(
      "online is seen",
      async () => (await sdk.User.OnlineStatus.get({ id: "online" })).status === "1",
    );
    expect(await sdk.User.OnlineStatus.get({ id: "offline" })).toEqual({ code: 200, status: "0" });
    await expectRefusal(sdk.User.OnlineStatus.get({ id: tooLong }), 1005);
  });

  test("are blocked, listed, and let in again", async () => {
    const [mad] = (await connect("mad")) as [NativeClient];
    expect(await sdk.User.Block.add({ id: "mad", minute: 10 })).toEqual({ code: 200 });
    await mad.closed;
    const { users } = await sdk.User.Block.getList();
    expect(users).toContainEqual({ userId: "mad", blockEndTime: expect.any(String) });
    expect(await sdk.User.Block.remove({ id: "mad" })).toEqual({ code: 200 });
    await until("mad may come back", async () => {
      try {
        return await connect("mad");
      } catch {
        return false;
      }
    });
    await expectRefusal(sdk.User.Block.add({ id: tooLong, minute: 10 }), 1005);
  });

  test("keep others from writing to them", async () => {
    const [fay, gus] = (await connect("fay", "gus")) as [NativeClient, NativeClient];
    expect(await sdk.User.Blacklist.add({ id: "fay", blacklist: [{ id: "gus" }] })).toEqual({ code: 200 });
    expect(await sdk.User.Blacklist.getList({ id: "fay" })).toMatchObject({ users: [{ id: "gus" }] });
    await until("gus is refused", () =>
      say(gus, direct("fay"), "hello").then(
        () => false,
        () => true,
      ),
    );
    expect(await sdk.User.Blacklist.remove({ id: "fay", blacklist: [{ id: "gus" }] })).toEqual({ code: 200 });
    await until("gus may write", () =>
      say(gus, direct("fay"), "again").then(
        () => true,
        () => false,
      ),
    );
    await fay.next("message", ({ content }) => content.text === "again");
    await expectRefusal(sdk.User.Blacklist.add({ id: tooLong, blacklist: [{ id: "gus" }] }), 1005);
  });

  test("have tags", async () => {
    expect(await sdk.User.Tag.set({ id: "hal", tags: ["bj", "male"] })).toEqual({ code: 200 });
    expect(await sdk.User.Tag.batchSet({ users: [{ id: "ida" }, { id: "jon" }], tags: ["sh"] })).toEqual({
      code: 200,
    });
    const people = [{ id: "hal" }, { id: "ida" }];
    expect(await sdk.User.Tag.getList(people)).toEqual({
      code: 200,
      tags: { hal: ["bj", "male"], ida: ["sh"] },
    });
    await sdk.User.Tag.remove({ id: "hal" });
    await sdk.User.Tag.batchRemove({ users: [{ id: "ida" }] });
    expect(await sdk.User.Tag.getList(people)).toEqual({ code: 200, tags: { hal: [], ida: [] } });
    await expectRefusal(sdk.User.Tag.set({ id: "hal", tags: ["x".repeat(41)] }), 1005);
  });
});

describe("groups", () => {
  const members = async (id: string) =>
    (await sdk.Group.get({ id })).members.map((member: { id: string }) => member.id).sort();

  test("are made, joined, left, renamed and dismissed", async () => {
    const [kim, lea] = (await connect("kim", "lea")) as [NativeClient, NativeClient];
    expect(await sdk.Group.create({ id: "g-1", name: "Lunch", members: [{ id: "kim" }] })).toEqual({
      code: 200,
    });
    expect(await sdk.Group.join({ id: "g-1", name: "Lunch", member: { id: "lea" } })).toEqual({ code: 200 });
    expect(await members("g-1")).toEqual(["kim", "lea"]);
    await say(kim, group("g-1"), "hello");
    await lea.next("message", ({ content }) => content.text === "hello");
    expect(await sdk.Group.update({ id: "g-1", name: "Dinner" })).toEqual({ code: 200 });
    expect((await world.ok("/user/group/query.json", { userId: "kim" })).groups).toEqual([
      { id: "g-1", name: "Dinner" },
    ]);
    expect(await sdk.Group.quit({ id: "g-1", member: { id: "lea" } })).toEqual({ code: 200 });
    expect(await members("g-1")).toEqual(["kim"]);
    expect(await sdk.Group.dismiss({ id: "g-1", member: { id: "kim" } })).toEqual({ code: 200 });
    expect(await members("g-1")).toEqual([]);
    await expectRefusal(sdk.Group.create({ id: tooLong, name: "x", members: [{ id: "kim" }] }), 1005);
  });

  test("are all that a user is in", async () => {
    await sdk.Group.sync({
      id: "max",
      groups: [
        { id: "g-2", name: "Two & more" },
        { id: "g-3", name: "Three" },
      ],
    });
    await sdk.Group.sync({ id: "max", groups: [{ id: "g-3", name: "Three" }] });
    expect(await members("g-2")).toEqual([]);
    expect((await world.ok("/user/group/query.json", { userId: "max" })).groups).toEqual([
      { id: "g-3", name: "Three" },
    ]);
    await expectRefusal(sdk.Group.sync({ id: "max", groups: [{ id: tooLong, name: "x" }] }), 1005);
  });

  for (const [name, calls] of [
    ["Gag", () => sdk.Group.Gag],
    ["Mute.Member", () => sdk.Group.Mute.Member],
  ] as const)
    test(`have members who may not write: ${name}`, async () => {
      const id = `g-${name}`;
      await sdk.Group.create({ id, name: "x", members: [{ id: "ned" }, { id: "oda" }] });
      const [ned] = (await connect("ned")) as [NativeClient];
      expect(await calls().add({ id, members: [{ id: "ned" }], minute: 10 })).toEqual({ code: 200 });
      expect((await calls().getList({ id })).members).toEqual([expect.objectContaining({ id: "ned" })]);
      await until("ned is refused", () =>
        say(ned, group(id), "hello").then(
          () => false,
          () => true,
        ),
      );
      expect(await calls().remove({ id, members: [{ id: "ned" }] })).toEqual({ code: 200 });
      await until("ned may write", () =>
        say(ned, group(id), "hello").then(
          () => true,
          () => false,
        ),
      );
      await expectRefusal(calls().add({ id, members: [{ id: tooLong }], minute: 10 }), 1005);
    });

  test("fall silent but for some", async () => {
    await sdk.Group.create({ id: "g-4", name: "x", members: [{ id: "pat" }, { id: "quin" }] });
    const [pat, quin] = (await connect("pat", "quin")) as [NativeClient, NativeClient];
    const { All, Whitelist } = sdk.Group.Mute;
    expect(await Whitelist.add({ id: "g-4", members: [{ id: "quin" }] })).toMatchObject({ code: 200 });
    expect((await Whitelist.getList({ id: "g-4" })).members).toEqual([{ id: "quin" }]);
    expect(await All.add({ groups: [{ id: "g-4" }] })).toMatchObject({ code: 200 });
    expect((await All.getList()).groups).toContainEqual(expect.objectContaining({ id: "g-4" }));
    await until("pat is refused", () =>
      say(pat, group("g-4"), "hello").then(
        () => false,
        () => true,
      ),
    );
    await say(quin, group("g-4"), "I may");
    await pat.next("message", ({ content }) => content.text === "I may");
    expect(await All.remove({ groups: [{ id: "g-4" }] })).toMatchObject({ code: 200 });
    await until("pat may write", () =>
      say(pat, group("g-4"), "hello").then(
        () => true,
        () => false,
      ),
    );
    expect(await Whitelist.remove({ id: "g-4", members: [{ id: "quin" }] })).toMatchObject({ code: 200 });
    expect((await Whitelist.getList({ id: "g-4" })).members).toEqual([]);
    await expectRefusal(All.add({ groups: [{ id: tooLong }] }), 1005);
    await expectRefusal(Whitelist.add({ id: "g-4", members: [{ id: tooLong }] }), 1005);
  });
});

describe("messages", () => {
  const text = (content: string) => ({ objectName: "RC:TxtMsg", content: { content } });
  /** As the SDK's own examples have it. */
  const template = (...userIds: string[]) => ({
    senderId: "office",
    objectName: "RC:TxtMsg",
    template: { content: "{name} scored {score}" },
    content: Object.fromEntries(
      userIds.map((id) => [id, { data: { "{name}": id, "{score}": "90" }, push: "{name} has a score" }]),
    ),
  });
  const heard = (client: NativeClient, wanted: string) =>
    client.next("message", ({ content }) => content.text === wanted);

  test("reach a user and are taken back", async () => {
    const [rob] = (await connect("rob")) as [NativeClient];
    const sent = await sdk.Message.Private.send({
      senderId: "sue",
      targetId: "rob",
      ...text("hi & hello = 你好"),
    });
    expect(sent).toMatchObject({ code: 200, messageUIDs: [{ userId: "rob" }] });
    await heard(rob, "hi & hello = 你好");
    const [{ messageUID }] = sent.messageUIDs;
    const recall = { senderId: "sue", targetId: "rob", uId: messageUID, sentTime: Date.now() };
    expect(await sdk.Message.Private.recall({ ...recall })).toMatchObject({ code: 200 });
    await until("nothing of it is left", async () => {
      const { messages } = await rob.request("message.history", { conversation: direct("sue"), limit: 10 });
      return !JSON.stringify(messages).includes("hello");
    });
    await expectRefusal(sdk.Message.Private.send({ senderId: "sue", targetId: tooLong, ...text("x") }), 1005);
    await expectRefusal(sdk.Message.Private.recall({ ...recall, uId: "AAAA-AAAA-AAAA-AAAA" }), 1002);
  });

  test("are made of a template for each", async () => {
    const [tim, uma] = (await connect("tim", "uma")) as [NativeClient, NativeClient];
    expect(await sdk.Message.Private.sendTemplate(template("tim", "uma"))).toMatchObject({ code: 200 });
    await heard(tim, "tim scored 90");
    await heard(uma, "uma scored 90");
    await expectRefusal(sdk.Message.Private.sendTemplate(template(tooLong)), 1005);
  });

  test("reach a group, and name members", async () => {
    await sdk.Group.create({ id: "g-5", name: "x", members: [{ id: "vic" }, { id: "wes" }] });
    const [vic, wes] = (await connect("vic", "wes")) as [NativeClient, NativeClient];
    const sent = await sdk.Message.Group.send({ senderId: "office", targetId: "g-5", ...text("to all") });
    expect(sent).toMatchObject({ code: 200, messageUIDs: [{ groupId: "g-5" }] });
    await heard(vic, "to all");
    const mention = {
      ...text("to you").content,
      mentionedInfo: { type: 2, userIds: ["wes"], pushContent: "you!" },
    };
    const call = { senderId: "office", targetId: "g-5", objectName: "RC:TxtMsg", content: mention };
    expect(await sdk.Message.Group.sendMention(call)).toMatchObject({ code: 200 });
    await heard(wes, "to you");
    const { conversations } = await wes.request("conversation.list", {});
    expect(conversations.find(({ conversation }) => conversation.id === "g-5")).toMatchObject({
      mentions: 1,
    });
    const recall = {
      senderId: "office",
      targetId: "g-5",
      uId: sent.messageUIDs[0].messageUID,
      sentTime: Date.now(),
    };
    expect(await sdk.Message.Group.recall(recall)).toMatchObject({ code: 200 });
    const { messages } = await vic.request("message.history", { conversation: group("g-5"), limit: 10 });
    expect(JSON.stringify(messages)).not.toContain("to all");
    await expectRefusal(
      sdk.Message.Group.send({ senderId: "office", targetId: tooLong, ...text("x") }),
      1005,
    );
  });

  test("come from the system, to some and to everybody", async () => {
    const [xia] = (await connect("xia")) as [NativeClient];
    expect(
      await sdk.Message.System.send({ senderId: "news", targetId: "xia", ...text("for you") }),
    ).toMatchObject({ code: 200 });
    await heard(xia, "for you");
    expect(await sdk.Message.System.sendTemplate(template("xia"))).toMatchObject({ code: 200 });
    await heard(xia, "xia scored 90");
    expect(await sdk.Message.System.broadcast({ senderId: "news", ...text("for everybody") })).toMatchObject({
      code: 200,
    });
    await heard(xia, "for everybody");
    await expectRefusal(sdk.Message.System.send({ senderId: "news", targetId: tooLong, ...text("x") }), 1005);
    await expectRefusal(sdk.Message.System.broadcast({ senderId: tooLong, ...text("x") }), 1005);
  });

  test("of an hour are asked for", async () => {
    expect(await sdk.Message.History.get({ date: 2018022710 })).toMatchObject({ code: 200, url: "" });
    await expectRefusal(sdk.Message.History.get({ date: 201802271011 }), 1005);
    await expectRefusal(sdk.Message.History.remove({ date: 2018022710 }), 1002);
  });

  test("of discussions are no more", () =>
    expectRefusal(sdk.Message.Discussion.send({ senderId: "office", targetId: "d-1", ...text("x") }), 1009));
});

test("a conversation is muted for its user", async () => {
  const [yan] = (await connect("yan")) as [NativeClient];
  const conversation = { type: "PRIVATE", userId: "yan", targetId: "zoe" };
  const isMuted = async () =>
    (
      await world.ok("/conversation/notification/get.json", {
        conversationType: 1,
        requestId: "yan",
        targetId: "zoe",
      })
    ).isMuted;
  expect(await sdk.Conversation.mute({ ...conversation })).toEqual({ code: 200 });
  await yan.next("conversation");
  expect(await isMuted()).not.toBe(0);
  expect(await sdk.Conversation.unmute({ ...conversation })).toEqual({ code: 200 });
  expect(await isMuted()).toBe(0);
  await expectRefusal(sdk.Conversation.mute({ ...conversation, targetId: tooLong }), 1005);
});

test("pushes are taken, with and without a message", async () => {
  const [zed] = (await connect("zed")) as [NativeClient];
  const push = {
    platform: ["ios", "android"],
    audience: { is_to_all: true },
    notification: { alert: "new" },
  };
  expect(await sdk.Push.push({ ...push })).toMatchObject({ code: 200, id: expect.any(String) });
  const message = { content: '{"content":"all of you"}', objectName: "RC:TxtMsg" };
  expect(await sdk.Push.message({ ...push, fromuserid: "news", fromUserId: "news", message })).toMatchObject({
    code: 200,
  });
  await zed.next("message", ({ content }) => content.text === "all of you");
  await expectRefusal(sdk.Push.push({ ...push, platform: ["phone"] }), 1002);
});

test("words are kept from others, or replaced", async () => {
  await sdk.Group.create({ id: "g-6", name: "x", members: [{ id: "abe" }, { id: "bea" }] });
  const [abe, bea] = (await connect("abe", "bea")) as [NativeClient, NativeClient];
  expect(await sdk.Sensitive.add({ keyword: "darn", replace: "****" })).toEqual({ code: 200 });
  expect(await sdk.Sensitive.add({ keyword: "blasted", type: 1 })).toEqual({ code: 200 });
  const { words } = await sdk.Sensitive.getList();
  expect(words.map(({ word }: { word: string }) => word).sort()).toEqual(["blasted", "darn"]);
  await until("a word is held back", () =>
    say(abe, group("g-6"), "blasted").then(
      () => false,
      () => true,
    ),
  );
  await say(abe, group("g-6"), "darn it");
  await bea.next("message", ({ content }) => content.text === "**** it");
  expect(await sdk.Sensitive.remove({ keywords: ["darn", "blasted"] })).toEqual({ code: 200 });
  await until("it may be said", () =>
    say(abe, group("g-6"), "blasted").then(
      () => true,
      () => false,
    ),
  );
  await expectRefusal(
    sdk.Sensitive.remove({ keywords: Array.from({ length: 51 }, (_, index) => `w${index}`) }),
    1002,
  );
});

test("a wrong signature is refused, and calls of what is not offered are", async () => {
  await expectRefusal(sdk.Chatroom.create([{ id: "c1", name: "x" }]), 404);
  const connect = createRequire(import.meta.url)("rongcloud-sdk");
  const api = world.native.i2a.server.url;
  const other = connect({ appkey: testApps.shop.key, secret: "wrong", api });
  // The SDK has codes of its own for some.
  await expectRefusal(other.User.update({ id: "ann", name: "Ann", portrait: "x" }), "20000");
  connect({ appkey: testApps.shop.key, secret: testApps.shop.secret, api });
});
