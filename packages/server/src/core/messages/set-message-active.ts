import type { Conversation, Message } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { changeMessage } from "./change-message.ts";

/** Hides a message from history and last-message views, or shows it again; listeners are told when it changes. */
export async function setMessageActive(
  core: Core,
  conversation: Conversation,
  message: Message,
  isActive: boolean,
): Promise<void> {
  await changeMessage(core, {
    conversation,
    of: message.sentAt,
    kind: isActive ? "show" : "hide",
    by: null,
  });
}
