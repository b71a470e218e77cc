import { expect, test } from "bun:test";
import type { ConversationState, Message } from "@parlance/protocol";
import { advanceByMessage } from "./advance-state.ts";

const message = (seq: number, more: Partial<Message> = {}): Message => ({
  seq,
  sentAt: 1000 + seq,
  from: "bob",
  type: "text",
  content: { text: `m${seq}` },
  isCounted: true,
  ...more,
});

test("a message that is never a list's last counts, and leaves the one before in its place", () => {
  const state = { unread: 0, mentions: 0, lastMessage: null } as unknown as ConversationState;
  const first = advanceByMessage(state, message(1), false, "alice");
  const next = advanceByMessage(first, message(2, { isNeverLast: true }), false, "alice");
  expect(next).toMatchObject({ head: { seq: 2 }, unread: 2, lastMessage: { seq: 1 } });
});
