import { ParlanceError } from "../../errors.ts";
import type { Conversation } from "../../ports/store.ts";
import type { Core } from "../core.ts";

/**
 * To be asked before a person's message to a chatroom is sent; a back end's needs no leave. Throws `tooManyRequests` with
 * `retryAfterMs` among the details when the chatroom has as many as it takes for now: the message is dropped.
 */
export function admitMessage(core: Core, conversation: Conversation, isHigh = true): void {
  const wait = core.chatrooms.rate.admit(conversation.id, isHigh);
  if (wait !== null) throw new ParlanceError("tooManyRequests", { retryAfterMs: wait });
}
