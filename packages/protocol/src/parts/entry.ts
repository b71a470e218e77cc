/** What a conversation's log is made of: messages, and changes of earlier ones. */

import { limits } from "../limits.ts";
import {
  anyObject,
  boolean,
  described,
  either,
  extended,
  type Infer,
  list,
  literal,
  nullable,
  object,
  oneOf,
  optional,
  string,
} from "../schema/schema.ts";
import { clientId, conversationRef, messageKeys, micros, seq, typeName, userId, userIds } from "./ids.ts";

/** Who is called upon; `all` is everyone in a group. */
export const mentions = object({
  users: optional(list(userId, { maxItems: limits.mentionedUsers })),
  all: optional(literal(true)),
});

export type Mentions = Infer<typeof mentions>;

export const messageStates = ["recalled", "deleted", "hidden"] as const;

export const quote = object({
  sentAt: micros,
  seq,
  from: nullable(userId),
  type: typeName,
  content: described("What it said then; empty where that was more than `excerptBytes`.", anyObject()),
  state: optional(oneOf(messageStates)),
});

export const message = object({
  seq,
  sentAt: micros,
  from: described("Null: the app itself speaks.", nullable(userId)),
  fromData: optional(
    described("What the app wants shown beside the sender; JSON text of its own.", string()),
  ),
  type: typeName,
  content: described("Empty in every state but the usual one.", anyObject()),
  isCounted: described("Raises the unread number of those who have yet to read it.", boolean()),
  isNeverLast: optional(described("Lists go on showing the message before as the last one.", literal(true))),
  clientId: optional(described("Shown to its author alone.", clientId)),
  mentions: optional(mentions),
  quote: optional(quote),
  keys: optional(messageKeys),
  to: optional(
    described(
      "A directed message: its author and these users alone can read it.",
      userIds(limits.directedUsers),
    ),
  ),
  state: optional(
    described(
      "recalled: shown as taken back. deleted: shown nowhere. hidden: not for you, or taken from view by the app.",
      oneOf(messageStates),
    ),
  ),
  modifiedAt: optional(micros),
  changeSeq: optional(described("Where in the log its last change stands.", seq)),
});

export type Message = Infer<typeof message>;

export const changeKinds = ["recall", "delete", "modify", "setKeys", "removeKeys", "hide", "show"] as const;

export const change = object({
  seq,
  sentAt: micros,
  by: described("Null: the app.", nullable(userId)),
  change: object({
    of: described("The message's `sentAt`.", micros),
    seq: described("The message's `seq`.", seq),
    kind: described("show: load the message with `message.get`.", oneOf(changeKinds)),
    type: optional(typeName),
    content: optional(described("modify: the content from now on.", anyObject())),
    keys: optional(messageKeys),
    removedKeys: optional(list(string(), { maxItems: limits.messageKeysPerCall })),
  }),
});

export type Change = Infer<typeof change>;

export const entry = either(message, change);

/** A message has a `type`, a change has a `change`. */
export type Entry = Message | Change;

const inConversation = { conversation: conversationRef };

export const messageEvent = extended(message, {
  ...inConversation,
  marksRead: optional(described("Its author's read mark moved to it.", literal(true))),
});
export const changeEvent = extended(change, inConversation);
