import { hello, lunch } from "../examples.ts";
import { limits } from "../limits.ts";
import { entry, mentions, message } from "../parts/entry.ts";
import {
  clientId,
  conversationRef,
  messageKeyNames,
  messageKeysToSet,
  micros,
  pageLimit,
  seq,
  typeName,
  userId,
  userIds,
} from "../parts/ids.ts";
import {
  anyObject,
  boolean,
  described,
  integer,
  list,
  nullable,
  object,
  optional,
} from "../schema/schema.ts";
import { conversationErrors, method } from "./method.ts";

const target = { conversation: conversationRef, sentAt: micros };
const changed = object({
  seq: described("Of the change; where all was so already, of the message's last change.", seq),
  sentAt: described("Of the change; where all was so already, of the message.", micros),
});
const writeErrors = [
  ...conversationErrors,
  "notAllowed",
  "muted",
  "blocked",
  "notJoined",
  "contentTooLarge",
] as const;
const changeErrors = [
  ...conversationErrors,
  "messageNotFound",
  "notYours",
  "notAllowed",
  "muted",
  "wrongKind",
] as const;
const one = { conversation: lunch, sentAt: hello.sentAt };
const changeExample = { seq: 42, sentAt: hello.sentAt + 60_000_001 };

export const messageMethods = {
  "message.send": method({
    sentence: "Sends a message; the reply comes when it is stored for good.",
    notes: [
      "Repeat a send whose reply did not come with the same clientId: it is stored once, and the first result comes again.",
      "A direct conversation comes into being with its first message. Sending moves the author's own read mark to the message.",
      "isPersisted false: a status message, delivered to who is online as event `signal` and stored nowhere.",
    ],
    params: object({
      conversation: conversationRef,
      clientId,
      type: typeName,
      content: described("At most `contentBytes`.", anyObject()),
      isCounted: optional(
        described("Absent: as the table of types says; true for the app's own.", boolean()),
      ),
      isPersisted: optional(
        described("Absent: as the table of types says; true for the app's own.", boolean()),
      ),
      mentions: optional(mentions),
      quote: optional(object({ sentAt: micros })),
      to: optional(
        described("group: only these users and the author can read it.", userIds(limits.directedUsers)),
      ),
    }),
    result: object({
      seq: described("0: a status message.", seq),
      sentAt: micros,
      isRepeat: described("It had been stored before.", boolean()),
    }),
    errors: [...writeErrors, "contentRefused", "blockedBySensitiveWord", "quoteNotFound", "wrongKind"],
    example: {
      params: { conversation: lunch, clientId: "c-7", type: "text", content: { text: "Hello 👋" } },
      result: { seq: 41, sentAt: hello.sentAt, isRepeat: false },
    },
  }),
  "message.history": method({
    sentence: "Returns a page of messages in their present state, oldest first.",
    notes: [
      "With `before` the page ends before that message, with `after` it begins after it, with neither it ends at the newest.",
      "Deleted and hidden messages are left out, and so are changes: their effect shows.",
    ],
    params: object({
      conversation: conversationRef,
      before: optional(micros),
      after: optional(micros),
      limit: optional(pageLimit(limits.historyPage)),
    }),
    result: object({
      messages: list(message),
      hasMore: described("In the direction of the call.", boolean()),
      headSeq: described("The page shows the effect of every change up to here.", seq),
    }),
    errors: conversationErrors,
    example: {
      params: { conversation: lunch, limit: 1 },
      result: { messages: [hello], hasMore: true, headSeq: 41 },
    },
  }),
  "message.since": method({
    sentence: "Returns the log after a position: what a client that stood there missed.",
    notes: [
      "Entries the caller can't see may be left out: `throughSeq` says how far the answer reaches.",
      "Messages come in their present state; changes that follow repeat what shows already, harmlessly.",
    ],
    params: object({
      conversation: conversationRef,
      afterSeq: seq,
      limit: optional(pageLimit(limits.sincePage)),
    }),
    result: object({ entries: list(entry), throughSeq: seq, hasMore: boolean() }),
    errors: [...conversationErrors, "tooOld"],
    example: {
      params: { conversation: lunch, afterSeq: 40 },
      result: { entries: [hello], throughSeq: 41, hasMore: false },
    },
  }),
  "message.get": method({
    sentence: "Returns one message in its present state.",
    params: object(target),
    result: object({ message }),
    errors: [...conversationErrors, "messageNotFound"],
    example: { params: one, result: { message: hello } },
  }),
  "message.recall": method({
    sentence: "Takes a message back for everyone; the log keeps its place.",
    params: object({ ...target, isDelete: optional(described("True: nothing is left to see.", boolean())) }),
    result: changed,
    errors: changeErrors,
    example: { params: one, result: changeExample },
  }),
  "message.modify": method({
    sentence: "Replaces the content of one's own message for everyone.",
    params: object({ ...target, content: anyObject() }),
    result: changed,
    errors: [...changeErrors, "contentTooLarge", "contentRefused", "blockedBySensitiveWord"],
    example: { params: { ...one, content: { text: "Hello, all" } }, result: changeExample },
  }),
  "message.setKeys": method({
    sentence: "Sets keys on a message; other keys stay.",
    params: object({ ...target, keys: messageKeysToSet }),
    result: changed,
    errors: [...changeErrors, "tooManyKeys"],
    example: { params: { ...one, keys: { "like=bob": "1" } }, result: changeExample },
  }),
  "message.removeKeys": method({
    sentence: "Removes keys from a message; unknown ones don't matter.",
    params: object({ ...target, keys: messageKeyNames }),
    result: changed,
    errors: changeErrors,
    example: { params: { ...one, keys: ["like=bob"] }, result: changeExample },
  }),
  "message.deleteMine": method({
    sentence: "Takes messages from the caller's own view, on all of the caller's devices.",
    notes: ["The state's `deletedAt` tells the caller's other devices to load their pages again."],
    params: object({
      conversation: conversationRef,
      sentAt: list(micros, { minItems: 1, maxItems: limits.deletedMessages }),
    }),
    result: object({}),
    errors: [...conversationErrors, "wrongKind"],
    example: { params: { conversation: lunch, sentAt: [hello.sentAt] }, result: {} },
  }),
  "message.readers": method({
    sentence: "Returns who has read a message, page by page.",
    params: object({
      ...target,
      after: optional(described("`next` of the page before.", userId)),
      limit: optional(pageLimit(limits.readersPage)),
    }),
    result: object({
      read: list(
        object({ userId, at: optional(described("When that was, as far as it is known.", micros)) }),
      ),
      readCount: optional(described("With the first page: members who have.", integer({ minimum: 0 }))),
      memberCount: optional(
        described(
          "With the first page: members who could have, without its author.",
          integer({ minimum: 0 }),
        ),
      ),
      next: nullable(userId),
    }),
    errors: [...conversationErrors, "messageNotFound", "wrongKind"],
    example: {
      params: one,
      result: {
        read: [{ userId: "bob", at: hello.sentAt + 5_000_000 }],
        readCount: 1,
        memberCount: 3,
        next: null,
      },
    },
  }),
};
