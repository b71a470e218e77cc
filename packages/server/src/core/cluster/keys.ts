/**
 * What a node may be interested in, a conversation or a user of an app, as one number from 1 to 2^32-1. Two of them may
 * share a number: then a node hears what it has no listener for, and drops it. Nobody misses anything by that, because
 * every node counts its interests by these numbers (`own-interest.ts`), and subjects are named by them, too.
 */

const mix = (value: number): number => {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
};

const asKey = (hash: number): number => hash >>> 0 || 1;

export const conversationKey = (appId: number, conversationId: number): number =>
  asKey(mix(mix(mix(appId) ^ conversationId) + Math.floor(conversationId / 4_294_967_296)));

export const userKey = (appId: number, userId: string): number => {
  let hash = mix(~appId);
  for (let at = 0; at < userId.length; at++) hash = Math.imul(hash ^ userId.charCodeAt(at), 0x01000193);
  return asKey(mix(hash));
};

/** For digests: the same key counts differently in each of the two sets it can be in. */
export const digestOf = (key: number, isOwnSubject: boolean): number => mix(isOwnSubject ? ~key : key) >>> 0;
