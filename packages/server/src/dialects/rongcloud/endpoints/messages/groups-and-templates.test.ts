/** What a back end sends to groups, as the app, and to many with something of each one's own. */

import { describe, expect, test } from "bun:test";
import type { NativeClient } from "../../../../testing/native-client.ts";
import { direct, newClientId, textsOf } from "../../../../testing/native-world.ts";
import { useRongcloudWorld } from "../../../../testing/rongcloud-world.ts";

const world = useRongcloudWorld();

let made = 0;
/** People that no other test knows. */
const people = (count: number): string[] => Array.from({ length: count }, () => `somebody-${++made}`);

const text = (content: string, more: object = {}) => ({
  objectName: "RC:TxtMsg",
  content: JSON.stringify({ content, ...more }),
});

const textsWith = async (client: NativeClient, id: string) =>
  textsOf((await client.request("message.history", { conversation: direct(id) })).messages);

const listOf = async (client: NativeClient) => (await client.request("conversation.list", {})).conversations;

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
