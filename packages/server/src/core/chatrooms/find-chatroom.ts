import { ParlanceError } from "../../errors.ts";
import type { Conversation } from "../../ports/store.ts";
import { createConversation } from "../conversations/create-conversation.ts";
import type { Core } from "../core.ts";

const kinds = ["chatroom"] as const;
const longestKey = 255;

/** Throws `conversationNotFound`. */
export async function findChatroom(core: Core, key: string): Promise<Conversation> {
  const found = await core.conversations.find(key, kinds);
  if (!found) throw new ParlanceError("conversationNotFound");
  return found;
}

/** Found or made, whoever else makes it at the same time on any node. Throws `invalidInput` for what can't be a key. */
export async function ensureChatroom(core: Core, key: string): Promise<Conversation> {
  if (key === "" || key.length > longestKey || !key.isWellFormed() || key.includes("\0"))
    throw new ParlanceError("invalidInput", { id: `A chatroom's id has 1 to ${longestKey} characters.` });
  const found = await core.conversations.find(key, kinds);
  if (found) return found;
  try {
    return await createConversation(core, { kind: "chatroom", key, admission: "open", memberIds: [] });
  } catch (error) {
    if (!(error instanceof ParlanceError && error.code === "invalidInput")) throw error;
    return findChatroom(core, key);
  }
}
