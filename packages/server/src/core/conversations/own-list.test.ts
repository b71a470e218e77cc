import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { ParlanceError } from "../../errors.ts";
import type { Conversation } from "../../ports/store.ts";
import type { MuteLevel } from "../../ports/store-conversations.ts";
import { TOMBSTONE_MICROS } from "../../ports/store-conversations.ts";
import { openTestCore, type TestCore } from "../../testing/test-core.ts";
import { sendMessage } from "../messages/send-message.ts";
import { textContent, textType } from "../messages/text-message.ts";
import { markRead } from "../reading/mark-read.ts";
import { listReaders } from "../reading/readers.ts";
import { removeMembers } from "./change-members.ts";
import { openConversation } from "./conversation-name.ts";
import { createConversation } from "./create-conversation.ts";
import { getConversation, listConversations } from "./list.ts";
import { encodeToken } from "./page-token.ts";
import { clearHistory, deleteOwn, removeFromList, updateSettings } from "./settings.ts";
import { syncConversations } from "./sync.ts";
import { createTag, listTags, removeTag, renameTag } from "./tags.ts";

let world: TestCore;
beforeAll(async () => {
  world = await openTestCore();
});
afterAll(() => world.close());

let rooms = 0;
let group: Conversation;
let ann: string;
beforeEach(async () => {
  rooms++;
  ann = `ann-${rooms}`;
  group = await newGroup(`group-${rooms}`);
  world.events.length = 0;
});

const newGroup = (key: string) =>
  createConversation(world.core, { kind: "group", key, admission: "members", memberIds: [ann, "ben"] });

const send = (conversation: Conversation, senderId = "ben") =>
  sendMessage(world.core, {
    conversation,
    senderId,
    senderData: null,
    type: textType,
    content: textContent("hello"),
    marksRead: false,
  }).then(({ message }) => message);

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "fine",
    (error) => (error instanceof ParlanceError ? error.code : String(error)),
  );

const changes = () =>
  world.events.flatMap((event) =>
    event.kind === "conversationChanged" ? [[event.userId, event.conversation?.key ?? null, event.what]] : [],
  );

describe("what a user sets", () => {
  test("is told to the user's own devices, each time", async () => {
    const { core } = world;
    const { sentAt } = await send(group);
    await createTag(core, ann, { id: "t", name: "Tag" });
    await updateSettings(core, ann, group, { isPinned: true, muteLevel: 5, draft: "x" });
    await updateSettings(core, ann, group, { addTags: ["t"] });
    await deleteOwn(core, ann, group, [sentAt]);
    await deleteOwn(core, ann, group, [sentAt]);
    expect(await clearHistory(core, ann, group, sentAt)).toBe(sentAt);
    await removeFromList(core, ann, group);
    expect(changes()).toEqual([
      [ann, null, "tags"],
      [ann, group.key, "settings"],
      [ann, group.key, "tags"],
      [ann, group.key, "history"],
      [ann, group.key, "history"],
      [ann, group.key, "removal"],
    ]);
    const settings = { isPinned: true, muteLevel: 5 as const, draft: "x", tags: ["t"] };
    expect(await getConversation(core, ann, group)).toMatchObject({ settings, isRemoved: true });
  });

  test("is bounded, and nothing is told of what is refused", async () => {
    const { core } = world;
    for (const change of [
      { muteLevel: 3 as MuteLevel },
      { draft: "ä".repeat(2049) },
      { addTags: Array.from({ length: 21 }, (_, index) => `${index}`) },
      { removeTags: Array.from({ length: 21 }, (_, index) => `${index}`) },
    ])
      expect(await codeOf(updateSettings(core, ann, group, change))).toBe("invalidInput");
    await updateSettings(core, ann, group, { draft: "ä".repeat(2048) });
    world.events.length = 0;
    expect(await codeOf(updateSettings(core, ann, group, { addTags: ["none"] }))).toBe("notFound");
    expect(await codeOf(updateSettings(core, "eve", group, { isPinned: true }))).toBe("notMember");
    expect(await codeOf(getConversation(core, "eve", group))).toBe("notMember");
    const many = Array.from({ length: 101 }, (_, index) => index);
    expect(await codeOf(deleteOwn(core, ann, group, many))).toBe("invalidInput");
    expect(await codeOf(clearHistory(core, "eve", group, 1))).toBe("notMember");
    expect(await codeOf(removeFromList(core, "eve", group))).toBe("notMember");
    expect(changes()).toEqual([]);
  });

  test("tags have short names, and there are twenty at most", async () => {
    const { core } = world;
    for (const name of ["", "x".repeat(16), "\ud800", "a\0b"])
      expect(await codeOf(createTag(core, ann, { name }))).toBe("invalidInput");
    expect(await codeOf(createTag(core, ann, { id: "x".repeat(65), name: "x" }))).toBe("invalidInput");
    for (let index = 0; index < 20; index++)
      await createTag(core, ann, { name: `${"\u{1f600}".repeat(13)}${index}` });
    expect(await codeOf(createTag(core, ann, { name: "more" }))).toBe("invalidInput");
    const [first = expect.unreachable()] = await listTags(core, ann);
    await renameTag(core, ann, { id: first.id, name: "Work" });
    await removeTag(core, ann, (await listTags(core, ann))[1]?.id ?? "");
    expect(await codeOf(renameTag(core, ann, { id: "none", name: "x" }))).toBe("notFound");
    expect(await codeOf(removeTag(core, ann, "none"))).toBe("notFound");
    const tags = await listTags(core, ann);
    expect(tags).toHaveLength(19);
    expect(tags[0]).toMatchObject({ id: first.id, name: "Work", conversationCount: 0 });
  });
});

describe("the list", () => {
  test("comes in pages that go on where the last one ended", async () => {
    const { core } = world;
    for (let index = 0; index < 4; index++) await newGroup(`more-${rooms}-${index}`);
    await send(group);
    const keys: string[] = [];
    let next: string | null = null;
    do {
      const page = await listConversations(core, ann, { before: next, limit: 2 });
      keys.push(...page.conversations.map(({ conversation }) => conversation.key));
      next = page.next;
    } while (next !== null);
    expect(keys).toEqual([group.key, ...[3, 2, 1, 0].map((index) => `more-${rooms}-${index}`)]);
    const refused = listConversations(core, ann, { before: "nonsense", limit: 2 });
    expect(await codeOf(refused)).toBe("invalidInput");
  });
});

describe("synchronising", () => {
  test("brings everything in pages, then what changed, then nothing", async () => {
    const { core } = world;
    for (let index = 0; index < 4; index++) await newGroup(`sync-${rooms}-${index}`);
    let page = await syncConversations(core, ann, null, 2);
    const seen = page.conversations.length;
    expect([seen, page.hasMore]).toEqual([2, true]);
    page = await syncConversations(core, ann, page.cursor, 2);
    page = await syncConversations(core, ann, page.cursor, 2);
    expect([page.conversations.length, page.hasMore]).toEqual([1, false]);
    await send(group);
    await removeMembers(core, await openConversation(core, ann, { kind: "group", id: `sync-${rooms}-1` }), [
      ann,
    ]);
    page = await syncConversations(core, ann, page.cursor, 100);
    expect(page.conversations).toMatchObject([{ conversation: { key: group.key }, unread: 1 }]);
    expect(page.lost).toMatchObject([{ kind: "group", key: `sync-${rooms}-1` }]);
    expect(page.hasMore).toBe(false);
    page = await syncConversations(core, ann, page.cursor, 100);
    expect([page.conversations, page.lost]).toEqual([[], []]);
  });

  test("begins anew when the cursor is too old, or from a clock that was wrong", async () => {
    const { core } = world;
    const now = Date.now() * 1000;
    const day = 24 * 3600 * 1_000_000;
    const at = (since: number) =>
      codeOf(syncConversations(core, ann, encodeToken("s", [since, null, 0]), 10));
    expect(await at(now - TOMBSTONE_MICROS + 2 * day)).toBe("fine");
    expect(await at(now - TOMBSTONE_MICROS)).toBe("tooOld");
    expect(await at(now + day)).toBe("tooOld");
  });

  test.each([
    "",
    "x",
    "nonsense that is quite long ".repeat(20),
    encodeToken("l", [1, 2, 3]),
    encodeToken("s", [1, 2]),
    encodeToken("s", [1.5, null, 0]),
    encodeToken("s", [-1, null, 0]),
    Buffer.from("s1.2.x").toString("base64url"),
    Buffer.from("s1.2.1e400").toString("base64url"),
  ])("refuses what is no cursor (%s)", async (cursor) => {
    expect(await codeOf(syncConversations(world.core, ann, cursor, 10))).toBe("invalidInput");
  });
});

describe("readers", () => {
  test("of a message come in pages, counted once, and a mark tells where it stands", async () => {
    const { core, events } = world;
    const memberIds = Array.from({ length: 5 }, (_, index) => `reader-${index}`);
    const made = { kind: "group", admission: "members", memberIds: [...memberIds, "ben"] } as const;
    const large = await createConversation(core, { ...made, memberIds: [...memberIds, "ben"] });
    const { sentAt } = await send(large);
    for (const userId of memberIds.slice(1))
      await markRead(core, { conversation: large, userId, userData: null, upTo: sentAt });
    const mark = events.find((event) => event.kind === "readMarkMoved");
    expect(mark).toMatchObject({ userId: "reader-1", sentAt, seq: 1 });
    const first = await listReaders(core, large, sentAt, { after: null, limit: 3 });
    expect(first.counts).toEqual({ read: 4, members: 5 });
    expect(first.readers.map(({ userId }) => userId)).toEqual(["reader-1", "reader-2", "reader-3"]);
    const second = await listReaders(core, large, sentAt, { after: first.next, limit: 3 });
    expect(second.readers.map(({ userId }) => userId)).toEqual(["reader-4"]);
    expect([second.counts, second.next]).toEqual([null, null]);
  });
});
