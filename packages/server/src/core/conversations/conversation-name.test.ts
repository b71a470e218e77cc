import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { ParlanceError } from "../../errors.ts";
import { openTestCore, type TestCore } from "../../testing/test-core.ts";
import { maySend } from "./admission.ts";
import {
  type ConversationName,
  nameFor,
  openConversation,
  openSystemConversation,
  peekConversation,
  resolveConversation,
} from "./conversation-name.ts";
import { createConversation } from "./create-conversation.ts";
import { directKey, peerOf } from "./direct.ts";

let world: TestCore;
beforeAll(async () => {
  world = await openTestCore();
});
afterAll(() => world.close());

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => "fine",
    (error) => (error instanceof ParlanceError ? error.code : String(error)),
  );

const direct = (id: string): ConversationName => ({ kind: "direct", id });

describe("keys of two users", () => {
  const ids = ["a", "b", "1:a", "a1", "1", ":", "10:", "", "é", "\u{1f600}", "a:b", "2:a:b", "aa"];

  test("are the same from both sides, and tell any two pairs apart", () => {
    const keys = new Map<string, string>();
    for (const one of ids)
      for (const other of ids) {
        const key = directKey(one, other);
        expect(key).toBe(directKey(other, one));
        expect([peerOf(key, one), peerOf(key, other)]).toEqual([other, one]);
        const pair = JSON.stringify([one, other].sort());
        expect(keys.get(key) ?? pair).toBe(pair);
        keys.set(key, pair);
      }
    expect(keys.size).toBe((ids.length * (ids.length + 1)) / 2);
  });
});

describe("names of conversations", () => {
  test("a direct one comes into being with the first who opens it, once, with both as members", async () => {
    const { core, newNode, events } = world;
    expect(await codeOf(resolveConversation(core, "ann", direct("ben")))).toBe("conversationNotFound");
    const other = newNode();
    const opened = await Promise.all([
      ...Array.from({ length: 5 }, () => openConversation(core, "ann", direct("ben"))),
      ...Array.from({ length: 5 }, () => openConversation(other, "ben", direct("ann"))),
    ]);
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    const [conversation = expect.unreachable()] = opened;
    expect(await core.store.listMembers(conversation.id, null, 10)).toEqual(["ann", "ben"]);
    expect(nameFor(conversation, "ann")).toEqual(direct("ben"));
    expect(nameFor(conversation, "ben")).toEqual(direct("ann"));
    const told = events.filter((event) => event.kind === "membersAdded");
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ userIds: ["ann", "ben"] });
  });

  test("once known, they are found without the store", async () => {
    const { core } = world;
    await openConversation(core, "cid", direct("dan"));
    const found = await resolveConversation(core, "dan", direct("cid"));
    expect(peekConversation(core, "cid", direct("dan"))).toEqual(found);
    expect(peekConversation(core, "cid", direct("eve"))).toBeUndefined();
    core.conversations.forget(found);
    expect(peekConversation(core, "cid", direct("dan"))).toBeUndefined();
  });

  test("one with oneself has one member", async () => {
    const { core } = world;
    const notes = await openConversation(core, "ann", direct("ann"));
    expect(await core.store.listMembers(notes.id, null, 10)).toEqual(["ann"]);
    expect(nameFor(notes, "ann")).toEqual(direct("ann"));
  });

  test("a group is called by its own id, by everybody, and doesn't come into being", async () => {
    const { core } = world;
    expect(await codeOf(openConversation(core, "ann", { kind: "group", id: "team" }))).toBe(
      "conversationNotFound",
    );
    const made = { kind: "group", key: "team", admission: "members", memberIds: ["ann"] } as const;
    const team = await createConversation(core, { ...made, memberIds: ["ann"] });
    expect(await resolveConversation(core, "ben", { kind: "group", id: "team" })).toEqual(team);
    expect(await codeOf(resolveConversation(core, "ben", { kind: "chatroom", id: "team" }))).toBe(
      "conversationNotFound",
    );
    expect(nameFor(team, "ben")).toEqual({ kind: "group", id: "team" });
  });

  test("the app speaks to each user in one conversation a name, where the user can't", async () => {
    const { core } = world;
    const [news, again, plain, others] = await Promise.all([
      openSystemConversation(core, "ann", "news"),
      openSystemConversation(core, "ann", "news"),
      openSystemConversation(core, "ann"),
      openSystemConversation(core, "ben", "news"),
    ]);
    expect(again.id).toBe(news.id);
    expect(new Set([news.id, plain.id, others.id]).size).toBe(3);
    expect(nameFor(news, "ann")).toEqual({ kind: "system", id: "news" });
    expect(nameFor(plain, "ann")).toEqual({ kind: "system", id: "system" });
    expect(await resolveConversation(core, "ben", { kind: "system", id: "news" })).toEqual(others);
    const ann = { userId: "ann", isMemberOf: () => true };
    expect(maySend(ann, news)).toBe(false);
    expect(maySend(ann, await openConversation(core, "ann", direct("ben")))).toBe(true);
  });

  test("what can't be anybody's id is refused", async () => {
    const { core } = world;
    for (const id of ["", "x".repeat(256), "\ud800", "a\0b"]) {
      expect(await codeOf(openConversation(core, "ann", direct(id)))).toBe("invalidInput");
      expect(await codeOf(openSystemConversation(core, "ann", id))).toBe("invalidInput");
    }
  });
});
