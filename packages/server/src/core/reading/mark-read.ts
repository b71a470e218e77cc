import type { Conversation, Micros, MovedMark } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { onceKnown } from "../once-known.ts";

export interface MarkRead {
  conversation: Conversation;
  userId: string;
  userData: string | null;
  /** Everything up to here is read; beyond the last message means all of it. */
  upTo: Micros;
}

/**
 * Read marks only move forward; everybody is told when one does. Null: no message is that old. Throws `unavailable`, and
 * `outcomeUnknown`: should it turn out that the mark moved, everybody is told then.
 */
export async function markRead(core: Core, input: MarkRead): Promise<MovedMark | null> {
  const { conversation, userId, upTo } = input;
  let mark: MovedMark | null;
  try {
    mark = await core.store.moveReadMark(conversation.id, userId, upTo);
  } catch (error) {
    onceKnown(error, (late: MovedMark) => announce(core, input, late));
    throw error;
  }
  return announce(core, input, mark);
}

function announce(core: Core, input: MarkRead, mark: MovedMark | null): MovedMark | null {
  const { conversation, userId, userData } = input;
  if (mark?.hasMoved) {
    const { sentAt, seq } = mark;
    core.publish({ kind: "readMarkMoved", conversation, userId, userData, sentAt, seq });
    core.log.debug({ user: userId, conversation: conversation.key, seq: mark.seq }, "read mark moved");
  }
  return mark;
}
