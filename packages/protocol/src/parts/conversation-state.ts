/** A conversation as one user sees it. */

import { limits } from "../limits.ts";
import {
  boolean,
  described,
  either,
  type Infer,
  integer,
  list,
  literal,
  nullable,
  object,
  optional,
  string,
} from "../schema/schema.ts";
import { message } from "./entry.ts";
import { conversationRef, micros, noControls, position, typeName, userId } from "./ids.ts";

export const tagName = string({ minLength: 1, maxLength: limits.tagCharacters, pattern: noControls });

export const settings = object({
  isPinned: boolean(),
  mute: described(
    "0 tells everything, 1 mentions alone, 2 those of this user by name, 4 those of all, 5 nothing; there is no 3.",
    integer({ minimum: 0, maximum: limits.muteLevel }),
  ),
  draft: described('"" is none.', string({ maxLength: limits.draftCharacters })),
  tags: list(tagName, { maxItems: limits.tags }),
});

export type ConversationSettings = Infer<typeof settings>;

const count = integer({ minimum: 0 });

export const conversationState = object({
  conversation: conversationRef,
  head: described("The end of the log; 0 and 0 while it is empty.", position),
  lastMessage: described(
    "The last that shows, in its present state; of one above `lastMessageBytes` the beginning of its `text`, without keys.",
    nullable(message),
  ),
  unread: described("Counted messages after the read mark, at most `unreadCount`.", count),
  mentions: described("Those of them that mention this user.", count),
  readMark: position,
  peerReadMark: optional(described("direct: how far the other one has read.", position)),
  settings,
  clearedUpTo: described("Nothing up to here is shown to this user; 0 is nothing cleared.", micros),
  deletedAt: optional(
    described(
      "When this user last deleted single messages from view; pages held from before show them still.",
      micros,
    ),
  ),
  joinedAt: optional(
    described("A later one than before: it is another conversation of the same name.", micros),
  ),
  memberCount: optional(count),
  changedAt: described("Rises with every change of read mark, settings, clearing or membership.", micros),
});

export type ConversationState = Infer<typeof conversationState>;

export const removedConversation = object({
  conversation: conversationRef,
  isRemoved: literal(true),
  changedAt: micros,
});

/** Present, or gone from this user's list. */
export const conversationChange = either(conversationState, removedConversation);

export type ConversationChange = ConversationState | Infer<typeof removedConversation>;

export const member = object({
  userId,
  data: optional(string()),
  joinedAt: optional(micros),
  role: optional(
    described("`owner` or `admin` of a group whose facts the app keeps here; others have none.", typeName),
  ),
});
export const user = object({ id: userId, data: optional(string()) });
export const presence = object({
  userId,
  isOnline: boolean(),
  since: optional(described("When that began, as far as it is known.", micros)),
  platforms: described(
    "Of the devices that are connected, each once, as they told it when they connected.",
    list(string(), { maxItems: 10 }),
  ),
});

export type Member = Infer<typeof member>;
export type User = Infer<typeof user>;
export type Presence = Infer<typeof presence>;
