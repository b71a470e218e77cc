import { ParlanceError } from "../../errors.ts";
import type { Conversation } from "../../ports/store.ts";
import { deleteConversation } from "../conversations/delete-conversation.ts";
import type { Core } from "../core.ts";

/** Members are told and have left, keys and history are gone; who joins the same id later comes into another chatroom. */
export async function destroyChatroom(core: Core, conversation: Conversation): Promise<void> {
  if (conversation.kind !== "chatroom") throw new ParlanceError("conversationNotFound");
  await deleteConversation(core, conversation);
}
