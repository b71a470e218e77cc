import { hello, lunch, lunchState } from "../examples.ts";
import { limits } from "../limits.ts";
import { conversationChange, conversationState, member, tagName } from "../parts/conversation-state.ts";
import { conversationRef, micros, pageLimit, position, userId } from "../parts/ids.ts";
import { boolean, described, integer, list, nullable, object, optional, string } from "../schema/schema.ts";
import { conversationErrors, method } from "./method.ts";

const cursor = string({ minLength: 1, maxLength: 200 });
const named = { conversation: conversationRef };
const state = object({ state: conversationState });

export const conversationMethods = {
  "conversation.sync": method({
    sentence: "Returns every conversation that changed since a cursor, each with its whole present state.",
    notes: [
      "Repeats are harmless and misses impossible: keep the cursor of the last page and send it after every connect.",
      "Without a cursor, or with one the server doesn't know any more, everything comes and `isFull` is true: conversations that no page names are gone.",
    ],
    params: object({
      cursor: optional(nullable(cursor)),
      limit: optional(pageLimit(limits.conversationsPage)),
    }),
    result: object({
      conversations: list(conversationChange),
      cursor,
      hasMore: boolean(),
      isFull: described("This page belongs to a list of everything.", boolean()),
    }),
    errors: [],
    example: {
      params: { cursor: null },
      result: { conversations: [lunchState], cursor: "1767225600000041", hasMore: false, isFull: true },
    },
  }),
  "conversation.list": method({
    sentence: "Returns a page of conversations, pinned ones first, then the newest first.",
    params: object({
      before: optional(described("`next` of the page before.", cursor)),
      limit: optional(pageLimit(limits.conversationsPage)),
      tag: optional(tagName),
    }),
    result: object({ conversations: list(conversationState), next: nullable(cursor) }),
    errors: ["tagNotFound"],
    example: { params: { limit: 20 }, result: { conversations: [lunchState], next: null } },
  }),
  "conversation.get": method({
    sentence: "Returns the present state of one conversation, or that it is not in the caller's list.",
    params: object(named),
    result: object({ state: conversationChange }),
    errors: conversationErrors,
    example: { params: { conversation: lunch }, result: { state: lunchState } },
  }),
  "conversation.update": method({
    sentence: "Changes the caller's own settings of a conversation, on all of the caller's devices.",
    params: object({
      ...named,
      isPinned: optional(boolean()),
      mute: optional(integer({ minimum: 0, maximum: limits.muteLevel })),
      draft: optional(string({ maxLength: limits.draftCharacters })),
      tags: optional(
        object({
          add: optional(list(tagName, { maxItems: limits.tags })),
          remove: optional(list(tagName, { maxItems: limits.tags })),
        }),
      ),
    }),
    result: state,
    errors: [...conversationErrors, "tagNotFound", "wrongKind"],
    example: {
      params: { conversation: lunch, isPinned: true },
      result: {
        state: {
          ...lunchState,
          settings: { ...lunchState.settings, isPinned: true },
          changedAt: hello.sentAt + 9_000_000,
        },
      },
    },
  }),
  "conversation.markRead": method({
    sentence: "Moves the caller's read mark forward to a message; it never moves back.",
    params: object({ ...named, sentAt: described("A time after the last message means all of it.", micros) }),
    result: object({ readMark: position }),
    errors: [...conversationErrors, "messageNotFound", "wrongKind"],
    example: {
      params: { conversation: lunch, sentAt: hello.sentAt },
      result: { readMark: { seq: 41, sentAt: hello.sentAt } },
    },
  }),
  "conversation.clear": method({
    sentence: "Takes everything up to a time from the caller's view, on all of the caller's devices.",
    params: object({ ...named, upTo: micros }),
    result: state,
    errors: [...conversationErrors, "wrongKind"],
    example: {
      params: { conversation: lunch, upTo: hello.sentAt },
      result: {
        state: {
          ...lunchState,
          lastMessage: null,
          unread: 0,
          clearedUpTo: hello.sentAt,
          changedAt: hello.sentAt + 9_000_000,
        },
      },
    },
  }),
  "conversation.remove": method({
    sentence: "Takes a conversation from the caller's list; the next message brings it back.",
    params: object(named),
    result: object({}),
    errors: [...conversationErrors, "wrongKind"],
    example: { params: { conversation: lunch }, result: {} },
  }),
  "conversation.members": method({
    sentence: "Returns a page of members, by user id.",
    params: object({
      ...named,
      after: optional(described("`next` of the page before.", userId)),
      limit: optional(pageLimit(limits.membersPage)),
    }),
    result: object({ members: list(member), next: nullable(userId) }),
    errors: [...conversationErrors, "wrongKind"],
    example: {
      params: { conversation: lunch },
      result: { members: [{ userId: "alice" }, { userId: "bob" }], next: null },
    },
  }),
};
