import type { Conversation, Micros, MovedMark } from "../../ports/store.ts";
import type { Core } from "../core.ts";

export interface MarkRead {
  conversation: Conversation;
  userId: string;
  userData: string | null;
  /** Everything up to here is read; beyond the last message means all of it. */
  upTo: Micros;
}

/** Read marks only move forward; all members, the reader's own devices too, are told when one does. Null: no message is that old. */
export async function markRead(core: Core, input: MarkRead): Promise<MovedMark | null> {
  const { conversation, userId, userData, upTo } = input;
  const mark = await core.store.moveReadMark(conversation.id, userId, upTo);
  if (mark?.hasMoved) {
    const { sentAt, seq } = mark;
    core.publish({ kind: "readMarkMoved", conversation, userId, userData, sentAt, seq });
    core.log.debug({ user: userId, conversation: conversation.key, seq: mark.seq }, "read mark moved");
  }
  return mark;
}
