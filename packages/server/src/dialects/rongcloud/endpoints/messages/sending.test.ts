/** What a back end sends, as people hear it, list it and read it. */

import { describe, expect, test } from "bun:test";
import { parseMessageUid } from "../../../../core/messages/message-uid.ts";
import type { NativeClient } from "../../../../testing/native-client.ts";
import { direct, newClientId, say, textsOf } from "../../../../testing/native-world.ts";
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
    await world.ok("/message/private/publish.json", { fromUserId: ann, toUserId: ann, ...text("note") });
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
    expect(await listOf(here)).toMatchObject([
      { unread: 2, lastMessage: { content: { text: "uncounted" } }, head: { seq: 4 } },
    ]);
    const { messages } = await here.request("message.history", { conversation: direct(ann) });
    expect(messages.map(({ type }) => type)).toEqual(["text", "text", "text", "command"]);
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

describe("a message to groups", () => {
  test("comes from anybody, and not to its sender", async () => {
    const [ann, ben, cid] = people(3) as [string, string, string];
    const [one, two] = [await world.native.group(ann, ben), await world.native.group(ben)];
    const [annHere, benHere] = await world.clients(ann, ben);
    const { messageUIDs } = await world.ok("/message/group/publish.json", {
      fromUserId: ann,
      toGroupId: [one.id, two.id, "nobody's"],
      ...text("all"),
    });
    expect(messageUIDs.map(({ groupId }: { groupId: string }) => groupId)).toEqual([
      one.id,
      two.id,
      "nobody's",
    ]);
    for (const group of [one, two])
      expect(await benHere.next("message", ({ conversation }) => conversation.id === group.id)).toMatchObject(
        {
          content: { text: "all" },
          from: ann,
        },
      );
    expect(await annHere.next("message")).toMatchObject({ state: "hidden" });
    expect(await listOf(annHere)).toMatchObject([{ conversation: one, unread: 0, lastMessage: null }]);
    await world.ok("/message/group/publish.json", {
      fromUserId: cid,
      toGroupId: one.id,
      ...text("a stranger"),
    });
    expect(await annHere.next("message")).toMatchObject({ content: { text: "a stranger" } });
  });

  test("mentions whom its content says, and answers what it says", async () => {
    const [ann, ben] = people(2) as [string, string];
    const group = await world.native.group(ann, ben);
    const benHere = await world.client(ben);
    const said = text("look", { mentionedInfo: { type: 2, userIdList: [ben], mentionedContent: "" } });
    const { messageUIDs } = await world.ok("/message/group/publish.json", {
      fromUserId: ann,
      toGroupId: group.id,
      isMentioned: 1,
      ...said,
    });
    expect(await benHere.next("message")).toMatchObject({ mentions: { users: [ben] } });
    expect(await listOf(benHere)).toMatchObject([{ mentions: 1 }]);
    await world.ok("/message/group/publish.json", {
      fromUserId: ann,
      toGroupId: group.id,
      objectName: "RC:ReferenceMsg",
      content: {
        content: "as I said",
        referMsgUid: messageUIDs[0].messageUID,
        referMsgUserId: ann,
        objName: "RC:TxtMsg",
        referMsg: { content: "look" },
      },
    });
    expect(await benHere.next("message")).toMatchObject({
      type: "quote",
      content: { text: "as I said" },
      quote: { from: ann, type: "text", content: { text: "look" } },
    });
    const nobody = await world.call("/message/group/publish.json", {
      fromUserId: ann,
      toGroupId: group.id,
      isMentioned: 1,
      ...text("whom?"),
    });
    expect([nobody.status, nobody.body.code]).toEqual([400, 1002]);
  });

  test("may be for some alone", async () => {
    const [ann, ben, cid] = people(3) as [string, string, string];
    const group = await world.native.group(ann, ben, cid);
    const [benHere, cidHere] = await world.clients(ben, cid);
    await world.ok("/message/group/publish.json", {
      fromUserId: ann,
      toGroupId: group.id,
      toUserId: [ben],
      ...text("psst"),
    });
    expect(await benHere.next("message")).toMatchObject({ content: { text: "psst" }, to: [ben] });
    expect(await cidHere.next("message")).toMatchObject({ state: "hidden", content: {} });
    const two = await world.call("/message/group/publish.json", {
      fromUserId: ann,
      toGroupId: [group.id, "other"],
      toUserId: [ben],
      ...text("psst"),
    });
    expect([two.status, two.body.code]).toEqual([400, 1002]);
  });

  test("can't be for discussion groups, nor for four", async () => {
    const dead = await world.call("/message/discussion/publish.json", {
      fromUserId: "ann",
      toDiscussionId: "d",
    });
    expect([dead.status, dead.body.code]).toEqual([430, 1009]);
    const four = await world.call("/message/group/publish.json", {
      fromUserId: "ann",
      toGroupId: ["a", "b", "c", "d"],
      ...text("x"),
    });
    expect([four.status, four.body.code]).toEqual([400, 1002]);
  });
});

describe("a system message", () => {
  test("has a conversation for each sender's name, in which nobody answers", async () => {
    const [ben] = people(1) as [string];
    const here = await world.client(ben);
    for (const fromUserId of ["news", "billing"])
      await world.ok("/message/system/publish.json", {
        fromUserId,
        toUserId: ben,
        ...text(`from ${fromUserId}`),
      });
    for (const id of ["news", "billing"])
      expect(await here.next("message", ({ conversation }) => conversation.id === id)).toMatchObject({
        conversation: { kind: "system", id },
        from: null,
        content: { text: `from ${id}` },
      });
    expect(await listOf(here)).toHaveLength(2);
    const refusal = await here.refusal("message.send", {
      conversation: { kind: "system", id: "news" },
      clientId: newClientId(),
      type: "text",
      content: { text: "no" },
    });
    expect(refusal).toBe("notAllowed");
  });
});

describe("a template", () => {
  test("is filled for each receiver, with whatever they are called", async () => {
    const [ann, ben, cid] = people(3) as [string, string, string];
    const [benHere, cidHere] = await world.clients(ben, cid);
    const template = {
      fromUserId: ann,
      toUserId: [ben, cid],
      objectName: "RC:TxtMsg",
      content: '{"content":"Dear {c}, you owe {d}; {c}!","extra":"{d}"}',
      values: [
        { "{c}": 'Ben "B" \\ {d}', "{d}": 5 },
        { "{c}": "Cid", "{d}": "6" },
      ],
      pushContent: ["for {c}", "for {c}"],
      pushData: ["", ""],
    };
    const { body } = await world.callJson("/message/private/publish_template.json", template);
    expect(body).toMatchObject({ code: 200, messageUIDs: [{ userId: ben }, { userId: cid }] });
    const mine = { text: 'Dear Ben "B" \\ {d}, you owe 5; Ben "B" \\ {d}!', extra: "5" };
    expect((await benHere.next("message")).content).toMatchObject(mine);
    expect((await cidHere.next("message")).content).toMatchObject({
      text: "Dear Cid, you owe 6; Cid!",
      extra: "6",
    });
    const system = await world.callJson("/message/system/publish_template.json", {
      ...template,
      fromUserId: "bank",
    });
    expect(system.body.code).toBe(200);
    expect(await cidHere.next("message")).toMatchObject({ conversation: { kind: "system", id: "bank" } });
    for (const wrong of [
      { values: [{ "{c}": "one" }] },
      { pushContent: ["one"] },
      { values: "none" },
      { content: "[1]" },
    ]) {
      const refused = await world.callJson("/message/private/publish_template.json", {
        ...template,
        ...wrong,
      });
      expect([refused.status, refused.body.code]).toEqual([400, 1002]);
    }
    const long = { values: [{ "{c}": "x".repeat(70_000) }, { "{c}": "y" }] };
    const refused = await world.callJson("/message/private/publish_template.json", { ...template, ...long });
    expect([refused.status, refused.body.code]).toEqual([400, 1005]);
    expect(await textsWith(benHere, ann)).toHaveLength(1);
  });
});
