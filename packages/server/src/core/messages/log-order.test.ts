import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../adapters/open-store.ts";
import type { AppStore, Conversation, Message, Store } from "../../ports/store.ts";
import type { Change } from "../../ports/store-entries.ts";
import { until } from "../../testing/until.ts";
import type { EntryPassed, LogEvent, MessageSent } from "../events.ts";
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
let delivered: (LogEvent | EntryPassed)[];
let seen: number[];
let gone: number[];
let order: LogOrder;
let events: MessageSent[];
let rooms = 0;
/** What the order waits for before it reads, if anything, and how often it wants each conversation. */
let asked: (() => void)[] | null;
let wanted: Map<number, number>;
const want = (id: number, more: number) => wanted.set(id, (wanted.get(id) ?? 0) + more);
const interest = {
  addConversations(ids: readonly number[]) {
    for (const id of ids) want(id, 1);
    return asked ? new Promise<void>((resolve) => asked?.push(resolve)) : null;
  },
  dropConversation: (id: number) => void want(id, -1),
};
beforeEach(async () => {
  rooms++;
  room = await shop.createConversation({
    kind: "group",
    key: `room-${rooms}`,
    admission: "members",
    memberIds: ["ann"],
  });
  [seen, gone, events, delivered] = [[], [], [], []];
  [asked, wanted] = [null, new Map()];
  order = new LogOrder({
    store: shop,
    interest,
    deliver(event) {
      delivered.push(event);
      seen.push(seqOf(event));
    },
    onGone: (id) => gone.push(id),
    onError: (error) => {
      throw error;
    },
  });
  await order.follow([room.id]);
});

const seqOf = (event: LogEvent | EntryPassed): number =>
  event.kind === "entryPassed"
    ? event.seq
    : (event.kind === "messageSent" ? event.message : event.change).seq;

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

const untilSeen = (count: number) => until(`${count} messages`, () => seen.length >= count);

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
    await untilSeen(6);
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

  test("hidden messages are passed over when they are caught up on, and the change comes in its place", async () => {
    await send(3);
    const hidden = events[1]?.message as Message;
    await shop.change({ conversationId: room.id, of: hidden.sentAt, kind: "hide", by: null });
    await order.reconcile();
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(delivered.map(({ kind }) => kind)).toEqual([
      "messageSent",
      "entryPassed",
      "messageSent",
      "messageChanged",
    ]);
  });

  test("what a message quotes is not told by the log when it was recalled meanwhile", async () => {
    await send(1);
    const [{ message: quoted }] = events as [MessageSent];
    const { seq, sentAt, type, content } = quoted;
    const quote = { sentAt, seq, senderId: "ann", type, content };
    await shop.append({
      ...{ conversationId: room.id, senderId: "ben", type, content: "{}" },
      ...{ isCounted: true, marksRead: true, quote },
    });
    await shop.change({ conversationId: room.id, of: sentAt, kind: "recall", by: "ann" });
    await order.reconcile();
    expect(delivered).toMatchObject([
      { kind: "entryPassed" },
      { kind: "messageSent", message: { quote: { sentAt, state: "recalled" } } },
      { kind: "messageChanged" },
    ]);
    expect(JSON.stringify(delivered)).not.toContain("message 0");
  });

  test("changes come between messages in the order of the log, late, early and twice", async () => {
    await send(2);
    const of = events[0]?.message.sentAt as number;
    const changed = await shop.change({
      conversationId: room.id,
      of,
      kind: "modify",
      by: "ann",
      content: "{}",
    });
    const change: LogEvent = {
      kind: "messageChanged",
      conversation: room,
      change: changed?.change as Change,
    };
    await send(1);
    const [first, second, last] = events as [MessageSent, MessageSent, MessageSent];
    for (const event of [change, first, change, last, second, change]) order.accept(event);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(delivered[2]).toEqual(change);
  });

  test("events that arrive while the position is being read are neither lost nor doubled", async () => {
    await send(2);
    const late = new LogOrder({
      store: shop,
      interest,
      deliver: (event) => seen.push(seqOf(event)),
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
    await untilSeen(1);
    expect(seen.at(-1)).toBe(4);
    expect(seen.filter((seq) => seq < 3)).toEqual([]);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("what was sent before this node heard that somebody was added is found, even if nothing more comes", async () => {
    await send(2);
    order.retain(() => false);
    bring(2);
    order.followFrom(room.id, 1, events[0]?.message.sentAt as number, false);
    await untilSeen(1);
    expect(seen).toEqual([2]);
    await send(1);
    bring(3, 2);
    expect(seen).toEqual([2, 3]);
  });

  test("the end of the log is read only when all nodes send what is sent here, for everybody who waits", async () => {
    await send(1);
    order.retain(() => false);
    asked = [];
    const first = order.follow([room.id]);
    let isSecondDone = false;
    const second = order.follow([room.id]).then(() => {
      isSecondDone = true;
    });
    await send(1);
    expect(isSecondDone).toBe(false);
    for (const go of asked) go();
    await Promise.all([first, second]);
    expect(asked).toHaveLength(1);
    await send(1);
    bring(1, 2, 3);
    expect(seen).toEqual([3]);
  });

  test("who comes together asks for the ends of logs together, and none before all nodes send", async () => {
    const readings: number[][] = [];
    const counting = new Proxy(shop, {
      get: (target, name) =>
        name === "findHeads"
          ? (ids: number[]) => {
              readings.push(ids);
              return target.findHeads(ids);
            }
          : Reflect.get(target, name),
    });
    const deliver = () => {};
    const onError = deliver;
    const crowd = new LogOrder({ store: counting, interest, deliver, onGone: deliver, onError });
    asked = [];
    const followed = [2, 3, 4].map((other) => crowd.follow([room.id, other]));
    for (const go of asked.slice(0, 2)) go();
    await until("the first reading", () => readings.length === 1);
    expect(readings).toEqual([[room.id, 2, 3]]);
    asked[2]?.();
    await Promise.all(followed);
    expect(readings).toEqual([[room.id, 2, 3], [4]]);
  });

  test("a conversation is wanted as long as it is followed, and once", async () => {
    await order.follow([room.id, 1234]);
    expect([wanted.get(room.id), wanted.get(1234)]).toEqual([1, 0]);
    order.retain(() => false);
    expect(wanted.get(room.id)).toBe(0);
    order.followFrom(room.id, 0, 0, false);
    order.followFrom(room.id, 0, 0, false);
    expect(wanted.get(room.id)).toBe(1);
    order.stop();
    expect(wanted.get(room.id)).toBe(0);
  });

  test("somebody's addition that is heard of after the log was read goes back to it, if nobody else hears", async () => {
    await send(2);
    order.retain(() => false);
    // As after a loss: memberships were read from the store before the event of the addition came.
    await order.follow([room.id]);
    order.followFrom(room.id, 0, 0, false);
    bring(2);
    await untilSeen(2);
    expect(seen).toEqual([1, 2]);
    order.followFrom(room.id, 0, 0, true);
    await send(1);
    bring(3);
    expect(seen).toEqual([1, 2, 3]);
  });

  test("the same while the end of the log is being read, or the log itself", async () => {
    await send(250);
    order.retain(() => false);
    asked = [];
    const following = order.follow([room.id]);
    order.followFrom(room.id, 100, events[99]?.message.sentAt as number, false);
    for (const go of asked) go();
    await following;
    order.followFrom(room.id, 50, events[49]?.message.sentAt as number, false);
    bring(250);
    await untilSeen(200);
    expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => 51 + index));
  });

  test("a conversation that somebody is about to hear stays, whatever else they wait for", async () => {
    const other = { kind: "group", key: `other-${rooms}`, admission: "members", memberIds: [] } as const;
    const { id } = await shop.createConversation({ ...other, memberIds: ["ann"] });
    asked = [];
    const following = order.follow([room.id, id]);
    order.retain(() => false);
    for (const go of asked) go();
    await following;
    await send(1);
    bring(1);
    expect(seen).toEqual([1]);
    order.retain(() => false);
    expect([wanted.get(room.id), wanted.get(id)]).toEqual([0, 0]);
  });

  test("what is stopped delivers nothing more, not even what it was reading, and follows nothing", async () => {
    await send(3);
    order.retain(() => false);
    asked = [];
    order.followFrom(room.id, 0, 0, false);
    for (const go of asked) go();
    await Promise.resolve();
    await Promise.resolve();
    order.stop();
    await order.follow([room.id]);
    order.followFrom(room.id, 0, 0, false);
    // More questions than the reading of a log has, each answered after one of its.
    for (let question = 0; question < 10; question++) await shop.findHeads([room.id]);
    expect(seen).toEqual([]);
    expect(wanted.get(room.id)).toBe(0);
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
    await untilSeen(200);
    expect(seen).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });
});
