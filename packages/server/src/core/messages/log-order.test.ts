import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../adapters/open-store.ts";
import type { AppStore, Conversation, Store } from "../../ports/store.ts";
import type { MessageSent } from "../events.ts";
import { LogOrder } from "./log-order.ts";
import { textContent, textType } from "./text-message.ts";

const dataDir = mkdtempSync(join(tmpdir(), "parlance-order-"));
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

let room: Conversation;
let seen: number[];
let gone: number[];
let order: LogOrder;
let events: MessageSent[];
let rooms = 0;
beforeEach(async () => {
  rooms++;
  room = await shop.createConversation({
    kind: "group",
    key: `room-${rooms}`,
    admission: "members",
    memberIds: ["ann"],
  });
  [seen, gone, events] = [[], [], []];
  order = new LogOrder({
    store: shop,
    deliver: ({ message }) => seen.push(message.seq),
    onGone: (id) => gone.push(id),
    onError: (error) => {
      throw error;
    },
  });
  await order.follow([room.id]);
});

/** Stores messages and remembers the events that a bus would bring. */
async function send(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const content = textContent(`message ${index}`);
    const base = { conversationId: room.id, senderId: "ann", type: textType, content };
    const { sentAt, seq } = await shop.append({ ...base, isCounted: true, marksRead: true });
    const message = { ...base, sentAt, seq, isCounted: true, isActive: true };
    events.push({ kind: "messageSent", conversation: room, message, senderData: null, marksRead: true });
  }
}

const bring = (...seqs: number[]): void => {
  for (const seq of seqs) order.accept(events[seq - 1] as MessageSent);
};

async function until(count: number): Promise<void> {
  const deadline = Date.now() + 2000;
  while (seen.length < count && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("the order of the log", () => {
  test("events in order are delivered at once", async () => {
    await send(3);
    bring(1, 2, 3);
    expect(seen).toEqual([1, 2, 3]);
  });

  test("what comes twice is delivered once", async () => {
    await send(3);
    bring(1, 1, 2, 1, 2, 3, 3);
    expect(seen).toEqual([1, 2, 3]);
  });

  test("what comes early waits for what is late, without asking the store", async () => {
    await send(5);
    bring(3, 2, 5);
    expect(seen).toEqual([]);
    bring(1);
    expect(seen).toEqual([1, 2, 3]);
    bring(4);
    expect(seen).toEqual([1, 2, 3, 4, 5]);
  });

  test("what never comes is read from the store when the next one does", async () => {
    await send(6);
    bring(1, 6);
    await until(6);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    await send(1);
    bring(7);
    expect(seen.at(-1)).toBe(7);
  });

  test("a lost last message is found by reconciling", async () => {
    await send(450);
    bring(1);
    await order.reconcile();
    expect(seen).toEqual(Array.from({ length: 450 }, (_, index) => index + 1));
    bring(450, 2);
    expect(seen).toHaveLength(450);
  });

  test("hidden messages are passed over when they are caught up on", async () => {
    await send(3);
    await shop.setMessageActive(room.id, events[1]?.message.sentAt as number, false);
    await order.reconcile();
    expect(seen).toEqual([1, 3]);
  });

  test("events that arrive while the position is being read are neither lost nor doubled", async () => {
    await send(2);
    const late = new LogOrder({
      store: shop,
      deliver: ({ message }) => seen.push(message.seq),
      onGone: () => {},
      onError: () => {},
    });
    const following = late.follow([room.id]);
    await send(1);
    for (const event of events) late.accept(event);
    await following;
    // Whether the third was read as history or held back and delivered depends on the moment; what follows is not.
    await send(1);
    late.accept(events[3] as MessageSent);
    await until(1);
    expect(seen.at(-1)).toBe(4);
    expect(seen.filter((seq) => seq < 3)).toEqual([]);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("what was sent before this node heard that somebody was added is found, even if nothing more comes", async () => {
    await send(2);
    order.retain(() => false);
    bring(2);
    order.followFrom(room.id, 1, events[0]?.message.sentAt as number);
    await until(1);
    expect(seen).toEqual([2]);
    await send(1);
    bring(3, 2);
    expect(seen).toEqual([2, 3]);
  });

  test("conversations that nobody follows, or that are gone, deliver nothing", async () => {
    await send(1);
    order.retain(() => false);
    bring(1);
    expect(seen).toEqual([]);
    await order.follow([room.id]);
    await shop.deleteConversation(room.id);
    await order.reconcile();
    expect(gone).toEqual([room.id]);
  });

  test("any mixture of loss, repetition and disorder ends as the log", async () => {
    await send(200);
    let state = 7;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
      return state / 0x7fffffff;
    };
    const arriving = events
      .filter(() => random() > 0.2)
      .flatMap((event) => (random() < 0.2 ? [event, event] : [event]))
      .map((event, index) => ({ event, at: index + random() * 10 }))
      .sort((one, other) => one.at - other.at);
    for (const { event } of arriving) {
      order.accept(event);
      if (random() < 0.1) await new Promise((resolve) => setTimeout(resolve, random() * 10));
    }
    await order.reconcile();
    await until(200);
    expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });
});
