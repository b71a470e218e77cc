/** Values that the examples of the tables, the reference page and the vectors share. */

import type { ConversationState } from "./parts/conversation-state.ts";
import type { Change, Message } from "./parts/entry.ts";

export const lunch = { kind: "group", id: "lunch" } as const;
export const bob = { kind: "direct", id: "bob" } as const;
export const hall = { kind: "chatroom", id: "hall" } as const;

export const hello: Message = {
  seq: 41,
  sentAt: 1_767_225_600_000_041,
  from: "alice",
  type: "text",
  content: { text: "Hello 👋" },
  isCounted: true,
};

export const recall: Change = {
  seq: 42,
  sentAt: 1_767_225_660_000_042,
  by: "alice",
  change: { of: hello.sentAt, seq: hello.seq, kind: "recall" },
};

export const lunchState: ConversationState = {
  conversation: lunch,
  head: { seq: 41, sentAt: hello.sentAt },
  lastMessage: hello,
  unread: 1,
  mentions: 0,
  readMark: { seq: 40, sentAt: 1_767_225_500_000_040 },
  settings: { isPinned: false, mute: 0, draft: "", tags: [] },
  clearedUpTo: 0,
  joinedAt: 1_767_200_000_000_000,
  memberCount: 3,
  changedAt: 1_767_225_500_000_040,
};
