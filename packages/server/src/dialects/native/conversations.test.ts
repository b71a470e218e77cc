import { describe, expect, test } from "bun:test";
import type { ConversationRef, ConversationState, ResultOf } from "@parlance/protocol";
import type { NativeClient } from "../../testing/native-client.ts";
import { direct, say, textsOf, useNativeWorld } from "../../testing/native-world.ts";

const world = useNativeWorld();

let made = 0;
const newUser = () => `user-${++made}`;

const stateOf = async (client: NativeClient, conversation: ConversationRef) =>
  (await client.request("conversation.get", { conversation })).state as ConversationState;

/** All pages of a synchronisation. */
async function sync(client: NativeClient, cursor: string | null = null, limit = 100) {
  const conversations = [];
  let isFull = false;
  for (let hasMore = true; hasMore; ) {
    const page = await client.request("conversation.sync", { cursor, limit });
    conversations.push(...page.conversations);
    ({ cursor, hasMore } = page);
    isFull ||= page.isFull;
  }
  return { conversations, cursor, isFull };
}

const namesOf = (list: readonly { conversation: ConversationRef }[]) =>
  list.map(({ conversation }) => conversation.id);

describe("reading", () => {
  test("moves the mark forward on all devices and for the others", async () => {
    const [ann, ben] = [newUser(), newUser()];
    const group = await world.group(ann, ben);
    const writer = await world.client(ann);
    const [phone, tablet] = [await world.client(ben, "phone"), await world.client(ben, "tablet")];
    const sent = [
      await say(writer, group, "1"),
      await say(writer, group, "2"),
      await say(writer, group, "3"),
    ];
    const at = (index: number) => sent[index]?.sentAt as number;
    expect((await stateOf(phone, group)).unread).toBe(3);
    const { readMark } = await phone.request("conversation.markRead", { conversation: group, sentAt: at(1) });
    expect(readMark).toEqual({ seq: 2, sentAt: at(1) });
    for (const other of [tablet, writer])
      expect(await other.next("readMark")).toEqual({
        conversation: group,
        userId: ben,
        sentAt: at(1),
        seq: 2,
      });
    expect(await stateOf(tablet, group)).toMatchObject({ unread: 1, readMark });
    const back = await phone.request("conversation.markRead", { conversation: group, sentAt: at(0) });
    expect(back.readMark).toEqual(readMark);
    const all = await phone.request("conversation.markRead", {
      conversation: group,
      sentAt: at(2) + 9_000_000,
    });
    expect(all.readMark.seq).toBe(3);
    const readers = await writer.request("message.readers", { conversation: group, sentAt: at(2) });
    expect(readers).toMatchObject({ read: [{ userId: ben }], readCount: 1, memberCount: 1, next: null });
    expect(await writer.refusal("message.readers", { conversation: group, sentAt: 5 })).toBe(
      "messageNotFound",
    );
    const early = { conversation: group, sentAt: 5 };
    expect(await writer.refusal("conversation.markRead", early)).toBe("messageNotFound");
  });

  test("a direct conversation's state says how far the other one has read", async () => {
    const [ann, ben] = [newUser(), newUser()];
    const [writer, reader] = await world.clients(ann, ben);
    const { sentAt, seq } = await say(writer, direct(ben), "hi");
    expect((await stateOf(writer, direct(ben))).peerReadMark).toEqual({ seq: 0, sentAt: 0 });
    await reader.request("conversation.markRead", { conversation: direct(ann), sentAt });
    expect(await writer.next("readMark", ({ userId }) => userId === ben)).toEqual({
      ...{ conversation: direct(ben), userId: ben, sentAt, seq },
    });
    expect((await stateOf(writer, direct(ben))).peerReadMark).toEqual({ seq, sentAt });
  });
});

describe("the list", () => {
  test("is synchronised by a cursor: what changed comes whole, what didn't stays away", async () => {
    const [ann, ben] = [newUser(), newUser()];
    const [one, two] = [await world.group(ann, ben), await world.group(ann)];
    const client = await world.client(ann);
    const writer = await world.client(ben);
    const first = await sync(client);
    expect(first.isFull).toBe(true);
    expect(namesOf(first.conversations).sort()).toEqual([one.id, two.id].sort());
    await say(writer, one, "news");
    await say(writer, direct(ann), "hello");
    const second = await sync(client, first.cursor, 1);
    expect(second.isFull).toBe(false);
    const byId = new Map(second.conversations.map((state) => [state.conversation.id, state]));
    expect(byId.get(one.id)).toMatchObject({
      unread: 1,
      lastMessage: { content: { text: "news" } },
      head: { seq: 1 },
    });
    expect(byId.get(ben)).toMatchObject({ conversation: direct(ben), unread: 1, memberCount: 2 });
    const [room] = [world.roomOf(two)];
    await world.i2a.shop.call("DELETE", `chat-room/${room}/`);
    const third = await sync(client, second.cursor);
    const gone = third.conversations.find(({ conversation }) => conversation.id === two.id);
    expect(gone).toMatchObject({ isRemoved: true });
    expect((await sync(client, "bm9uc2Vuc2U")).isFull).toBe(true);
  });

  test("pages with pinned ones first, then by the last message; settings reach all devices", async () => {
    const ann = newUser();
    const peers = [newUser(), newUser(), newUser()] as [string, string, string];
    const [phone, tablet] = [await world.client(ann, "phone"), await world.client(ann, "tablet")];
    for (const peer of peers) await say(phone, direct(peer), "hi");
    const [oldest] = peers;
    const update = { conversation: direct(oldest), isPinned: true, mute: 2, draft: "to be said" };
    const { state } = await phone.request("conversation.update", update);
    const settings = { isPinned: true, mute: 2, draft: "to be said", tags: [] };
    expect(state.settings).toEqual(settings);
    expect(
      await tablet.next("conversation", (change) => "settings" in change && change.settings.isPinned),
    ).toMatchObject({ conversation: direct(oldest), settings, changedAt: state.changedAt });
    const page = await phone.request("conversation.list", { limit: 2 });
    expect(namesOf(page.conversations)).toEqual([oldest, peers[2]]);
    const rest = await phone.request("conversation.list", { limit: 2, before: page.next as string });
    expect([namesOf(rest.conversations), rest.next]).toEqual([[peers[1]], null]);
    expect(await phone.refusal("conversation.list", { before: "nonsense" })).toBe("invalidParams");
    const third = { conversation: direct(oldest), mute: 3 };
    expect(await phone.refusal("conversation.update", third)).toBe("invalidParams");
  });

  test("tags are a user's own, on conversations of all devices", async () => {
    const [ann, ben] = [newUser(), newUser()];
    const group = await world.group(ann, ben);
    const [client, other] = await world.clients(ann, ben);
    await client.request("tag.create", { name: "work" });
    expect(await client.refusal("tag.create", { name: "work" })).toBe("tagExists");
    await client.request("tag.create", { name: "home" });
    const { state } = await client.request("conversation.update", {
      conversation: group,
      tags: { add: ["work", "home"] },
    });
    expect(state.settings.tags.sort()).toEqual(["home", "work"]);
    expect((await client.request("tag.list", {})).tags).toEqual([
      { name: "work", conversationCount: 1 },
      { name: "home", conversationCount: 1 },
    ]);
    await client.request("tag.rename", { name: "work", newName: "office" });
    expect(await client.refusal("tag.rename", { name: "home", newName: "office" })).toBe("tagExists");
    expect(namesOf((await client.request("conversation.list", { tag: "office" })).conversations)).toEqual([
      group.id,
    ]);
    await client.request("tag.remove", { name: "home" });
    expect((await stateOf(client, group)).settings.tags).toEqual(["office"]);
    await client.request("conversation.update", { conversation: group, tags: { remove: ["office"] } });
    expect((await client.request("conversation.list", { tag: "office" })).conversations).toEqual([]);
    for (const [method, params] of [
      ["tag.remove", { name: "home" }],
      ["tag.rename", { name: "home", newName: "x" }],
      ["conversation.list", { tag: "home" }],
      ["conversation.update", { conversation: group, tags: { add: ["home"] } }],
    ] as const)
      expect([method, await client.refusal(method, params)]).toEqual([method, "tagNotFound"]);
    expect((await other.request("tag.list", {})).tags).toEqual([]);
    for (let index = 1; index < 20; index++) await client.request("tag.create", { name: `t${index}` });
    expect(await client.refusal("tag.create", { name: "one more" })).toBe("tooManyTags");
  });

  test("a conversation is cleared and messages are deleted for one user alone, on all devices", async () => {
    const [ann, ben] = [newUser(), newUser()];
    const group = await world.group(ann, ben);
    const [phone, tablet] = [await world.client(ann, "phone"), await world.client(ann, "tablet")];
    const writer = await world.client(ben);
    const sent: ResultOf<"message.send">[] = [];
    for (const text of ["1", "2", "3", "4"]) sent.push(await say(writer, group, text));
    const at = (index: number) => sent[index]?.sentAt as number;
    const shown = async (client: NativeClient) =>
      textsOf((await client.request("message.history", { conversation: group })).messages).join("");
    const { state } = await phone.request("conversation.clear", { conversation: group, upTo: at(1) });
    expect(state).toMatchObject({ clearedUpTo: at(1), unread: 2 });
    expect(await tablet.next("conversation")).toMatchObject({ clearedUpTo: at(1), unread: 2 });
    await phone.request("message.deleteMine", { conversation: group, sentAt: [at(3)] });
    const deleted = await tablet.next(
      "conversation",
      (change) => "deletedAt" in change && (change.deletedAt ?? 0) > 0,
    );
    expect(deleted).toMatchObject({ lastMessage: { content: { text: "3" } }, unread: 1 });
    expect([await shown(phone), await shown(tablet), await shown(writer)]).toEqual(["3", "3", "1234"]);
    for (const sentAt of [at(0), at(3)])
      expect(await phone.refusal("message.get", { conversation: group, sentAt })).toBe("messageNotFound");
    const { entries, throughSeq } = await phone.request("message.since", {
      conversation: group,
      afterSeq: 0,
    });
    expect([entries.map(({ seq }) => seq), throughSeq]).toEqual([[3], 4]);
  });

  test("a removed conversation leaves the list until the next message", async () => {
    const [ann, ben] = [newUser(), newUser()];
    const [phone, tablet] = [await world.client(ann, "phone"), await world.client(ann, "tablet")];
    const writer = await world.client(ben);
    await say(writer, direct(ann), "hi");
    const { cursor } = await sync(phone);
    await phone.request("conversation.remove", { conversation: direct(ben) });
    expect(await tablet.next("conversation", (change) => "isRemoved" in change)).toMatchObject({
      ...{ conversation: direct(ben), isRemoved: true },
    });
    expect((await phone.request("conversation.list", {})).conversations).toEqual([]);
    expect((await sync(phone, cursor)).conversations).toMatchObject([{ isRemoved: true }]);
    await say(writer, direct(ann), "again");
    expect(namesOf((await phone.request("conversation.list", {})).conversations)).toEqual([ben]);
  });
});

test("a state shows the beginning of a large last message, history all of it", async () => {
  const [ann, ben] = [newUser(), newUser()];
  const [writer, reader] = await world.clients(ann, ben);
  const shownOf = async (text: string) => {
    const { sentAt } = await say(writer, direct(ben), text);
    const conversation = direct(ann);
    const { message } = await reader.request("message.get", { conversation, sentAt });
    expect(message.content).toEqual({ text });
    return (await stateOf(reader, conversation)).lastMessage?.content;
  };
  expect(await shownOf("ü".repeat(4000))).toEqual({ text: "ü".repeat(4000) });
  expect(await shownOf("ü".repeat(5000))).toEqual({ text: "ü".repeat(1024) });
  const keys = Object.fromEntries(["a", "b", "c"].map((key) => [key, "v".repeat(4000)]));
  const { sentAt } = await say(writer, direct(ben), "with keys");
  await reader.request("message.setKeys", { conversation: direct(ann), sentAt, keys });
  const { lastMessage } = await stateOf(reader, direct(ann));
  expect([lastMessage?.content, lastMessage?.keys]).toEqual([{ text: "with keys" }, undefined]);
});

describe("members", () => {
  test("come by page, and their coming and going is told", async () => {
    const [ann, ben, cid] = [newUser(), newUser(), newUser()];
    const group = await world.group(ann, ben);
    const room = world.roomOf(group);
    const [first, second, third] = await world.clients(ann, ben, cid);
    const page = await first.request("conversation.members", { conversation: group, limit: 1 });
    expect(page.members.map(({ userId }) => userId)).toEqual([ann]);
    const rest = await first.request("conversation.members", {
      conversation: group,
      after: page.next as string,
    });
    expect(rest).toMatchObject({ members: [{ userId: ben }], next: null });
    await say(first, group, "before");
    const change = (path: string, userId: string) =>
      world.i2a.shop.post(`chat-room/${room}/${path}/`, { application_users_identifiers: [userId] });
    await change("add-users", cid);
    expect(await second.next("membersChanged")).toMatchObject({
      conversation: group,
      added: [cid],
      removed: [],
    });
    expect(await third.next("conversation")).toMatchObject({
      conversation: group,
      memberCount: 3,
      head: { seq: 1 },
    });
    await say(first, group, "welcome");
    expect((await third.next("message")).content).toEqual({ text: "welcome" });
    await change("remove-users", cid);
    expect(await second.next("membersChanged", ({ removed }) => removed.length > 0)).toMatchObject({
      removed: [cid],
    });
    expect(await third.next("conversation", (seen) => "isRemoved" in seen)).toMatchObject({
      conversation: group,
    });
    expect(await third.refusal("message.history", { conversation: group })).toBe("notMember");
  });

  test("hear when a conversation is no more", async () => {
    const [ann, ben] = [newUser(), newUser()];
    const group = await world.group(ann, ben);
    const [first] = await world.clients(ann);
    await world.i2a.shop.call("DELETE", `chat-room/${world.roomOf(group)}/`);
    expect(await first.next("conversation", (seen) => "isRemoved" in seen)).toMatchObject({
      conversation: group,
    });
    expect(await first.refusal("message.history", { conversation: group })).toBe("conversationNotFound");
  });
});
