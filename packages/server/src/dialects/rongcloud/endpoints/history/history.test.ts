import { describe, expect, test } from "bun:test";
import type { ConversationRef } from "@parlance/protocol";
import { direct, say, textsOf } from "../../../../testing/native-world.ts";
import { useRongcloudWorld } from "../../../../testing/rongcloud-world.ts";
import { until } from "../../../../testing/until.ts";

const world = useRongcloudWorld();

type Item = { fromUserId: string; messageUID: string; msgTime: number; objectName: string; content: string };
const always = { startTime: 0, endTime: 9_000_000_000_000, includeStart: true, pageSize: 100 };

const query = async (kind: string, userId: string, targetId: string, span: object = {}): Promise<Item[]> => {
  const { body } = await world.callJson(`/v3/message/${kind}/query.json`, {
    ...{ userId, targetId, ...always, ...span },
  });
  expect(body.code).toBe(200);
  return body.data;
};
const said = (items: Item[]) => items.map(({ content }) => JSON.parse(content).content);

describe("messages between two times", () => {
  test("are those of one conversation as one user sees them, oldest first", async () => {
    const group = await world.native.group("ann", "ben", "cid");
    const [ann, ben] = await world.clients("ann", "ben");
    const sent = [];
    for (const text of ["one", "two", "three", "four"]) sent.push(await say(ann, group, text));
    await say(ann, group, "for Cid", { to: ["cid"] });
    await say(ben, direct("ann"), "hello Ann");
    const [first, second, third] = sent as unknown as [
      { sentAt: number },
      { sentAt: number },
      { sentAt: number },
    ];
    await ben.request("message.deleteMine", { conversation: group, sentAt: [second.sentAt] });
    await ann.request("message.recall", { conversation: group, sentAt: third.sentAt });
    const seen = await query("group", "ben", group.id);
    expect(seen).toMatchObject([
      {
        targetId: group.id,
        fromUserId: "ann",
        msgTime: Math.floor(first.sentAt / 1000),
        objectName: "RC:TxtMsg",
        content: '{"content":"one"}',
        expansion: true,
        extraContent: "{}",
      },
      { objectName: "RC:RcNtf", fromUserId: "ann" },
      { content: '{"content":"four"}' },
    ]);
    expect(seen[0]?.messageUID).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
    expect(said(await query("group", "cid", group.id))).toEqual(["one", "two", undefined, "four", "for Cid"]);
    expect(said(await query("private", "ann", "ben"))).toEqual(["hello Ann"]);
    expect(said(await query("private", "ben", "ann"))).toEqual(["hello Ann"]);
    // Who isn't in it, and what isn't there.
    expect(await query("group", "eve", group.id)).toEqual([]);
    expect(await query("private", "eve", "ann")).toEqual([]);
    expect(await query("group", "ann", "nowhere")).toEqual([]);
    const { body } = await world.bank.callJson("/v3/message/group/query.json", {
      ...{ userId: "ben", targetId: group.id, ...always },
    });
    expect(body).toEqual({ code: 200, data: [] });
  });

  test("come in pages that miss nothing, whatever was said in the same millisecond", async () => {
    const group = await world.native.group("ann", "ben");
    const ann = await world.client("ann");
    const texts = Array.from({ length: 40 }, (_, index) => `message ${index}`);
    const sent = await Promise.all(texts.map((text) => say(ann, group, text)));
    const times = sent.map(({ sentAt }) => Math.floor(sentAt / 1000));
    const [start, end] = [Math.min(...times), Math.max(...times)];
    const found: Item[] = [];
    const pageSize = 3;
    let span = { startTime: start, includeStart: true };
    for (;;) {
      const page = await query("group", "ben", group.id, { ...span, endTime: end, pageSize });
      found.push(...page);
      const last = page.at(-1);
      if (!last || page.length < pageSize) break;
      span = { startTime: last.msgTime, includeStart: false };
    }
    expect(said(found)).toEqual(texts);
    const inside = await query("group", "ben", group.id, {
      startTime: start,
      endTime: end,
      includeStart: false,
    });
    expect(inside.every(({ msgTime }) => msgTime > start && msgTime <= end)).toBe(true);
    expect(await query("group", "ben", group.id, { startTime: end + 1, endTime: end + 1 })).toEqual([]);
  });

  test("give content back as it came, also what was said to everybody", async () => {
    const zoe = await world.client("zoe");
    const content = '{"content":"hi","user":{"id":"office"},"extra":"{}","own":[1,{"a":null}]}';
    const { messageUID } = await world.ok("/message/broadcast.json", {
      ...{ fromUserId: "office", objectName: "RC:TxtMsg", content },
    });
    await world.ok("/message/broadcast.json", {
      ...{ fromUserId: "office", objectName: "shop:raw", content: "no JSON at all" },
    });
    const found = await query("system", "zoe", "office");
    expect(found).toMatchObject([
      { targetId: "office", fromUserId: "office", messageUID, objectName: "RC:TxtMsg" },
      { objectName: "shop:raw", content: "no JSON at all" },
    ]);
    expect(JSON.parse(found[0]?.content ?? "")).toEqual(JSON.parse(content));
    expect(await query("system", "nobody", "office")).toEqual([]);
    await zoe.next("message", ({ type }) => type === "shop:raw");
  });

  test("are not asked for without a span that is one", async () => {
    const asked = { userId: "ann", targetId: "ben", startTime: 5, endTime: 4, includeStart: true };
    for (const params of [
      asked,
      { ...asked, endTime: undefined },
      { ...asked, endTime: 6, pageSize: 0 },
      { ...asked, endTime: 6, pageSize: 101 },
      { ...asked, endTime: "x" },
      { ...asked, endTime: 6, includeStart: "perhaps" },
    ]) {
      const { status, body } = await world.callJson("/v3/message/private/query.json", params);
      expect([status, body.code]).toEqual([400, 1002]);
    }
    // An SDK sends all of it as text.
    const { body } = await world.callJson("/v3/message/private/query.json", {
      ...{
        userId: "ann",
        targetId: "ben",
        startTime: "1",
        endTime: "2",
        includeStart: "true",
        pageSize: "20",
      },
    });
    expect(body.code).toBe(200);
  });
});

describe("clearing", () => {
  const clean = (conversationType: number, fromUserId: string, targetId: string, msgTimestamp?: number) =>
    world.ok("/conversation/message/history/clean.json", {
      ...{ conversationType, fromUserId, targetId, msgTimestamp },
    });
  const historyOf = async (client: Awaited<ReturnType<typeof world.client>>, conversation: ConversationRef) =>
    textsOf((await client.request("message.history", { conversation })).messages);

  test("takes one's own side, up to a time or all, and is seen at once", async () => {
    const group = await world.native.group("dan", "eve");
    const [dan, eve] = await world.clients("dan", "eve");
    const first = await say(eve, group, "one");
    await until("another millisecond", () => Date.now() > first.sentAt / 1000 + 1);
    await say(eve, group, "two");
    await clean(3, "dan", group.id, Math.floor(first.sentAt / 1000));
    await dan.next("conversation", (data) => "clearedUpTo" in data && data.clearedUpTo === first.sentAt);
    expect(await historyOf(dan, group)).toEqual(["two"]);
    await clean(3, "dan", group.id);
    expect(await historyOf(dan, group)).toEqual([]);
    expect(await historyOf(eve, group)).toEqual(["one", "two"]);
    await say(eve, direct("dan"), "hi");
    await clean(1, "dan", "eve");
    expect(await historyOf(dan, direct("eve"))).toEqual([]);
    expect(await historyOf(eve, direct("dan"))).toEqual(["hi"]);
    // Nothing is there to be cleared.
    await clean(1, "dan", "nobody");
    await clean(3, "stranger", group.id);
    expect(await historyOf(eve, group)).toEqual(["one", "two"]);
  });

  test("takes a chatroom's messages from everybody", async () => {
    const [fay, gus] = await world.clients("fay", "gus");
    const hall = { kind: "chatroom", id: "hall" } as const;
    for (const client of [fay, gus]) await client.request("chatroom.join", { conversation: hall });
    for (const text of ["one", "two"]) await say(fay, hall, text);
    expect(await historyOf(gus, hall)).toEqual(["one", "two"]);
    await clean(4, "fay", "hall");
    for (const client of [fay, gus]) expect(await historyOf(client, hall)).toEqual([]);
    const third = await say(fay, hall, "three");
    expect(third.seq).toBe(3);
    expect(await historyOf(gus, hall)).toEqual(["three"]);
    expect(said(await query("chatroom", "gus", "hall"))).toEqual(["three"]);
    await world.bank.ok("/conversation/message/history/clean.json", {
      ...{ conversationType: 4, fromUserId: "fay", targetId: "hall" },
    });
    expect(await historyOf(gus, hall)).toEqual(["three"]);
  });

  test("is refused for what is no kind of conversation", async () => {
    for (const conversationType of [2, 10, "x"]) {
      const { status, body } = await world.call("/conversation/message/history/clean.json", {
        ...{ conversationType, fromUserId: "ann", targetId: "ben" },
      });
      expect([status, body.code]).toEqual([400, 1002]);
    }
  });
});
