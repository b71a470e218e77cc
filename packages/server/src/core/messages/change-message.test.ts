import { beforeEach, describe, expect, test } from "bun:test";
import type { Conversation } from "../../ports/store.ts";
import type { ChangeKind } from "../../ports/store-entries.ts";
import { refusalOf, useCore } from "../../testing/core-world.ts";
import { type ChangeMessage, changeMessage } from "./change-message.ts";
import { getMessage } from "./get-message.ts";
import { hearersOf } from "./hearers.ts";
import { listLog } from "./list-log.ts";
import { listMentions } from "./list-mentions.ts";
import { sendMessage } from "./send-message.ts";

const world = useCore();
let room: Conversation;
beforeEach(async () => {
  room = await world.newConversation(["ann", "ben", "cid"]);
});

const send = async (toUserIds?: string[]) => {
  const { message } = await sendMessage(world.core, {
    ...{ conversation: room, senderId: "ann", senderData: null, type: "text", content: "{}" },
    ...(toUserIds && { toUserIds }),
    marksRead: true,
  });
  world.published.length = 0;
  return message.sentAt;
};
const change = (of: number, kind: ChangeKind, by: string | null, more: Partial<ChangeMessage> = {}) =>
  changeMessage(world.core, {
    ...{ conversation: room, of, kind, by },
    ...{ content: '{"n":1}', keys: { a: "1" }, removedKeys: ["a"] },
    ...more,
  });
const kinds: ChangeKind[] = ["setKeys", "removeKeys", "modify", "hide", "show", "recall", "delete"];

describe("who may", () => {
  test("the app may everything, authors what is theirs, others set keys", async () => {
    const outcomes = async (by: string | null) => {
      const allowed: ChangeKind[] = [];
      const of = await send();
      for (const kind of kinds)
        if ((await refusalOf(change(of, kind, by))) === "was not refused") allowed.push(kind);
        else expect(await refusalOf(change(of, kind, by))).toBe("notAllowed");
      return allowed;
    };
    expect(await outcomes(null)).toEqual(kinds);
    expect(await outcomes("ann")).toEqual(["setKeys", "removeKeys", "modify", "recall", "delete"]);
    expect(await outcomes("ben")).toEqual(["setKeys", "removeKeys"]);
  });

  test("what is for others is not there", async () => {
    const of = await send(["ben"]);
    for (const kind of kinds) expect(await refusalOf(change(of, kind, "cid"))).toBe("messageNotFound");
    expect((await change(of, "setKeys", "ben"))?.viewerIds?.sort()).toEqual(["ann", "ben"]);
  });
});

describe("listeners", () => {
  test("are told of what changed, once, and not of what was so already", async () => {
    const of = await send();
    const changed = await change(of, "setKeys", "ben", { clientId: "c" });
    expect(await change(of, "setKeys", "ben", { clientId: "c" })).toEqual(changed);
    expect(await change(of, "setKeys", "ben")).toBeNull();
    expect(world.published).toEqual([
      { kind: "messageChanged", conversation: room, change: changed as NonNullable<typeof changed> },
    ]);
  });

  test("hear of a message for some and of its changes when it is for them; the others that there is an entry", async () => {
    await send();
    const of = await send(["ben"]);
    await change(of, "recall", "ann");
    const [event] = world.published;
    const hearers = event && hearersOf(event);
    expect(["ann", "ben", "cid"].map((userId) => hearers?.isHeardBy(userId))).toEqual([true, true, false]);
    expect(hearers?.insteadForOthers).toMatchObject({ kind: "entryPassed", conversation: room, seq: 3 });
  });
});

describe("input", () => {
  test("of keys and contents is checked", async () => {
    const of = await send();
    const keys = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, ""]));
    for (const bad of [{}, keys(101), { "": "" }, { "a b": "" }, { ["k".repeat(33)]: "" }, { a: "\ud800" }])
      expect(await refusalOf(change(of, "setKeys", "ann", { keys: bad }))).toBe("invalidInput keys");
    expect(await refusalOf(change(of, "setKeys", "ann", { keys: { a: "x".repeat(4097) } }))).toBe(
      "invalidInput keys",
    );
    expect(await refusalOf(change(of, "removeKeys", "ann", { removedKeys: [] }))).toBe(
      "invalidInput removedKeys",
    );
    expect(await refusalOf(change(of, "modify", "ann", { content: "x".repeat(70_000) }))).toBe(
      "invalidInput message",
    );
    expect(await refusalOf(change(of, "recall", "ann", { clientId: "x".repeat(65) }))).toBe(
      "invalidInput clientId",
    );
    const full = { ...keys(99), [`${"k".repeat(30)}+=`]: "x".repeat(4096) };
    expect(Object.keys((await change(of, "setKeys", "ann", { keys: full }))?.keys ?? {})).toHaveLength(100);
  });
});

test("what was hidden is in the log without its content", async () => {
  const { message } = await sendMessage(world.core, {
    ...{ conversation: room, senderId: "ann", senderData: null, type: "text", content: '{"text":"rude"}' },
    marksRead: true,
  });
  await change(message.sentAt, "setKeys", "ben", { keys: { a: "rude" } });
  await change(message.sentAt, "hide", null);
  const page = await listLog(world.core, room, "ben", 0, 10);
  expect(page?.entries).toMatchObject([
    { message: { seq: 1, state: "hidden", content: "{}" } },
    { change: { seq: 2, kind: "setKeys" } },
    { change: { seq: 3, kind: "hide", isActive: false } },
  ]);
  expect(JSON.stringify(page)).not.toContain("rude");
  const got = await getMessage(world.core, room, message.sentAt, "ben");
  expect(got).toMatchObject({ content: "{}", state: "hidden" });
});

test("one message is got with what it quotes as that may be shown, and by those it is for", async () => {
  const base = { conversation: room, senderId: "ann", senderData: null, type: "text", marksRead: true };
  const quoted = await sendMessage(world.core, { ...base, content: '{"text":"first"}' });
  const { message } = await sendMessage(world.core, {
    ...{ ...base, content: '{"text":"second"}', quote: quoted.message.sentAt, toUserIds: ["ben"] },
    mentions: { userIds: ["ben"], isAll: false },
  });
  await change(quoted.message.sentAt, "recall", "ann");
  const got = await getMessage(world.core, room, message.sentAt, "ben");
  expect(got).toMatchObject({ content: '{"text":"second"}', quote: { state: "recalled" } });
  expect(await listMentions(world.core, room, "ben", null, 10)).toEqual([got]);
  expect(await refusalOf(getMessage(world.core, room, message.sentAt, "cid"))).toBe("messageNotFound");
});
