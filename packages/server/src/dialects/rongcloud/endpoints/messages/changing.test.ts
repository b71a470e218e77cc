/** What a back end changes of messages that were sent, as people hear and read it. */

import { describe, expect, test } from "bun:test";
import { messageUid, parseMessageUid } from "../../../../core/messages/message-uid.ts";
import { direct, say, textsOf } from "../../../../testing/native-world.ts";
import { useRongcloudWorld } from "../../../../testing/rongcloud-world.ts";

const world = useRongcloudWorld();

let made = 0;
const people = (count: number): string[] => Array.from({ length: count }, () => `body-${++made}`);

const nobodys = messageUid(5, 1_767_225_600_000_000);
const refused = async (path: string, params: object, bank = false) => {
  const { status, body } = await (bank ? world.bank : world).call(path, params as Record<string, unknown>);
  return [status, body.code, body.errorMessage] as const;
};

/** Ben hears what is sent to him in Ann's name. */
async function prepare(more: object = {}) {
  const [ann, ben] = people(2) as [string, string];
  const here = await world.client(ben);
  const { messageUIDs } = await world.ok("/message/private/publish.json", {
    fromUserId: ann,
    toUserId: ben,
    objectName: "RC:TxtMsg",
    content: '{"content":"first"}',
    ...more,
  });
  const uid: string = messageUIDs[0].messageUID;
  const { sentAt } = await here.next("message");
  const conversation = direct(ann);
  const history = async () => (await here.request("message.history", { conversation })).messages;
  return { ann, ben, here, uid, sentAt, conversation, history };
}

describe("recalling", () => {
  test("leaves a notice, or nothing, and is done once", async () => {
    const { ann, ben, here, uid, history } = await prepare();
    const recall = { fromUserId: ann, targetId: ben, conversationType: 1, messageUID: uid, sentTime: 1 };
    await world.ok("/message/recall.json", recall);
    expect((await here.next("change")).change).toMatchObject({ kind: "recall", seq: 1 });
    expect(textsOf(await history())).toEqual(["recalled"]);
    await world.ok("/message/recall.json", recall);
    await world.ok("/message/recall.json", { ...recall, isDelete: 1 });
    expect((await here.next("change")).change).toMatchObject({ kind: "delete", seq: 1 });
    expect(await history()).toEqual([]);
  });

  test("is the sender's, or an administrator's", async () => {
    const { ann, ben, here, uid, conversation } = await prepare();
    const recall = { fromUserId: ben, targetId: ann, conversationType: 1, messageUID: uid };
    const [status, code, sentence] = await refused("/message/recall.json", recall);
    expect([status, code]).toEqual([400, 1002]);
    expect(sentence).toContain("isAdmin");
    await say(here, conversation, "mine");
    await world.ok("/message/recall.json", { ...recall, isAdmin: 1 });
    expect((await here.next("change")).change).toMatchObject({ kind: "recall", seq: 1 });
  });

  test("works in chatrooms", async () => {
    const [ann, ben] = people(2) as [string, string];
    const conversation = { kind: "chatroom", id: `hall of ${ann}` } as const;
    const clients = await world.clients(ann, ben);
    for (const client of clients) await client.request("chatroom.join", { conversation });
    await say(clients[0], conversation, "of Ann");
    const { sentAt } = await clients[1].next("message");
    const span = { startTime: 0, endTime: 9_000_000_000_000, includeStart: true };
    const query = { userId: ben, targetId: conversation.id, ...span };
    const [{ messageUID }] = (await world.ok("/v3/message/chatroom/query.json", query)).data;
    const recall = { conversationType: 4, targetId: conversation.id, messageUID };
    expect((await refused("/message/recall.json", { ...recall, fromUserId: ben }))[1]).toBe(1002);
    await world.ok("/message/recall.json", { ...recall, fromUserId: ann });
    expect((await clients[1].next("change")).change).toMatchObject({ kind: "recall", of: sentAt });
    const { messages } = await clients[1].request("message.history", { conversation });
    expect(textsOf(messages)).toEqual(["recalled"]);
  });

  test("works in groups and on system messages, and tells what it didn't find", async () => {
    const [ann, ben] = people(2) as [string, string];
    const group = await world.native.group(ann, ben);
    const here = await world.client(ben);
    const said = { fromUserId: ann, objectName: "RC:TxtMsg", content: '{"content":"x"}' };
    const [inGroup] = (await world.ok("/message/group/publish.json", { ...said, toGroupId: group.id }))
      .messageUIDs;
    const [asNews] = (
      await world.ok("/message/system/publish.json", { ...said, fromUserId: "news", toUserId: ben })
    ).messageUIDs;
    const byGroup = {
      fromUserId: ann,
      targetId: group.id,
      conversationType: 3,
      messageUID: inGroup.messageUID,
    };
    await world.ok("/message/recall.json", byGroup);
    await world.ok("/message/recall.json", {
      fromUserId: "news",
      targetId: ben,
      conversationType: 6,
      messageUID: asNews.messageUID,
    });
    for (const kind of ["group", "system"])
      expect(await here.next("change", ({ conversation }) => conversation.kind === kind)).toMatchObject({
        change: { kind: "recall" },
      });
    const wrongs: [object, boolean?][] = [
      [{ messageUID: nobodys }],
      [{ messageUID: "none" }],
      [{ messageUID: asNews.messageUID }],
      [{ targetId: "nobody's" }],
      [{ conversationType: 7 }],
      [{}, true],
    ];
    for (const [wrong, isOthers] of wrongs) {
      const [status, code, sentence] = await refused(
        "/message/recall.json",
        { ...byGroup, ...wrong },
        isOthers,
      );
      expect([status, code]).toEqual([400, 1002]);
      expect(sentence.length).toBeGreaterThan(10);
    }
    expect((await refused("/message/recall.json", { ...byGroup, conversationType: 10 }))[1]).toBe(1009);
  });
});

describe("modifying", () => {
  test("changes what history and listeners say", async () => {
    const { ann, ben, here, uid, history } = await prepare();
    const modify = {
      fromUserId: ann,
      targetId: ben,
      msgUID: uid,
      content: '{"content":"better","extra":"e"}',
    };
    await world.ok("/message/private/modify.json", modify);
    expect((await here.next("change")).change).toMatchObject({
      kind: "modify",
      content: { text: "better", extra: "e" },
    });
    expect(textsOf(await history())).toEqual(["better"]);
    for (const wrong of [
      { content: "no JSON" },
      { objectName: "RC:ImgMsg" },
      { msgUID: nobodys },
      { fromUserId: ben, targetId: ann },
    ])
      expect((await refused("/message/private/modify.json", { ...modify, ...wrong })).slice(0, 2)).toEqual([
        400, 1002,
      ]);
    await world.ok("/message/recall.json", {
      fromUserId: ann,
      targetId: ben,
      conversationType: 1,
      messageUID: uid,
    });
    expect((await refused("/message/private/modify.json", modify))[2]).toContain("recalled");
  });

  test("works in groups, and with types of the app's own", async () => {
    const [ann, ben] = people(2) as [string, string];
    const group = await world.native.group(ann, ben);
    const here = await world.client(ben);
    const { messageUIDs } = await world.ok("/message/group/publish.json", {
      fromUserId: ann,
      toGroupId: group.id,
      objectName: "app:order",
      content: '{"state":"open"}',
    });
    await world.ok("/message/group/modify.json", {
      fromUserId: ann,
      groupId: group.id,
      msgUID: messageUIDs[0].messageUID,
      objectName: "app:order",
      content: '{"state":"closed"}',
    });
    expect((await here.next("change")).change.content).toEqual({ state: "closed" });
  });
});

describe("key-values", () => {
  test("are set, removed and told with their times", async () => {
    const { ann, ben, here, uid, sentAt } = await prepare({
      expansion: true,
      extraContent: { a: "1", b: "2" },
    });
    const named = { msgUID: uid, userId: ann, conversationType: "1", targetId: ben };
    await world.ok("/message/expansion/set.json", { ...named, extraKeyVal: { b: "3", c: "4" } });
    const { sentAt: setAt, change } = await here.next("change");
    expect(change).toMatchObject({ kind: "setKeys", keys: { b: "3", c: "4" } });
    await world.ok("/message/expansion/delete.json", { ...named, extraKey: ["c", "none"] });
    expect((await here.next("change")).change).toMatchObject({ kind: "removeKeys", removedKeys: ["c"] });
    const { extraContent } = await world.ok("/message/expansion/query.json", { msgUID: uid });
    expect(extraContent).toEqual({
      a: { v: "1", ts: Math.floor(sentAt / 1000) },
      b: { v: "3", ts: Math.floor(setAt / 1000) },
    });
    expect(
      (await world.ok("/message/expansion/query.json", { msgUID: uid, pageNo: 2 })).extraContent,
    ).toEqual({});
    const wrongs: [string, object][] = [
      ["set", { extraKeyVal: {} }],
      ["set", { extraKeyVal: "none" }],
      ["set", { extraKeyVal: { "no good": "1" } }],
      ["set", { extraKeyVal: { a: "x".repeat(4097) } }],
      ["set", { extraKeyVal: { a: "1" }, conversationType: 4 }],
      ["set", { extraKeyVal: { a: "1" }, msgUID: nobodys }],
      ["delete", { extraKey: [] }],
      ["query", { msgUID: nobodys }],
    ];
    for (const [verb, wrong] of wrongs) {
      const [status, code] = await refused(`/message/expansion/${verb}.json`, { ...named, ...wrong });
      expect([verb, wrong, status, code]).toEqual([verb, wrong, 400, 1002]);
    }
    expect((await refused("/message/expansion/query.json", { msgUID: uid }, true))[1]).toBe(1002);
  });

  test("are at most 300, and none without expansion", async () => {
    const { ann, ben, uid } = await prepare({ expansion: true });
    const named = { msgUID: uid, userId: ann, conversationType: 1, targetId: ben };
    const keys = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${from + index}`, "v"]));
    for (const from of [0, 100, 200])
      await world.ok("/message/expansion/set.json", { ...named, extraKeyVal: keys(from, 100) });
    expect((await refused("/message/expansion/set.json", { ...named, extraKeyVal: keys(300, 1) }))[1]).toBe(
      1002,
    );
    expect((await refused("/message/expansion/set.json", { ...named, extraKeyVal: keys(0, 101) }))[1]).toBe(
      1002,
    );
    const plain = await prepare();
    const other = { msgUID: plain.uid, userId: plain.ann, conversationType: 1, targetId: plain.ben };
    const [, code, sentence] = await refused("/message/expansion/set.json", {
      ...other,
      extraKeyVal: { a: "1" },
    });
    expect(code).toBe(1002);
    expect(sentence).toContain("expansion");
  });

  test("reach the devices of who set them where isSyncSender says so", async () => {
    const { ann, ben, here, uid } = await prepare({ expansion: true });
    const named = { msgUID: uid, userId: ben, conversationType: 1, targetId: ann };
    await world.ok("/message/expansion/set.json", { ...named, extraKeyVal: { a: "1" } });
    expect(await here.next("message")).toMatchObject({ seq: 2, state: "hidden" });
    await world.ok("/message/expansion/set.json", { ...named, extraKeyVal: { b: "2" }, isSyncSender: 1 });
    expect((await here.next("change")).change).toMatchObject({ keys: { b: "2" } });
  });
});

describe("a stream", () => {
  const piece = (content: string, more: object = {}) => ({ content, type: "markdown", ...more });

  test("grows until it is complete", async () => {
    const [ann, ben] = people(2) as [string, string];
    const here = await world.client(ben);
    const path = "/v3/message/private/publish_stream.json";
    const send = (content: object) =>
      world.callJson(path, { fromUserId: ann, toUserId: ben, objectName: "RC:StreamMsg", content });
    const first = await send(piece("Once ", { seq: 1, extra: "e" }));
    expect(first.body).toMatchObject({ code: 200 });
    const { messageUID } = first.body;
    expect(await here.next("message")).toMatchObject({
      type: "stream",
      content: { text: "Once ", format: "markdown", isComplete: false, extra: "e" },
    });
    const add = async (content: object) => {
      const { status, body } = await send({ ...content, messageUID });
      return [status, body.code];
    };
    expect(await add(piece("upon ", { seq: 2 }))).toEqual([200, 200]);
    expect(await add(piece("upon ", { seq: 2 }))).toEqual([200, 200]);
    expect(await add(piece("a ", { seq: 5 }))).toEqual([200, 200]);
    expect(await add(piece("late ", { seq: 3 }))).toEqual([400, 1002]);
    expect(await add(piece("time", { seq: 6, complete: true, completeReason: 0 }))).toEqual([200, 200]);
    expect(await add(piece("more", { seq: 7 }))).toEqual([400, 1002]);
    expect(
      (await here.next("change", ({ change }) => change.content?.isComplete === true)).change.content,
    ).toMatchObject({ text: "Once upon a time", extra: "e" });
    const { messages } = await here.request("message.history", { conversation: direct(ann) });
    expect(messages).toMatchObject([{ seq: 1, content: { text: "Once upon a time", isComplete: true } }]);
    for (const wrong of [{ seq: 0, content: "x" }, { messageUID: nobodys, content: "x" }, "none"])
      expect((await send(wrong as object)).status).toBe(400);
    const unstored = {
      fromUserId: ann,
      toUserId: ben,
      objectName: "RC:StreamMsg",
      content: piece("x"),
      isPersisted: 0,
    };
    expect((await world.callJson(path, unstored)).body.code).toBe(1002);
  });

  test("loses nothing of pieces that come at once, and has an end", async () => {
    const [ann, ben] = people(2) as [string, string];
    const group = await world.native.group(ben);
    const send = (content: object) =>
      world.callJson("/v3/message/group/publish_stream.json", {
        fromUserId: ann,
        toGroupId: group.id,
        objectName: "RC:StreamMsg",
        content,
      });
    const { messageUID } = (await send(piece("0"))).body;
    const seqs = [2, 3, 4, 5];
    const answers = await Promise.all(seqs.map((seq) => send(piece(String(seq), { seq, messageUID }))));
    const taken = seqs.filter((_, index) => answers[index]?.status === 200).map(String);
    const here = await world.client(ben);
    const sentAt = parseMessageUid(messageUID)?.sentAt as number;
    const { message } = await here.request("message.get", { conversation: group, sentAt });
    expect(taken).toContain("5");
    expect(message.content.text).toBe(["0", ...taken].join(""));
    const long = await send(piece("x".repeat(131_000), { seq: 6, messageUID }));
    expect([long.status, long.body.code]).toEqual([400, 1005]);
  });
});
