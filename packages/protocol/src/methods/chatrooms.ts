import { hall, hello } from "../examples.ts";
import { limits } from "../limits.ts";
import { chatroomKey, chatroomKeyName, chatroomKeys, hasAllKeys, memberCount } from "../parts/chatroom.ts";
import { message } from "../parts/entry.ts";
import { conversationRef, micros, pageLimit, seq, userId } from "../parts/ids.ts";
import { boolean, described, integer, list, nullable, object, optional, string } from "../schema/schema.ts";
import { method } from "./method.ts";

const named = { conversation: conversationRef };
const errors = ["conversationNotFound", "notJoined", "notAllowed", "wrongKind"] as const;
const topic = { key: "topic", value: "Tea", by: "alice", at: hello.sentAt };

/** A member is who is there now: leaving, or being away for longer than the server waits, ends it. */
export const chatroomMethods = {
  "chatroom.join": method({
    sentence: "Enters a chatroom, or asks again what is there.",
    notes: [
      "A client joins again after it reconnected; `knownKeysAt` then spares it keys that did not change.",
    ],
    params: object({
      ...named,
      historyCount: optional(integer({ minimum: 0, maximum: limits.chatroomHistory })),
      knownKeysAt: optional(described("Keys that changed after this; absent: all.", micros)),
    }),
    result: object({ messages: list(message), headSeq: seq, memberCount, keys: chatroomKeys, hasAllKeys }),
    errors: ["conversationNotFound", "notAllowed", "wrongKind", "tooManyChatrooms"],
    example: {
      params: { conversation: hall, historyCount: 10 },
      result: { messages: [hello], headSeq: 41, memberCount: 12, keys: [topic] },
    },
  }),
  "chatroom.leave": method({
    sentence: "Leaves a chatroom.",
    params: object(named),
    result: object({}),
    errors: ["conversationNotFound", "wrongKind"],
    example: { params: { conversation: hall }, result: {} },
  }),
  "chatroom.members": method({
    sentence: "Returns how many are there, and a page of them, in order of joining.",
    params: object({
      ...named,
      after: optional(described("`next` of the page before.", micros)),
      limit: optional(pageLimit(limits.chatroomMembers)),
      isNewestFirst: optional(boolean()),
    }),
    result: object({
      memberCount,
      members: list(object({ userId, joinedAt: micros })),
      next: nullable(micros),
    }),
    errors,
    example: {
      params: { conversation: hall, limit: 1 },
      result: { memberCount: 12, members: [{ userId: "alice", joinedAt: hello.sentAt }], next: hello.sentAt },
    },
  }),
  "chatroom.keys": method({
    sentence: "Returns the keys that changed after a time.",
    params: object({ ...named, knownKeysAt: optional(micros) }),
    result: object({ keys: chatroomKeys, hasAllKeys }),
    errors,
    example: { params: { conversation: hall }, result: { keys: [topic] } },
  }),
  "chatroom.setKeys": method({
    sentence: "Sets keys of a chatroom, all of them or none.",
    params: object({
      ...named,
      keys: list(
        object({
          key: chatroomKeyName,
          value: string({ minLength: 1, maxLength: limits.chatroomValueCharacters }),
        }),
        {
          minItems: 1,
          maxItems: limits.chatroomKeysPerCall,
        },
      ),
      isForced: optional(described("Also keys that somebody else set.", boolean())),
      isAutoDelete: optional(described("Removed when the caller leaves.", boolean())),
    }),
    result: object({ keys: list(chatroomKey) }),
    errors: [...errors, "keyTaken", "tooManyKeys"],
    example: {
      params: { conversation: hall, keys: [{ key: "topic", value: "Tea" }] },
      result: { keys: [topic] },
    },
  }),
  "chatroom.removeKeys": method({
    sentence: "Removes keys of a chatroom; unknown ones don't matter.",
    params: object({
      ...named,
      keys: list(chatroomKeyName, { minItems: 1, maxItems: limits.chatroomKeysPerCall }),
      isForced: optional(boolean()),
    }),
    result: object({}),
    errors: [...errors, "keyTaken"],
    example: { params: { conversation: hall, keys: ["topic"] }, result: {} },
  }),
};
