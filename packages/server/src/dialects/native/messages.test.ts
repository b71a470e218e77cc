import { describe, expect, test } from "bun:test";
import type { ResultOf } from "@parlance/protocol";
import type { NativeClient } from "../../testing/native-client.ts";
import { direct, newClientId, say, textsOf, useNativeWorld } from "../../testing/native-world.ts";

const world = useNativeWorld();

const history = async (client: NativeClient, conversation: Parameters<typeof say>[1]) =>
  textsOf((await client.request("message.history", { conversation, limit: 100 })).messages);

describe("sending", () => {
  test("is acknowledged, and told to every member and device in each codec", async () => {
    const group = await world.group("ann", "ben");
    const ann = await world.client("ann", "phone", "json");
    const tablet = await world.client("ann", "tablet", "msgpack");
    const ben = await world.client("ben", "phone", "msgpack");
    const laptop = await world.client("ben", "laptop", "json");
    const clientId = newClientId();
    const content = { text: "héllo 👋", extra: "kept", own: [1, { two: null }] };
    const sent = await ann.request("message.send", { conversation: group, clientId, type: "text", content });
    expect(sent).toEqual({ seq: 1, sentAt: expect.any(Number), isRepeat: false });
    const event = {
      ...{ conversation: group, seq: 1, sentAt: sent.sentAt, from: "ann", fromData: '{"name": "ann"}' },
      ...{ type: "text", content, isCounted: true, marksRead: true },
    };
    for (const other of [ben, laptop]) {
      const { fromData, ...rest } = await other.next("message");
      expect(JSON.parse(fromData as string)).toEqual({ name: "ann" });
      const { fromData: _, ...expected } = event;
      expect(rest).toEqual(expected as typeof rest);
    }
    for (const own of [ann, tablet])
      expect(await own.next("message")).toMatchObject({ seq: 1, clientId, content });
    const [stored] = (await ben.request("message.history", { conversation: group })).messages;
    expect(stored).toMatchObject({ seq: 1, sentAt: sent.sentAt, from: "ann", content });
    expect(stored).not.toHaveProperty("clientId");
    const { message } = await ann.request("message.get", { conversation: group, sentAt: sent.sentAt });
    expect(message).toMatchObject({ seq: 1, clientId, content });
  });

  test("with the same client id stores once and tells nobody again", async () => {
    const group = await world.group("ann", "ben");
    const [ann, ben] = await world.clients("ann", "ben");
    const params = { conversation: group, clientId: "once", type: "text", content: { text: "one" } };
    const first = await ann.request("message.send", params);
    const again = await ann.request("message.send", { ...params, content: { text: "other" } });
    expect(again).toEqual({ ...first, isRepeat: true });
    expect((await ben.request("message.send", params)).isRepeat).toBe(false);
    await say(ann, group, "last");
    expect((await ben.next("message", ({ seq }) => seq === 3)).content).toEqual({ text: "last" });
    expect(ben.unread.filter(({ event }) => event === "message").length).toBe(2);
    expect(await history(ben, group)).toEqual(["one", "one", "last"]);
  });

  test("many at once are stored in the order they came, replies or not", async () => {
    const group = await world.group("ann", "ben");
    const [ann, ben] = await world.clients("ann", "ben");
    const quoted = await say(ann, group, "first");
    const sends = Array.from({ length: 60 }, (_, index) =>
      say(ann, group, `m${index}`, index % 7 === 3 ? { quote: { sentAt: quoted.sentAt } } : {}),
    );
    const seqs = (await Promise.all(sends)).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 60 }, (_, index) => index + 2));
    for (let index = 0; index < 60; index++)
      expect((await ben.next("message", ({ seq }) => seq === index + 2)).content.text).toBe(`m${index}`);
  });

  test("a direct conversation comes into being with its first message, named after the other one", async () => {
    const [cid, dora] = await world.clients("cid-1", "dora-1");
    expect(await cid.refusal("message.history", { conversation: direct("dora-1") })).toBe(
      "conversationNotFound",
    );
    await Promise.all([say(cid, direct("dora-1"), "hi"), say(cid, direct("dora-1"), "there")]);
    expect(await dora.next("message")).toMatchObject({
      conversation: direct("cid-1"),
      content: { text: "hi" },
    });
    await say(dora, direct("cid-1"), "hello");
    expect(await cid.next("message", ({ from }) => from === "dora-1")).toMatchObject({
      conversation: direct("dora-1"),
      content: { text: "hello" },
    });
    expect(await history(cid, direct("dora-1"))).toEqual(["hi", "there", "hello"]);
    const own = await world.client("cid-1", "tablet");
    await say(own, direct("cid-1"), "to myself");
    expect(await history(cid, direct("cid-1"))).toEqual(["to myself"]);
  });

  test("mentions, quotes, messages for some and status messages", async () => {
    const group = await world.group("ann", "ben", "cid");
    const [ann, ben, cid] = await world.clients("ann", "ben", "cid");
    const mentioning = await say(ann, group, "@ben", { mentions: { users: ["ben"] } });
    await say(ann, group, "@all", { mentions: { all: true } });
    expect((await ben.next("message")).mentions).toEqual({ users: ["ben"] });
    expect((await ben.next("message")).mentions).toEqual({ all: true });
    const { state } = await ben.request("conversation.get", { conversation: group });
    expect(state).toMatchObject({ unread: 2, mentions: 2 });
    await say(ben, group, "yes?", { quote: { sentAt: mentioning.sentAt } });
    expect((await cid.next("message", ({ seq }) => seq === 3)).quote).toEqual({
      ...{ sentAt: mentioning.sentAt, seq: 1, from: "ann", type: "text", content: { text: "@ben" } },
    });
    expect(await ben.refusal("message.send", params(group, { quote: { sentAt: 5 } }))).toBe("quoteNotFound");
    await say(ann, group, "psst", { to: ["ben"] });
    expect(await ben.next("message", ({ seq }) => seq === 4)).toMatchObject({
      to: ["ben"],
      content: { text: "psst" },
    });
    expect(await cid.next("message", ({ seq }) => seq === 4)).toMatchObject({
      state: "hidden",
      content: {},
      from: null,
    });
    expect(await history(cid, group)).toEqual(["@ben", "@all", "yes?"]);
    expect(await history(ben, group)).toEqual(["@ben", "@all", "yes?", "psst"]);
    expect(await cid.request("message.since", { conversation: group, afterSeq: 3 })).toEqual({
      ...{ entries: [], throughSeq: 4, hasMore: false },
    });
    const status = await say(ann, group, "here", { isPersisted: false });
    expect(status).toMatchObject({ seq: 0, isRepeat: false });
    expect(await cid.next("signal")).toMatchObject({
      conversation: group,
      from: "ann",
      content: { text: "here" },
    });
    expect((await history(cid, group)).length).toBe(3);
    expect(await ann.refusal("message.send", { ...params(direct("ben")), to: ["ben"] })).toBe("wrongKind");
  });

  test("a command of the table is a status message, a notice does not count", async () => {
    const group = await world.group("ann", "ben");
    const [ann, ben] = await world.clients("ann", "ben");
    const command = { type: "command", content: { name: "refresh", data: "{}" } };
    expect(await ann.request("message.send", params(group, command))).toMatchObject({ seq: 0 });
    expect(await ben.next("signal")).toMatchObject(command);
    await ann.request("message.send", params(group, { type: "infoNotice", content: { text: "joined" } }));
    await ann.request("message.send", params(group, { type: "shop:order", content: { any: 1 } }));
    const { state } = await ben.request("conversation.get", { conversation: group });
    expect(state).toMatchObject({ unread: 1, lastMessage: { type: "shop:order", content: { any: 1 } } });
  });

  test("typing is heard by the others who are there", async () => {
    const group = await world.group("ann", "ben");
    const [ann, ben] = await world.clients("ann", "ben");
    await ann.request("signal.send", { conversation: group, type: "typing" });
    expect(await ben.next("signal")).toMatchObject({
      conversation: group,
      from: "ann",
      type: "typing",
      content: {},
    });
    expect(ann.unread.filter(({ event }) => event === "signal")).toEqual([]);
    expect(await ann.refusal("signal.send", { conversation: direct("nobody-yet"), type: "typing" })).toBe(
      "conversationNotFound",
    );
  });
});

const params = (conversation: Parameters<typeof say>[1], more: object = {}) => ({
  ...{ conversation, clientId: newClientId(), type: "text", content: { text: "x" } },
  ...more,
});

describe("reading the log", () => {
  test("history pages back, forward and between, and says when there is more", async () => {
    const group = await world.group("ann");
    const ann = await world.client("ann");
    const sent: ResultOf<"message.send">[] = [];
    for (let index = 1; index <= 7; index++) sent.push(await say(ann, group, `${index}`));
    const at = (index: number) => sent[index - 1]?.sentAt as number;
    const page = async (query: object) => {
      const { messages, hasMore, headSeq } = await ann.request("message.history", {
        conversation: group,
        ...query,
      });
      expect(headSeq).toBe(7);
      return [textsOf(messages).join(""), hasMore];
    };
    expect(await page({ limit: 3 })).toEqual(["567", true]);
    expect(await page({ before: at(5), limit: 3 })).toEqual(["234", true]);
    expect(await page({ before: at(2), limit: 3 })).toEqual(["1", false]);
    expect(await page({ before: at(4), limit: 3 })).toEqual(["123", false]);
    expect(await page({ before: at(1), limit: 3 })).toEqual(["", false]);
    expect(await page({ after: at(2), limit: 3 })).toEqual(["345", true]);
    expect(await page({ after: at(4), limit: 3 })).toEqual(["567", false]);
    expect(await page({ after: at(7) })).toEqual(["", false]);
    expect(await page({ after: 0, limit: 2 })).toEqual(["12", true]);
    expect(await page({ after: at(1), before: at(4) })).toEqual(["23", false]);
    expect(await page({ after: at(1), before: at(6), limit: 2 })).toEqual(["23", true]);
    expect(await page({})).toEqual(["1234567", false]);
  });

  test("since brings what was missed in pages, and refuses who is too far behind or ahead", async () => {
    const group = await world.group("ann", "ben");
    const [ann, ben] = await world.clients("ann", "ben");
    for (let from = 1; from <= 1100; from += 100)
      await Promise.all(Array.from({ length: 100 }, (_, index) => say(ann, group, `${from + index}`)));
    const { headSeq } = await ben.request("message.history", { conversation: group, limit: 1 });
    expect(headSeq).toBe(1100);
    expect(await ben.refusal("message.since", { conversation: group, afterSeq: headSeq - 1001 })).toBe(
      "tooOld",
    );
    expect(await ben.refusal("message.since", { conversation: group, afterSeq: headSeq + 1 })).toBe("tooOld");
    let afterSeq = headSeq - 1000;
    const seqs: number[] = [];
    for (let hasMore = true; hasMore; ) {
      const page = await ben.request("message.since", { conversation: group, afterSeq, limit: 400 });
      seqs.push(...page.entries.map(({ seq }) => seq));
      ({ throughSeq: afterSeq, hasMore } = page);
    }
    expect(seqs).toEqual(Array.from({ length: 1000 }, (_, index) => headSeq - 999 + index));
  });
});

describe("who may", () => {
  test("only members read and write in a group; the app's own conversations are read only", async () => {
    const group = await world.group("ann");
    const [ann, eve] = await world.clients("ann", "eve");
    const { sentAt } = await say(ann, group, "ours");
    const named = { conversation: group };
    for (const [method, more] of [
      ["message.send", params(group)],
      ["message.history", {}],
      ["message.since", { afterSeq: 0 }],
      ["message.get", { sentAt }],
      ["message.recall", { sentAt }],
      ["message.modify", { sentAt, content: { text: "x" } }],
      ["message.setKeys", { sentAt, keys: { a: "b" } }],
      ["message.removeKeys", { sentAt, keys: ["a"] }],
      ["message.deleteMine", { sentAt: [sentAt] }],
      ["message.readers", { sentAt }],
      ["signal.send", { type: "typing" }],
      ["conversation.get", {}],
      ["conversation.update", { isPinned: true }],
      ["conversation.markRead", { sentAt }],
      ["conversation.clear", { upTo: sentAt }],
      ["conversation.remove", {}],
      ["conversation.members", {}],
    ] as const) {
      expect([method, await eve.refusal(method, { ...named, ...more })]).toEqual([method, "notMember"]);
      const unknown = { ...more, conversation: { kind: "group", id: "unknown" } };
      expect([method, await ann.refusal(method, unknown)]).toEqual([method, "conversationNotFound"]);
    }
    const system = { kind: "system", id: "system" };
    expect(await ann.refusal("message.send", params(system as never))).toBe("notAllowed");
    expect(await ann.refusal("signal.send", { conversation: system, type: "typing" })).toBe("notAllowed");
    expect(await ann.refusal("conversation.get", { conversation: { kind: "chatroom", id: "x" } })).toBe(
      "wrongKind",
    );
  });

  test("another app's people neither reach a conversation nor hear it", async () => {
    const group = await world.group("ann", "ben");
    const ann = await world.client("ann");
    const token = await world.i2a.bank.token("ben");
    const { NativeClient } = await import("../../testing/native-client.ts");
    const stranger = await NativeClient.open(world.i2a.server.socketUrl, { token });
    expect(await stranger.refusal("message.history", { conversation: group })).toBe("conversationNotFound");
    await say(ann, group, "ours");
    await say(ann, direct("ben"), "ours too");
    expect(await stranger.refusal("message.history", { conversation: direct("ann") })).toBe(
      "conversationNotFound",
    );
    expect((await stranger.request("conversation.sync", {})).conversations).toEqual([]);
    await say(stranger, direct("ben"), "mine");
    expect((await stranger.next("message")).content).toEqual({ text: "mine" });
    expect(stranger.unread.filter(({ event }) => event === "message")).toEqual([]);
  });

  test("too large a content and one that is not what its type says are refused", async () => {
    const group = await world.group("ann");
    const ann = await world.client("ann");
    const large = { text: "ü".repeat(61_500) };
    expect(await ann.refusal("message.send", params(group, { content: large }))).toBe("contentTooLarge");
    expect(await ann.refusal("message.send", params(group, { content: {} }))).toBe("invalidParams");
    const { sentAt } = await say(ann, group, "ü".repeat(61_000));
    expect(await ann.refusal("message.modify", { conversation: group, sentAt, content: large })).toBe(
      "contentTooLarge",
    );
  });
});
