/** The table of events: what the server tells without being asked. */

import { hall, hello, lunch, lunchState, recall } from "./examples.ts";
import { limits } from "./limits.ts";
import { chatroomKeys, memberCount } from "./parts/chatroom.ts";
import { conversationChange, presence, user } from "./parts/conversation-state.ts";
import { changeEvent, messageEvent } from "./parts/entry.ts";
import { conversationRef, micros, seq, typeName, userId } from "./parts/ids.ts";
import { notice } from "./parts/notice.ts";
import {
  anyObject,
  described,
  type Infer,
  integer,
  list,
  nullable,
  object,
  oneOf,
  optional,
  type Schema,
  string,
} from "./schema/schema.ts";

export interface ProtocolEvent<Data = unknown> {
  sentence: string;
  data: Schema<Data>;
  example: NoInfer<Data>;
}

const event = <Data>(row: ProtocolEvent<Data>): ProtocolEvent<Data> => row;

const count = integer({ minimum: 1 });
const some = list(userId, { maxItems: limits.membersPage });

export const events = {
  welcome: event({
    sentence: "The first frame of every connection.",
    data: object({
      protocol: integer({ minimum: 1 }),
      user,
      deviceId: string(),
      sessionId: optional(string()),
      now: described("The server's clock.", micros),
      heartbeatSeconds: described(
        "The server pings this often; silence for twice as long means a dead line.",
        count,
      ),
      limits: object({
        frameBytes: count,
        contentBytes: count,
        openRequests: count,
        framesPerMinute: optional(count),
      }),
    }),
    example: {
      protocol: 1,
      user: { id: "alice", data: '{"name":"Alice"}' },
      deviceId: "phone",
      now: 1_767_225_600_000_000,
      heartbeatSeconds: 25,
      limits: {
        frameBytes: limits.frameBytes,
        contentBytes: limits.contentBytes,
        openRequests: limits.openRequests,
        framesPerMinute: 300,
      },
    },
  }),
  message: event({
    sentence: "A message was stored, by anyone, this user on another device or this connection included.",
    data: messageEvent,
    example: { ...hello, conversation: lunch, marksRead: true },
  }),
  change: event({
    sentence: "An earlier message changed.",
    data: changeEvent,
    example: { ...recall, conversation: lunch },
  }),
  signal: event({
    sentence: "Something that is not kept: typing, a status message, a type of the app's own.",
    data: object({
      conversation: conversationRef,
      from: nullable(userId),
      type: typeName,
      content: anyObject(),
      sentAt: micros,
    }),
    example: { conversation: lunch, from: "bob", type: "typing", content: {}, sentAt: hello.sentAt },
  }),
  readMark: event({
    sentence:
      "A read mark moved: this user's own, the other one's of a direct conversation, a member's of a group.",
    data: object({ conversation: conversationRef, userId, sentAt: micros, seq }),
    example: { conversation: lunch, userId: "bob", sentAt: hello.sentAt, seq: 41 },
  }),
  conversation: event({
    sentence: "A conversation changed for this user: settings, clearing, removal, membership.",
    data: conversationChange,
    example: { ...lunchState, unread: 0 },
  }),
  membersChanged: event({
    sentence: "Users were added to or removed from a group; of large sets the counts alone.",
    data: object({
      conversation: conversationRef,
      added: some,
      removed: some,
      memberCount: optional(memberCount),
    }),
    example: { conversation: lunch, added: ["carol"], removed: [], memberCount: 4 },
  }),
  user: event({
    sentence:
      "What the app wants shown of a user changed: of this user, or of somebody in a direct conversation or a group with this user. Told to who is online in the 200 of them that were written in last, and of very many to some; in chatrooms the next message's `fromData` shows it.",
    data: user,
    example: { id: "bob", data: '{"name":"Robert"}' },
  }),
  presence: event({
    sentence: "Watched users came or went.",
    data: object({ users: list(presence, { maxItems: limits.watchedPerCall }) }),
    example: { users: [{ userId: "bob", isOnline: false, since: hello.sentAt, platforms: [] }] },
  }),
  notice: event({
    sentence:
      "The app changed a profile, friends, or a group it keeps facts of. Told to who is online; what it changed is kept, the notice isn't.",
    data: notice,
    example: {
      kind: "groupOperation",
      conversation: lunch,
      operation: "addAdmin",
      userIds: ["bob"],
      at: hello.sentAt,
    },
  }),
  chatroom: event({
    sentence:
      "Something happened in a joined chatroom; in a large one nobody is named, and many changes come as one.",
    data: object({
      conversation: conversationRef,
      kind: oneOf(["keys", "members", "left", "destroyed"]),
      keys: optional(chatroomKeys),
      joined: optional(some),
      left: optional(some),
      memberCount: optional(memberCount),
    }),
    example: { conversation: hall, kind: "members", joined: ["bob"], left: [], memberCount: 13 },
  }),
  reload: event({
    sentence: "The server dropped something meant for this connection: sync again, as after a connect.",
    data: object({ conversation: optional(described("Absent: anything may be missing.", conversationRef)) }),
    example: { conversation: lunch },
  }),
};

export type EventName = keyof typeof events;

export type EventData<Name extends EventName> = Infer<(typeof events)[Name]["data"]>;

export const isEventName = (name: string): name is EventName => Object.hasOwn(events, name);
