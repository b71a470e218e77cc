import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ConversationRef } from "@parlance/protocol";
import { openStore } from "../../../../adapters/open-store.ts";
import type { Store } from "../../../../ports/store.ts";
import type { NativeClient } from "../../../../testing/native-client.ts";
import { direct, newClientId, say, textsOf } from "../../../../testing/native-world.ts";
import { useRongcloudWorld } from "../../../../testing/rongcloud-world.ts";
import { until } from "../../../../testing/until.ts";

const world = useRongcloudWorld();
/** On several nodes, each on its own. */
let ann: NativeClient;
let ben: NativeClient;
let cid: NativeClient;
/** As the command line has it. */
let beside: Store;
beforeAll(async () => {
  [ann, ben, cid] = await world.clients("ann", "ben", "cid");
  const [node] = world.native.i2a.nodes;
  beside = await openStore({ ...node?.config, dataDir: node?.dataDir as string });
});
afterAll(() => beside?.close());

const add = (word: string, replaceWord?: string) =>
  world.ok("/sensitiveword/add.json", { word, replaceWord });

const addAll = async (...words: { word: string; replaceWord?: string | null }[]) =>
  expect((await world.callJson("/sensitiveword/batch/add.json", { words })).body).toEqual({ code: 200 });

let probes = 0;
/** Adds a word and waits until every node refuses it: whatever was done before it holds, too. */
async function settled(): Promise<void> {
  const probe = `probe${++probes}end`;
  await add(probe);
  for (const client of [ann, ben, cid])
    await until(`${probe} is refused`, async () => {
      const params = { conversation: direct("nobody"), clientId: newClientId(), ...text(probe) };
      return client.request("message.send", params).then(
        () => false,
        ({ body }) => body.name === "blockedBySensitiveWord",
      );
    });
}

const text = (words: string) => ({ type: "text", content: { text: words } });
const isIn =
  ({ id }: ConversationRef) =>
  (message: { conversation: ConversationRef }) =>
    message.conversation.id === id;
const refused = (client: NativeClient, conversation: ConversationRef, more: object) =>
  client.refusal("message.send", { conversation, clientId: newClientId(), ...text(""), ...more });

describe("a word that blocks", () => {
  test("keeps a message from everybody, in conversations of every kind, and its sender is told", async () => {
    await addAll({ word: "Gamble" }, { word: "赌博", replaceWord: "" });
    await settled();
    const group = await world.native.group("ann", "ben");
    const hall = { kind: "chatroom", id: "hall" } as const;
    for (const client of [ann, ben]) await client.request("chatroom.join", { conversation: hall });
    for (const conversation of [group, direct("ben"), hall]) {
      expect(await refused(ann, conversation, text("let us gamble!"))).toBe("blockedBySensitiveWord");
      expect(await refused(ann, conversation, text("ＧＡＭ\u200bＢＬＥ"))).toBe("blockedBySensitiveWord");
      const quote = { type: "quote", content: { text: "去赌博吧" } };
      expect(await refused(ann, conversation, quote)).toBe("blockedBySensitiveWord");
      const card = { type: "card", content: { title: "Gambler", text: "" } };
      expect(await refused(ann, conversation, card)).toBe("blockedBySensitiveWord");
      expect(await refused(ann, conversation, { ...text("gamble"), isPersisted: false })).toBe(
        "blockedBySensitiveWord",
      );
      const { seq } = await say(ann, conversation, "a gam and a ble");
      expect(seq).toBe(1);
      const heard = await ben.next("message", ({ from }) => from === "ann");
      expect([heard.seq, heard.content]).toEqual([1, { text: "a gam and a ble" }]);
    }
    expect(ben.unread.filter(({ event }) => event === "signal")).toEqual([]);
  });

  test("keeps a message from being modified", async () => {
    await add("casino");
    await settled();
    const conversation = await world.native.group("ann", "ben");
    const { sentAt } = await say(ann, conversation, "fine");
    const change = { conversation, sentAt, content: { text: "the CASINO" } };
    expect(await ann.refusal("message.modify", change)).toBe("blockedBySensitiveWord");
    const { message } = await ben.request("message.get", { conversation, sentAt });
    expect(message.content).toEqual({ text: "fine" });
  });

  test("answers I2A's clients with an error, and the connection goes on", async () => {
    await add("lottery");
    await settled();
    const { i2a } = world.native;
    const dan = await i2a.connect("dan");
    const room = await i2a.shop.room(["dan"]);
    dan.send({ type: "ROUTABLE", chat_room_identifier: room, message: "win the Lottery" });
    const { exception } = (await dan.next("ERROR")).value;
    expect([exception.error_code, exception.extra]).toEqual([10011, null]);
    await i2a.say(dan, room, "fine");
    expect(await i2a.history(dan, room)).toEqual(["fine"]);
  });
});

describe("a word that is replaced", () => {
  test("is changed for others and in the log; who wrote it goes on seeing it", async () => {
    await add("darn", "***");
    await add("darn it", "oh");
    await settled();
    const conversation = await world.native.group("ann", "ben");
    const written = "Ｄａｒｎ! d\u0336arn IT, said\u200b he. darning";
    const { sentAt } = await say(ann, conversation, written);
    const changed = { text: "***! oh, said\u200b he. ***ing" };
    expect((await ben.next("message", isIn(conversation))).content).toEqual(changed);
    const own = await ann.next("message", (message) => message.sentAt === sentAt);
    expect(own.content).toEqual({ text: written });
    for (const client of [ann, ben]) {
      const { messages } = await client.request("message.history", { conversation });
      expect(textsOf(messages)).toEqual([changed.text]);
    }
    await ann.request("message.modify", { conversation, sentAt, content: { text: "Darn" } });
    expect((await ben.next("change")).change.content).toEqual({ text: "***" });
    const summaries = ["Ann: fine", "Ben: darn"];
    const merged = { type: "combine", content: { summaries, names: [], count: 2, extra: "darn" } };
    await ann.request("message.send", { conversation, clientId: newClientId(), ...merged });
    expect((await ben.next("message", ({ type }) => type === "combine")).content).toEqual({
      ...merged.content,
      summaries: ["Ann: fine", "Ben: ***"],
    });
  });

  test("is changed for others of I2A's clients, too", async () => {
    await add("heck", "h…");
    await settled();
    const { i2a } = world.native;
    const [dan, eve] = await i2a.connectAll("dan", "eve");
    const room = await i2a.shop.room(["dan", "eve"]);
    await i2a.say(dan as never, room, "what the heck");
    expect((await eve?.next("ROUTABLE"))?.value.message).toBe("what the h…");
    expect(await i2a.history(dan as never, room)).toEqual(["what the h…"]);
  });
});

describe("the list", () => {
  const listed = async (type?: number) =>
    (await world.ok("/sensitiveword/list.json", { type })).words.filter(
      ({ word }: { word: string }) => !word.startsWith("probe"),
    );
  const clear = async () => {
    const words = (await world.ok("/sensitiveword/list.json", { type: 2 })).words.map(
      ({ word }: { word: string }) => word,
    );
    while (words.length > 0)
      await world.ok("/sensitiveword/batch/delete.json", { words: words.splice(0, 50) });
  };

  test("has what was added and not removed, of the kind that is asked for", async () => {
    await clear();
    expect(
      (
        await world.callJson("/sensitiveword/batch/add.json", {
          words: [{ word: "b,c", replaceWord: null }, { word: "Bad" }],
        })
      ).body,
    ).toEqual({ code: 200 });
    await add("money", "***");
    await add("ＢＡＤ", "!");
    const [blocked, money, bad] = [
      { word: "b,c", replaceWord: "", type: "1" },
      { word: "money", replaceWord: "***", type: "0" },
      { word: "ＢＡＤ", replaceWord: "!", type: "0" },
    ];
    expect(await listed()).toEqual([blocked]);
    expect(await listed(1)).toEqual([blocked]);
    expect(await listed(0)).toEqual([bad, money]);
    expect(await listed(2)).toEqual([blocked, bad, money]);
    expect((await world.bank.ok("/sensitiveword/list.json", { type: 2 })).words).toEqual([]);
    await world.ok("/sensitiveword/delete.json", { word: "bad" });
    await world.ok("/sensitiveword/delete.json", { word: "not there" });
    await world.ok("/sensitiveword/batch/delete.json", { words: ["b,c", "nor this"] });
    expect(await listed(2)).toEqual([money]);
    await world.ok("/wordfilter/add.json", { word: "old" });
    expect(
      (await world.ok("/wordfilter/list.json")).words.map(({ word }: { word: string }) => word),
    ).toContain("old");
    await world.ok("/wordfilter/delete.json", { word: "old" });
    expect(await listed(2)).toEqual([money]);
  });

  test("without a word it lets the word pass", async () => {
    await add("roulette");
    await settled();
    expect(await refused(ann, direct("ben"), text("roulette"))).toBe("blockedBySensitiveWord");
    await clear();
    for (const client of [ann, ben, cid])
      await until("the word passes", () =>
        say(client, direct("nobody"), "roulette").then(
          () => true,
          () => false,
        ),
      );
  });

  test("takes no more than the app may have, and says how many that are", async () => {
    await clear();
    await beside.apps.update("shop", { settings: { sensitiveWords: 3 } });
    let made = 0;
    const batch = (count: number) => {
      const words = Array.from({ length: count }, () => ({ word: `word ${++made}` }));
      return world.callJson("/sensitiveword/batch/add.json", { words });
    };
    // Each call may meet another node.
    await until("all nodes know the setting", async () => {
      const answers = await Promise.all(Array.from({ length: 6 }, () => batch(4)));
      return answers.every(({ status }) => status === 400);
    });
    await clear();
    expect((await batch(2)).body).toEqual({ code: 200 });
    const { status, body } = await batch(2);
    expect([status, body]).toEqual([400, expect.objectContaining({ code: 1002, remainQuota: 1 })]);
    expect(await listed(1)).toHaveLength(2);
    await beside.apps.update("shop", { settings: { sensitiveWords: null } });
  });

  test.each([
    ["add", {}, 1002],
    ["add", { word: "" }, 1002],
    ["add", { word: "\u200b\u200d" }, 1002],
    ["add", { word: "   " }, 1002],
    ["add", { word: "x".repeat(33) }, 1005],
    ["add", { word: "x", replaceWord: "y".repeat(33) }, 1005],
    ["add", { word: "\ufdfa".repeat(32) }, 1002],
    ["batch/add", { words: [] }, 1002],
    ["batch/add", { words: "no list" }, 1002],
    ["batch/add", { words: [{ word: "a" }, {}] }, 1002],
    ["batch/add", { words: Array.from({ length: 51 }, (_, at) => ({ word: `w${at}` })) }, 1002],
    ["batch/delete", { words: Array.from({ length: 51 }, (_, at) => `w${at}`) }, 1002],
    ["delete", {}, 1002],
    ["list", { type: 3 }, 1002],
  ])("/sensitiveword/%s.json refuses %j", async (verb, params, code) => {
    const { status, body } = await world.callJson(`/sensitiveword/${verb}.json`, params);
    expect([status, body.code]).toEqual([400, code]);
  });
});
