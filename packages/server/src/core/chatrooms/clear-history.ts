import type { Conversation, Micros } from "../../ports/store.ts";
import type { Core } from "../core.ts";

const entriesAtOnce = 500;

/**
 * Removes what was said in a chatroom up to a time, for everybody and for good, in pieces, so that nobody's message waits
 * long behind it. Who is in the room keeps what their client shows until it reads anew. Throws `conversationNotFound`.
 */
export async function clearChatroom(core: Core, chatroom: Conversation, upTo: Micros): Promise<void> {
  let removed = 0;
  for (;;) {
    const count = await core.store.clearLog(chatroom.id, upTo, entriesAtOnce);
    removed += count;
    if (count < entriesAtOnce) break;
  }
  core.log.info({ conversation: chatroom.key, removed }, "chatroom cleared");
}
