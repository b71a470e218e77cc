import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Conversation } from "../../ports/store.ts";
import { openTestCore, type TestCore } from "../../testing/test-core.ts";
import { sendOnce } from "./send-once.ts";

let world: TestCore;
let conversation: Conversation;
beforeAll(async () => {
  world = await openTestCore();
  const group = { kind: "group", key: "lunch", admission: "members", memberIds: ["ben"] } as const;
  conversation = await world.core.store.createConversation({ ...group, memberIds: ["ben"] });
});
afterAll(() => world.close());

/** On another node at each call, so many seconds from now. */
const sendAfter = async (seconds: number, key = "k", senderId = "ann") => {
  const input = { conversation, senderId, senderData: null, type: "text", content: "{}", marksRead: false };
  const { isRepeat = false, message } = await sendOnce(
    world.newNode(),
    input,
    key,
    () => (Date.now() + seconds * 1000) * 1000,
  );
  return { isRepeat, seq: message.seq };
};

test("a key is good for one message within a minute, of one sender", async () => {
  expect(await sendAfter(0)).toEqual({ isRepeat: false, seq: 1 });
  expect(await sendAfter(59)).toEqual({ isRepeat: true, seq: 1 });
  expect(await sendAfter(0, "other")).toEqual({ isRepeat: false, seq: 2 });
  expect(await sendAfter(0, "k", "cid")).toEqual({ isRepeat: false, seq: 3 });
});

test("and for another one later, which is again for a minute", async () => {
  // The store's clock stands still here: by it the second message is of now.
  expect(await sendAfter(61)).toEqual({ isRepeat: false, seq: 4 });
  expect(await sendAfter(61)).toEqual({ isRepeat: true, seq: 4 });
  expect(await sendAfter(0)).toEqual({ isRepeat: true, seq: 1 });
});
