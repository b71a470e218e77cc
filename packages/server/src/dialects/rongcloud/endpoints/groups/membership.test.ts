import { describe, expect, test } from "bun:test";
import type { ConversationRef, ConversationState } from "@parlance/protocol";
import type { NativeClient } from "../../../../testing/native-client.ts";
import { say, textsOf } from "../../../../testing/native-world.ts";
import { useRongcloudWorld } from "../../../../testing/rongcloud-world.ts";

const world = useRongcloudWorld();

let made = 0;
const newId = (what = "u") => `${what}${++made}`;
const group = (id: string): ConversationRef => ({ kind: "group", id });

const history = async (client: NativeClient, id: string) =>
  textsOf((await client.request("message.history", { conversation: group(id), limit: 50 })).messages);
const members = async (groupId: string) =>
  (await world.ok("/group/user/query.json", { groupId })).users.map(({ id }: { id: string }) => id);
const groupsOf = async (userId: string, page: object = {}) =>
  (await world.ok("/user/group/query.json", { userId, ...page })).groups;
const listed = (client: NativeClient, id: string) =>
  client.next(
    "conversation",
    (change) => change.conversation.id === id && !("isRemoved" in change && change.isRemoved === true),
  );
const unlisted = (client: NativeClient, id: string) =>
  client.next("conversation", (change) => change.conversation.id === id && "isRemoved" in change);

describe("members", () => {
  test("who is put into a group finds it on their list, and hears and writes there", async () => {
    const [a, b, g] = [newId(), newId(), newId("g")];
    const [ann, ben] = await world.clients(a, b);
    await world.ok("/group/create.json", { userId: [a, b], groupId: g, groupName: "Lunch" });
    await Promise.all([listed(ann, g), listed(ben, g)]);
    await say(ann, group(g), "hello");
    expect((await ben.next("message")).content).toEqual({ text: "hello" });
    expect(await members(g)).toEqual([a, b]);
    expect(await groupsOf(b)).toEqual([{ id: g, name: "Lunch" }]);
  });

  test("who joins later sees what is sent from then on, and who quits hears no more", async () => {
    const [a, b, g] = [newId(), newId(), newId("g")];
    await world.ok("/group/create.json", { userId: a, groupId: g, groupName: "G" });
    const [ann, ben] = await world.clients(a, b);
    const before = await say(ann, group(g), "before");
    expect(await ben.refusal("message.history", { conversation: group(g) })).toBe("notMember");
    await world.ok("/group/join.json", { userId: [b, a], groupId: g });
    await listed(ben, g);
    await say(ann, group(g), "after");
    expect((await ben.next("message")).content).toEqual({ text: "after" });
    expect(await history(ben, g)).toEqual(["after"]);
    expect(await history(ann, g)).toEqual(["before", "after"]);
    const earlier = { conversation: group(g), sentAt: before.sentAt };
    expect(await ben.refusal("message.get", earlier)).toBe("messageNotFound");
    const quoting = { ...sending(g), quote: { sentAt: before.sentAt } };
    expect(await ben.refusal("message.send", quoting)).toBe("quoteNotFound");
    const { state } = await ben.request("conversation.get", { conversation: group(g) });
    expect((state as ConversationState).unread).toBe(1);

    await world.ok("/group/quit.json", { userId: [b, "nobody"], groupId: g });
    await unlisted(ben, g);
    await say(ann, group(g), "alone");
    expect(await ben.refusal("message.history", { conversation: group(g) })).toBe("notMember");
    expect(await ben.refusal("message.send", sending(g))).toBe("notMember");
    expect(await members(g)).toEqual([a]);
    await world.ok("/group/join.json", { userId: b, groupId: g });
    await listed(ben, g);
    expect(await history(ben, g)).toEqual([]);
  });

  test("a dismissed group is nobody's; who creates it again has its history", async () => {
    const [a, b, g] = [newId(), newId(), newId("g")];
    await world.ok("/group/create.json", { userId: [a, b], groupId: g, groupName: "G" });
    const [ann, ben] = await world.clients(a, b);
    await say(ann, group(g), "kept");
    await ben.next("message");
    await world.ok("/group/dismiss.json", { userId: "whoever", groupId: g });
    await Promise.all([unlisted(ann, g), unlisted(ben, g)]);
    expect(await ann.refusal("message.history", { conversation: group(g) })).toBe("notMember");
    expect(await ben.refusal("message.send", sending(g))).toBe("notMember");
    expect([await members(g), await groupsOf(a)]).toEqual([[], []]);

    await world.ok("/group/create.json", { userId: b, groupId: g, groupName: "Again" });
    await listed(ben, g);
    expect(await history(ben, g)).toEqual(["kept"]);
    await world.ok("/group/join.json", { userId: a, groupId: g });
    await say(ben, group(g), "new");
    await ann.next("message", ({ content }) => content.text === "new");
    expect(await history(ann, g)).toEqual(["new"]);
  });

  test("ids are told apart by case, and one app's groups are nothing to another", async () => {
    const [a, b, g] = [newId(), newId(), newId("g")];
    await world.ok("/group/create.json", { userId: a, groupId: g, groupName: "lower" });
    await world.ok("/group/create.json", { userId: b, groupId: g.toUpperCase(), groupName: "UPPER" });
    expect([await members(g), await members(g.toUpperCase())]).toEqual([[a], [b]]);
    await world.bank.ok("/group/create.json", { userId: "eve", groupId: g, groupName: "Theirs" });
    await world.bank.ok("/group/dismiss.json", { userId: a, groupId: g });
    expect((await world.bank.ok("/user/group/query.json", { userId: a })).groups).toEqual([]);
    expect([await members(g), await groupsOf(a)]).toEqual([[a], [{ id: g, name: "lower" }]]);
  });

  test("what is there already, or isn't, is no error", async () => {
    const g = newId("g");
    expect(await members(g)).toEqual([]);
    expect(await groupsOf(newId())).toEqual([]);
    await world.ok("/group/quit.json", { userId: "nobody", groupId: g });
    await world.ok("/group/dismiss.json", { userId: "nobody", groupId: g });
    await world.ok("/group/join.json", { userId: "first", groupId: g });
    await world.ok("/group/create.json", { userId: ["first", "second"], groupId: g, groupName: g });
    expect(await members(g)).toEqual(["first", "second"]);
  });

  test("wrong calls are refused by the parameter's name", async () => {
    const refusals: [string, object, number, RegExp][] = [
      ["/group/create.json", { userId: "u", groupId: "g" }, 1002, /groupName/],
      ["/group/create.json", { groupId: "g", groupName: "G" }, 1002, /userId/],
      ["/group/join.json", { userId: "u" }, 1002, /groupId/],
      ["/group/join.json", { userId: "u", groupId: "g".repeat(65) }, 1005, /groupId/],
      ["/group/join.json", { userId: "u".repeat(65), groupId: "g" }, 1005, /userId/],
      ["/group/quit.json", { userId: range(1001), groupId: "g" }, 1002, /userId/],
      ["/group/refresh.json", { groupId: "g", groupName: "n".repeat(65) }, 1005, /groupName/],
      ["/group/sync.json", { userId: "u", [`group[${"g".repeat(65)}]`]: "n" }, 1005, /group/],
      ["/user/group/query.json", { userId: "u", page: 1, size: 1001 }, 1002, /size/],
      ["/user/group/query.json", { userId: "u", page: -1 }, 1002, /page/],
    ];
    for (const [path, params, code, name] of refusals) {
      const { body, status } = await world.call(path, params as Record<string, unknown>);
      expect([path, status, body.code]).toEqual([path, 400, code]);
      expect(body.errorMessage).toMatch(name);
    }
  });
});

const range = (length: number) => Array.from({ length }, (_, index) => `u${index}`);
const sending = (id: string) => ({
  conversation: group(id),
  clientId: newId("c"),
  type: "text",
  content: { text: "no" },
});

describe("a user's groups", () => {
  test("sync makes them the only ones, and renames them", async () => {
    const [a, g, h, i] = [newId(), newId("g"), newId("g"), newId("g")];
    await world.ok("/group/create.json", { userId: [a, "other"], groupId: g, groupName: "old" });
    await world.ok("/group/create.json", { userId: a, groupId: h, groupName: "left" });
    const [ann] = await world.clients(a);
    const wanted = { [`group[${g}]`]: "new", [`group[${i}]`]: "made" };
    await world.ok("/group/sync.json", { userId: a, ...wanted });
    await Promise.all([listed(ann as NativeClient, i), unlisted(ann as NativeClient, h)]);
    expect(await groupsOf(a)).toEqual([
      { id: g, name: "new" },
      { id: i, name: "made" },
    ]);
    expect(await members(h)).toEqual([]);
    await world.ok("/group/sync.json", { userId: a });
    expect(await groupsOf(a)).toEqual([]);
    expect(await members(g)).toEqual(["other"]);
  });

  test("are listed in pages, those of I2A among them", async () => {
    const a = newId();
    const ids = [newId("g"), newId("g"), newId("g")];
    for (const groupId of ids)
      await world.ok("/group/create.json", { userId: a, groupId, groupName: `of ${groupId}` });
    await world.ok("/group/refresh.json", { groupId: ids[1], groupName: "renamed" });
    const room = await world.native.group(a);
    const all = [
      { id: ids[0], name: `of ${ids[0]}` },
      { id: ids[1], name: "renamed" },
      { id: ids[2], name: `of ${ids[2]}` },
      { id: room.id, name: "" },
    ];
    expect(await groupsOf(a)).toEqual(all);
    expect(await groupsOf(a, { page: 0, size: 1 })).toEqual(all);
    expect(await groupsOf(a, { page: 1, size: 3 })).toEqual(all.slice(0, 3));
    expect(await groupsOf(a, { page: 2, size: 3 })).toEqual(all.slice(3));
    expect(await groupsOf(a, { page: 3, size: 3 })).toEqual([]);
    expect(await members(room.id)).toEqual([a]);
  });
});

describe("a message that is part of the call", () => {
  const said = (text: string, more: object = {}) => ({
    bindNotifyMsg: "true",
    objectName: "RC:TxtMsg",
    content: JSON.stringify({ content: text }),
    isPersisted: 1,
    ...more,
  });

  test("is the first that those who join see, and the last of those who leave", async () => {
    const [a, b, g] = [newId(), newId(), newId("g")];
    await world.ok("/group/create.json", { userId: a, groupId: g, groupName: "G" });
    const [ann, ben] = await world.clients(a, b);
    await say(ann, group(g), "before");
    await world.ok("/group/join.json", { userId: b, groupId: g, ...said("welcome", { fromUserId: "bot" }) });
    for (const client of [ann, ben])
      expect(await client.next("message", ({ from }) => from === "bot")).toMatchObject({
        type: "text",
        content: { text: "welcome" },
      });
    expect(await history(ben, g)).toEqual(["welcome"]);
    await world.ok("/group/quit.json", { userId: b, groupId: g, ...said("bye", { fromUserId: "bot" }) });
    expect((await ben.next("message", ({ content }) => content.text === "bye")).from).toBe("bot");
    await unlisted(ben, g);
    expect(await history(ann, g)).toEqual(["before", "welcome", "bye"]);
    const last = said("the end", { fromUserId: "bot" });
    await world.ok("/group/dismiss.json", { userId: a, groupId: g, ...last });
    expect((await ann.next("message", ({ content }) => content.text === "the end")).from).toBe("bot");
    await unlisted(ann, g);
    const named = { groupId: g, groupName: "New", ...said("to nobody", { fromUserId: "bot" }) };
    await world.ok("/group/refresh.json", named);
  });

  test("is kept from its sender unless it includes them", async () => {
    const [a, b, g] = [newId(), newId(), newId("g")];
    const [ann, ben] = await world.clients(a, b);
    const create = { userId: [a, b], groupId: g, groupName: "G", fromUserId: a };
    await world.ok("/group/create.json", { ...create, ...said("hidden") });
    await ben.next("message", ({ content }) => content.text === "hidden");
    await world.ok("/group/join.json", { ...create, ...said("shown", { isIncludeSender: 1 }) });
    await ann.next("message", ({ content }) => content.text === "shown");
    expect(await history(ann, g)).toEqual(["shown"]);
    expect(await history(ben, g)).toEqual(["hidden", "shown"]);
  });

  test("is for who is online when it isn't to be kept", async () => {
    const [a, g] = [newId(), newId("g")];
    const [ann] = await world.clients(a);
    const notice = said("now", { fromUserId: "bot", isPersisted: 0 });
    await world.ok("/group/create.json", { userId: a, groupId: g, groupName: "G", ...notice });
    const { type, content, from } = await (ann as NativeClient).next("signal");
    expect({ type, content, from }).toEqual({ type: "text", content: { text: "now" }, from: "bot" });
    expect(await history(ann as NativeClient, g)).toEqual([]);
  });

  test("is not sent when the call is refused, and the call not made when the message is", async () => {
    const [a, g] = [newId(), newId("g")];
    const [ann] = await world.clients(a);
    const notice = said("never", { fromUserId: "bot" });
    await world.ok("/group/create.json", { userId: a, groupId: g, groupName: "G" });
    const full = { userId: ["x", "y"], groupId: g, groupName: "Other", maxMember: 2, ...notice };
    const refused = await world.call("/group/join.json", full);
    expect([refused.status, refused.body.code]).toEqual([405, 405]);
    expect(await members(g)).toEqual([a]);
    expect(await groupsOf(a)).toEqual([{ id: g, name: "G" }]);
    const broken = [
      { content: undefined },
      { content: "no JSON" },
      { fromUserId: "" },
      { objectName: undefined },
    ];
    for (const part of broken) {
      const { body } = await world.call("/group/join.json", { userId: "x", groupId: g, ...notice, ...part });
      expect(body.code).toBe(1002);
    }
    const large = { content: JSON.stringify({ content: "x".repeat(128 * 1024) }) };
    const { body } = await world.call("/group/join.json", { userId: "x", groupId: g, ...notice, ...large });
    expect(body.code).toBe(1005);
    expect(await members(g)).toEqual([a]);
    expect(await history(ann as NativeClient, g)).toEqual([]);
  });

  test("shows who has read it", async () => {
    const [a, b, g] = [newId(), newId(), newId("g")];
    const [ann, ben] = await world.clients(a, b);
    const notice = said("read me", { fromUserId: a, isIncludeSender: 1 });
    await world.ok("/group/create.json", { userId: [a, b], groupId: g, groupName: "G", ...notice });
    const { sentAt } = await ben.next("message");
    await ben.request("conversation.markRead", { conversation: group(g), sentAt });
    await ann.next("readMark");
    expect(await ann.request("message.readers", { conversation: group(g), sentAt })).toMatchObject({
      read: [{ userId: b }],
      readCount: 1,
      memberCount: 1,
    });
  });
});
