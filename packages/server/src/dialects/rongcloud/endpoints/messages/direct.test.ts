/** What a back end sends from one user to others, as people hear it, list it and read it. */

import { describe, expect, test } from "bun:test";
import { parseMessageUid } from "../../../../core/messages/message-uid.ts";
import type { NativeClient } from "../../../../testing/native-client.ts";
import { direct, say, textsOf } from "../../../../testing/native-world.ts";
import { useRongcloudWorld } from "../../../../testing/rongcloud-world.ts";
import { until } from "../../../../testing/until.ts";

const world = useRongcloudWorld();

let made = 0;
/** People that no other test knows. */
const people = (count: number): string[] => Array.from({ length: count }, () => `person-${++made}`);

const text = (content: string, more: object = {}) => ({
  objectName: "RC:TxtMsg",
  content: JSON.stringify({ content, ...more }),
});

const textsWith = async (client: NativeClient, id: string) =>
  textsOf((await client.request("message.history", { conversation: direct(id) })).messages);

const listOf = async (client: NativeClient) => (await client.request("conversation.list", {})).conversations;

const sentAtOf = (uid: string): number => parseMessageUid(uid)?.sentAt as number;

describe("a direct message", () => {
  test("is heard, listed, counted and kept by its receivers, and not by its sender", async () => {
    const [ann, ben, cid] = people(3) as [string, string, string];
    const [annHere, benHere] = await world.clients(ann, ben);
    const sent = await world.ok("/message/private/publish.json", {
      fromUserId: ann,
      toUserId: [cid, ben],
      ...text("hello", { extra: "e", user: { id: ann } }),
    });
    expect(sent.messageUIDs.map(({ userId }: { userId: string }) => userId)).toEqual([cid, ben]);
    const uid = sent.messageUIDs[1].messageUID;
    const heard = await benHere.next("message");
    expect(heard).toMatchObject({
      conversation: direct(ann),
      seq: 1,
      sentAt: sentAtOf(uid),
      from: ann,
      type: "text",
      content: { text: "hello", extra: "e" },
      isCounted: true,
    });
    expect(await listOf(benHere)).toMatchObject([
      { conversation: direct(ann), unread: 1, lastMessage: { content: { text: "hello" } } },
    ]);
    expect(await textsWith(await world.client(cid), ann)).toEqual(["hello"]);
    expect(await listOf(annHere)).toEqual([]);

    // Who is answered comes in with the answer, and what was said in their name stays out.
    await say(benHere, direct(ann), "who is this?");
    expect(await annHere.next("message")).toMatchObject({ seq: 2, content: { text: "who is this?" } });
    expect(await textsWith(annHere, ben)).toEqual(["who is this?"]);
    expect(await listOf(annHere)).toMatchObject([{ conversation: direct(ben), unread: 1 }]);
    await world.ok("/message/private/publish.json", { fromUserId: ann, toUserId: ben, ...text("again") });
    expect(await annHere.next("message", ({ seq }) => seq === 3)).toMatchObject({
      state: "hidden",
      content: {},
    });
    expect(await listOf(annHere)).toMatchObject([{ unread: 1, lastMessage: { seq: 2 }, head: { seq: 3 } }]);
    expect(
      (await annHere.request("message.since", { conversation: direct(ben), afterSeq: 0 })).entries,
    ).toHaveLength(1);
    expect(await textsWith(benHere, ann)).toEqual(["hello", "who is this?", "again"]);
  });

  test("is its sender's too where isIncludeSender says so", async () => {
    const [ann, ben] = people(2) as [string, string];
    const [annHere, benHere] = await world.clients(ann, ben);
    await world.ok("/message/private/publish.json", { fromUserId: ann, toUserId: ben, ...text("quietly") });
    await benHere.next("message");
    await world.ok("/message/private/publish.json", {
      fromUserId: ann,
      toUserId: ben,
      isIncludeSender: 1,
      ...text("openly"),
    });
    expect(await annHere.next("message")).toMatchObject({
      seq: 2,
      content: { text: "openly" },
      marksRead: true,
    });
    expect(await textsWith(annHere, ben)).toEqual(["openly"]);
    expect(await listOf(annHere)).toMatchObject([{ unread: 0, lastMessage: { seq: 2 } }]);
    expect(await textsWith(benHere, ann)).toEqual(["quietly", "openly"]);
  });

  test("to oneself is heard", async () => {
    const [ann] = people(1) as [string];
    const here = await world.client(ann);
    await world.ok("/message/publish.json", { fromUserId: ann, toUserId: ann, ...text("note") });
    expect(await here.next("message")).toMatchObject({ content: { text: "note" } });
    expect(await textsWith(here, ann)).toEqual(["note"]);
  });

  test("goes to a thousand in the order they were named", async () => {
    const [ann, ben] = people(2) as [string, string];
    const many = Array.from({ length: 999 }, (_, index) => `${ann}-${index}`);
    const { messageUIDs } = await world.ok("/message/private/publish.json", {
      fromUserId: ann,
      toUserId: [...many, ben],
      ...text("all"),
    });
    expect(messageUIDs.map(({ userId }: { userId: string }) => userId)).toEqual([...many, ben]);
    expect(new Set(messageUIDs.map(({ messageUID }: { messageUID: string }) => messageUID)).size).toBe(1000);
    expect(await textsWith(await world.client(ben), ann)).toEqual(["all"]);
    const tooMany = await world.call("/message/private/publish.json", {
      fromUserId: ann,
      toUserId: [...many, ben, "one"],
      ...text("all"),
    });
    expect([tooMany.status, tooMany.body.code]).toEqual([400, 1002]);
  });

  test("counts for nobody, or is no list's last, where it says so", async () => {
    const [ann, ben] = people(2) as [string, string];
    const publish = (more: object) =>
      world.ok("/message/private/publish.json", {
        fromUserId: ann,
        toUserId: ben,
        ...text("shown"),
        ...more,
      });
    await publish({});
    await publish({ ...text("uncounted"), isCounted: 0 });
    await publish({ ...text("quiet"), disableUpdateLastMsg: true });
    await publish({ objectName: "RC:CmdMsg", content: '{"name":"refresh","data":"{}"}' });
    const here = await world.client(ben);
    await publish({ ...text("quiet"), disableUpdateLastMsg: 1 });
    expect(await here.next("message")).toMatchObject({ isNeverLast: true, isCounted: true });
    expect(await listOf(here)).toMatchObject([
      { unread: 3, lastMessage: { content: { text: "uncounted" } }, head: { seq: 5 } },
    ]);
    const { messages } = await here.request("message.history", { conversation: direct(ann) });
    expect(messages.map(({ type }) => type)).toEqual(["text", "text", "text", "command", "text"]);
  });

  test("has key-values from the start, if it is to have any", async () => {
    const [ann, ben] = people(2) as [string, string];
    const here = await world.client(ben);
    const publish = { fromUserId: ann, toUserId: ben, ...text("vote") };
    await world.ok("/message/private/publish.json", {
      ...publish,
      expansion: true,
      extraContent: { a: "1" },
    });
    const open = await here.next("message");
    expect(open.keys).toEqual({ a: "1" });
    await here.request("message.setKeys", {
      conversation: direct(ann),
      sentAt: open.sentAt,
      keys: { b: "2" },
    });
    await world.ok("/message/private/publish.json", publish);
    const { sentAt } = await here.next("message");
    expect(
      await here.refusal("message.setKeys", { conversation: direct(ann), sentAt, keys: { b: "2" } }),
    ).toBe("notYours");
    const wrong = await world.call("/message/private/publish.json", {
      ...publish,
      expansion: true,
      extraContent: { "no good": "1" },
    });
    expect([wrong.status, wrong.body.code]).toEqual([400, 1002]);
  });

  test("with a msgRandom is sent once within a minute", async () => {
    const [ann, ben, cid] = people(3) as [string, string, string];
    const publish = { fromUserId: ann, toUserId: [ben], ...text("once"), msgRandom: "987654321987654321" };
    await world.ok("/message/private/publish.json", publish);
    const again = await world.call("/message/private/publish.json", publish);
    expect([again.status, again.body.code]).toEqual([400, 1002]);
    expect(again.body.errorMessage).toContain("msgRandom");
    // Whoever tries again after half of them were reached, reaches the others.
    const { messageUIDs } = await world.ok("/message/private/publish.json", {
      ...publish,
      toUserId: [ben, cid],
    });
    expect(messageUIDs).toHaveLength(2);
    expect(await textsWith(await world.client(ben), ann)).toEqual(["once"]);
    expect(await textsWith(await world.client(cid), ann)).toEqual(["once"]);
  });

  test("of another app reaches nobody here", async () => {
    const [ann, ben] = people(2) as [string, string];
    const here = await world.client(ben);
    await world.bank.ok("/message/private/publish.json", {
      fromUserId: ann,
      toUserId: ben,
      ...text("theirs"),
    });
    await world.ok("/message/private/publish.json", { fromUserId: ann, toUserId: ben, ...text("ours") });
    expect(await here.next("message")).toMatchObject({ content: { text: "ours" } });
    expect(await textsWith(here, ann)).toEqual(["ours"]);
  });

  test.each([
    [{ fromUserId: "" }, 1002],
    [{ toUserId: [] }, 1002],
    [{ toUserId: "x".repeat(65) }, 1005],
    [{ objectName: "x".repeat(33) }, 1005],
    [{ content: "" }, 1002],
    [{ content: "no JSON" }, 1002],
    [{ content: JSON.stringify({ content: "x".repeat(131_072) }) }, 1005],
    [{ pushExt: "no JSON" }, 1002],
    [{ count: 10_000 }, 1002],
    [{ isPersisted: 7 }, 1002],
    [{ expansion: true, extraContent: '{"a":1}' }, 1002],
  ])("that is none is refused: %j", async (wrong, code) => {
    const { status, body } = await world.call("/message/private/publish.json", {
      fromUserId: "ann",
      toUserId: "ben",
      ...text("x"),
      ...wrong,
    });
    expect([status, body.code, typeof body.errorMessage]).toEqual([400, code, "string"]);
  });
});

describe("what matters only now", () => {
  test("is heard by who is online, stored nowhere, and lists nothing", async () => {
    const [ann, ben] = people(2) as [string, string];
    const [annHere, benHere] = await world.clients(ann, ben);
    const { messageUIDs } = await world.ok("/statusmessage/private/publish.json", {
      fromUserId: ann,
      toUserId: ben,
      objectName: "RC:TypSts",
      content: '{"typingContentType":"RC:TxtMsg"}',
    });
    expect(messageUIDs).toHaveLength(1);
    const signal = await benHere.next("signal");
    expect(signal).toMatchObject({ conversation: direct(ann), from: ann, type: "RC:TypSts" });
    await until("the conversation is off the list", async () => (await listOf(benHere)).length === 0);
    await world.ok("/message/private/publish.json", {
      fromUserId: ann,
      toUserId: ben,
      isPersisted: 0,
      isIncludeSender: 1,
      objectName: "app:ping",
      content: '{"n":1}',
    });
    expect(await benHere.next("signal")).toMatchObject({ type: "app:ping", content: { n: 1 } });
    expect(await annHere.next("signal")).toMatchObject({ conversation: direct(ben), type: "app:ping" });
    expect(await textsWith(benHere, ann)).toEqual([]);
  });

  test("is told to groups as well", async () => {
    const [ann, ben] = people(2) as [string, string];
    const group = await world.native.group(ann, ben);
    const benHere = await world.client(ben);
    await world.ok("/statusmessage/group/publish.json", {
      fromUserId: ann,
      toGroupId: group.id,
      objectName: "app:here",
      content: '{"place":"Berlin"}',
    });
    expect(await benHere.next("signal")).toMatchObject({ conversation: group, from: ann, type: "app:here" });
  });
});
