import type { Micros } from "../../ports/store.ts";

/**
 * A message's name across the whole deployment: 16 characters in four groups, `XXXX-XXXX-XXXX-XXXX`, 80 bits.
 * It is computed, not stored: 53 bits of the time (so uids sort by time), 27 bits of the conversation's id, which
 * tells apart messages that two conversations took in the same microsecond.
 */
const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const conversationBits = 27n;
const conversationMask = (1n << conversationBits) - 1n;
const characters = 16;

export function messageUid(conversationId: number, sentAt: Micros): string {
  let bits = (BigInt(sentAt) << conversationBits) | (BigInt(conversationId) & conversationMask);
  let uid = "";
  for (let index = 0; index < characters; index++) {
    uid = alphabet[Number(bits & 31n)] + uid;
    bits >>= 5n;
    if (index % 4 === 3 && index < characters - 1) uid = `-${uid}`;
  }
  return uid;
}

/** The time in a uid, and a test for the conversation it belongs to; null for what is no uid. */
export function parseMessageUid(
  uid: string,
): { sentAt: Micros; isOf(conversationId: number): boolean } | null {
  if (!/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/.test(uid)) return null;
  let bits = 0n;
  for (const character of uid.replaceAll("-", "")) {
    const digit = alphabet.indexOf(character);
    if (digit < 0) return null;
    bits = (bits << 5n) | BigInt(digit);
  }
  const conversation = bits & conversationMask;
  return {
    sentAt: Number(bits >> conversationBits),
    isOf: (conversationId) => (BigInt(conversationId) & conversationMask) === conversation,
  };
}
