import { ParlanceError } from "../../errors.ts";
import type { Conversation } from "../../ports/store.ts";
import type { Core } from "../core.ts";

/** Ends the conversation for everybody at once; its rows are removed in the background, reports about it stay. */
export async function deleteConversation(core: Core, conversation: Conversation): Promise<void> {
  const existed = await core.store.deleteConversation(conversation.id);
  core.conversations.forget(conversation);
  if (!existed) throw new ParlanceError("conversationNotFound");
  core.publish({ kind: "conversationDeleted", conversation });
  core.log.info({ conversation: conversation.key }, "conversation deleted");
}
