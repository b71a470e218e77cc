import { expect, test } from "bun:test";
import { messageUid, parseMessageUid } from "./message-uid.ts";

const now = 1_763_769_600_123_456;

test("a uid has four groups of four characters and leads back to its message", () => {
  for (let step = 0; step < 1000; step++) {
    const sentAt = now + step * 7919;
    const conversationId = now - step * 104_729;
    const uid = messageUid(conversationId, sentAt);
    expect(uid).toMatch(/^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){3}$/);
    const parsed = parseMessageUid(uid);
    expect(parsed?.sentAt).toBe(sentAt);
    expect(parsed?.isOf(conversationId)).toBe(true);
    expect(parsed?.isOf(conversationId + 1)).toBe(false);
  }
});

test("uids sort by time and differ between conversations", () => {
  expect(messageUid(5, now) < messageUid(1, now + 1)).toBe(true);
  expect(messageUid(1, now)).not.toBe(messageUid(2, now));
});

test("what is no uid is none", () => {
  for (const wrong of [
    "",
    "AAAA",
    "AAAA-AAAA-AAAA-AAA1",
    "aaaa-aaaa-aaaa-aaaa",
    "AAAAAAAAAAAAAAAA",
    "IIII-AAAA-AAAA-AAAA",
  ]) {
    expect(parseMessageUid(wrong)).toBeNull();
  }
});
