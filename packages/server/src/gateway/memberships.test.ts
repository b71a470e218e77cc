/** Who hears what, when the news of a membership comes late or in another order than it was made: over a real store. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../adapters/open-store.ts";
import type { MembersAdded, MessageSent } from "../core/events.ts";
import { LogOrder } from "../core/messages/log-order.ts";
import { textContent, textType } from "../core/messages/text-message.ts";
import { Audience } from "../core/presence/audience.ts";
import type { OnlineUser } from "../core/presence/online-user.ts";
import type { AppStore, Conversation, Store } from "../ports/store.ts";
import { mostBehind } from "../ports/store-entries.ts";
import { until } from "../testing/until.ts";
import type { ConversationEvent } from "./fan-out.ts";
import { Memberships } from "./memberships.ts";

const dataDir = mkdtempSync(join(tmpdir(), "parlance-memberships-"));
let store: Store;
let shop: AppStore;
beforeAll(async () => {
  store = await openStore({ dataDir });
  shop = store.forApp((await store.apps.create({ key: "shop", name: "Shop", secret: "secret-of-shop" })).id);
});
afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

let rooms = 0;
let room: Conversation;
let order: LogOrder;
let audience: Audience<string>;
let memberships: Memberships<string>;
/** By user: the numbers of the messages in the order in which they were heard. */
let heard: Map<string, number[]>;

const hear = (users: Iterable<OnlineUser<string>>, event: ConversationEvent) => {
  if (event.kind !== "messageSent") return;
  for (const { userId } of users) heard.set(userId, [...(heard.get(userId) ?? []), event.message.seq]);
};
const onError = (error: unknown) => {
  throw error;
};

/** A node on which Ann, who is a member, and Bob, who is not, are online. */
beforeEach(async () => {
  heard = new Map();
  const key = `room-${++rooms}`;
  room = await shop.createConversation({ kind: "group", key, admission: "members", memberIds: ["ann"] });
  order = new LogOrder({
    store: shop,
    interest: { addConversations: () => null, dropConversation: () => {} },
    deliver: (event) => hear(audience.listeners(event.conversation.id), event),
    onGone: (id) => memberships.removeConversation(id),
    onError,
  });
  audience = new Audience<string>({
    async load(userId) {
      const memberships = await shop.listMembershipsOf([userId]);
      const conversationIds = memberships.map(({ conversationId }) => conversationId);
      await order.follow(conversationIds);
      return { conversationIds, userData: null };
    },
  });
  memberships = new Memberships<string>({ store: shop, audience, order, deliver: hear, onError });
  await Promise.all(["ann", "bob"].map((userId) => audience.join(userId, "phone").ready));
});

/** Stores a message; the event is what another node would tell. */
async function send(): Promise<MessageSent> {
  const content = textContent("hi");
  const base = { conversationId: room.id, senderId: "ann", type: textType, content };
  const { sentAt, seq } = await shop.append({ ...base, isCounted: true, marksRead: true });
  const message = { ...base, sentAt, seq, isCounted: true, isActive: true };
  return { kind: "messageSent", conversation: room, message, senderData: null, marksRead: true };
}

async function sendMany(count: number): Promise<MessageSent[]> {
  const events: MessageSent[] = [];
  for (let index = 0; index < count; index++) events.push(await send());
  return events;
}

async function addBob(): Promise<MembersAdded> {
  await shop.addMembers(room.id, ["bob"]);
  const [head] = await shop.findHeads([room.id]);
  const { seq = 0, sentAt = 0 } = head ?? {};
  return { kind: "membersAdded", conversation: room, userIds: ["bob"], seq, sentAt };
}

async function removeBob() {
  await shop.removeMembers(room.id, ["bob"]);
  return { kind: "membersRemoved" as const, conversation: room, userIds: ["bob"] };
}

const isMemberHere = () => audience.find("bob")?.isMemberOf(room.id) ?? false;
const bobHeard = () => heard.get("bob") ?? [];
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe("somebody who was added", () => {
  test("hears what overtook the news of it, before what comes then, each once", async () => {
    for (const event of await sendMany(3)) order.accept(event);
    const added = await addBob();
    // More than a page of the log.
    for (const event of await sendMany(250)) order.accept(event);
    expect(bobHeard()).toEqual([]);
    memberships.add(added);
    // While it is being read for Bob others are told more.
    for (const event of await sendMany(20)) order.accept(event);
    await until("bob is a listener", isMemberHere);
    order.accept(await send());
    await until("bob has heard the last", () => bobHeard().at(-1) === 274);
    expect(bobHeard()).toEqual(range(4, 274));
    expect(heard.get("ann")).toEqual(range(1, 274));
  });

  test("and removed and added again before any of it was heard of, hears each once", async () => {
    const added = await addBob();
    for (const event of await sendMany(5)) order.accept(event);
    await removeBob();
    const again = await addBob();
    const more = await sendMany(5);
    memberships.add(added);
    memberships.add(again);
    for (const event of more) order.accept(event);
    await until("bob is a listener", isMemberHere);
    order.accept(await send());
    await until("bob has heard the last", () => bobHeard().at(-1) === 11);
    expect(bobHeard()).toEqual(range(1, 11));
  });

  test("may write at once, and misses nothing by that", async () => {
    const added = await addBob();
    for (const event of await sendMany(5)) order.accept(event);
    memberships.add(added);
    await memberships.learn("bob", room.id);
    expect(isMemberHere()).toBe(true);
    expect(bobHeard()).toEqual(range(1, 5));
  });

  test("may write before the news of it has come, and misses nothing by that", async () => {
    const added = await addBob();
    for (const event of await sendMany(5)) order.accept(event);
    const learned = memberships.learn("bob", room.id);
    memberships.add(added);
    await learned;
    expect(isMemberHere()).toBe(true);
    expect(bobHeard()).toEqual(range(1, 5));
  });

  test("is no member in the end when a removal comes while the membership is being learned", async () => {
    await addBob();
    const removed = await removeBob();
    memberships.remove(removed);
    await memberships.learn("bob", room.id);
    expect(isMemberHere()).toBe(false);
  });

  test("may write though the news of it is lost, and misses nothing by that", async () => {
    for (const event of await sendMany(3)) order.accept(event);
    await addBob();
    for (const event of await sendMany(5)) order.accept(event);
    await memberships.learn("bob", room.id);
    expect(isMemberHere()).toBe(true);
    expect(bobHeard()).toEqual(range(4, 8));
  });

  test("is found by a reading of the store, and hears what was sent since, each once", async () => {
    for (const event of await sendMany(3)) order.accept(event);
    await addBob();
    for (const event of await sendMany(250)) order.accept(event);
    memberships.replace("bob", [room.id]);
    for (const event of await sendMany(20)) order.accept(event);
    await until("bob is a listener", isMemberHere);
    order.accept(await send());
    await until("bob has heard the last", () => bobHeard().at(-1) === 274);
    expect(bobHeard()).toEqual(range(4, 274));
    expect(heard.get("ann")).toEqual(range(1, 274));
  });

  test("so long ago that the log can't be read from there, hears from then on", async () => {
    await addBob();
    for (const event of await Promise.all(Array.from({ length: mostBehind + 1 }, send))) order.accept(event);
    memberships.replace("bob", [room.id]);
    await until("bob is a listener", isMemberHere);
    order.accept(await send());
    expect(bobHeard()).toEqual([mostBehind + 2]);
  });

  test("hears nothing when they are removed while it is read for them", async () => {
    const added = await addBob();
    for (const event of await sendMany(5)) order.accept(event);
    const removed = await removeBob();
    memberships.add(added);
    memberships.remove(removed);
    for (const event of await sendMany(2)) order.accept(event);
    await until("ann has heard all", () => heard.get("ann")?.length === 7);
    expect([isMemberHere(), bobHeard()]).toEqual([false, []]);
  });

  test("is told by a reading of the store meanwhile, and still hears each once", async () => {
    const added = await addBob();
    for (const event of await sendMany(5)) order.accept(event);
    memberships.add(added);
    memberships.replace("bob", [room.id]);
    await until("bob is a listener", isMemberHere);
    expect(bobHeard()).toEqual(range(1, 5));
  });
});

test("who enters a chatroom hears what lies between what they were given and what others have heard", async () => {
  for (const event of await sendMany(3)) order.accept(event);
  const { seq, sentAt } = await addBob();
  for (const event of await sendMany(4)) order.accept(event);
  memberships.enter({ kind: "chatroomEntered", conversation: room, userIds: ["bob"], seq, sentAt });
  await until("bob is a listener", isMemberHere);
  order.accept(await send());
  expect(bobHeard()).toEqual(range(4, 8));

  memberships.enter({ kind: "chatroomEntered", conversation: room, userIds: ["bob"], seq, sentAt });
  const left = { kind: "chatroomLeft" as const, conversation: room, userIds: ["bob"] };
  expect(memberships.exit(left).map(({ userId }) => userId)).toEqual(["bob"]);
  expect([isMemberHere(), memberships.exit(left)]).toEqual([false, []]);
});

describe("events of opposite changes in the wrong order", () => {
  test("added and removed again: not a member in the end", async () => {
    const added = await addBob();
    const removed = await removeBob();
    memberships.remove(removed);
    memberships.add(added);
    expect(isMemberHere()).toBe(true);
    await until("the store has been asked", () => !isMemberHere());
  });

  test("removed and added again: a member in the end, who misses nothing and hears nothing twice", async () => {
    memberships.add(await addBob());
    for (const event of await sendMany(3)) order.accept(event);
    expect(bobHeard()).toEqual(range(1, 3));
    const removed = await removeBob();
    const added = await addBob();
    memberships.add(added);
    order.accept(await send());
    memberships.remove(removed);
    expect(isMemberHere()).toBe(false);
    for (const event of await sendMany(4)) order.accept(event);
    await until("the store has been asked", isMemberHere);
    order.accept(await send());
    await until("bob has heard the last", () => bobHeard().at(-1) === 9);
    expect(bobHeard()).toEqual(range(1, 9));
  });

  test("heard of late, after the log was read: nothing is heard twice", async () => {
    memberships.add(await addBob());
    for (const event of await sendMany(3)) order.accept(event);
    const removed = await removeBob();
    const added = await addBob();
    // Nobody told, and so he heard on.
    for (const event of await sendMany(4)) order.accept(event);
    memberships.remove(removed);
    memberships.add(added);
    for (const event of await sendMany(2)) order.accept(event);
    await until("bob is a listener", isMemberHere);
    order.accept(await send());
    await until("bob has heard the last", () => bobHeard().at(-1) === 10);
    expect(bobHeard()).toEqual(range(1, 10));
  });

  test("and a reading of the store before the store was asked: nothing is heard twice", async () => {
    memberships.add(await addBob());
    for (const event of await sendMany(3)) order.accept(event);
    memberships.remove({ kind: "membersRemoved", conversation: room, userIds: ["bob"] });
    for (const event of await sendMany(4)) order.accept(event);
    memberships.replace("bob", [room.id]);
    await until("the store has been asked", isMemberHere);
    order.accept(await send());
    await until("bob has heard the last", () => bobHeard().at(-1) === 8);
    expect(bobHeard()).toEqual(range(1, 8));
  });
});
