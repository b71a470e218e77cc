import type { Conversation, Message, Micros } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { findMessage } from "./find-message.ts";
import { resolveQuotes } from "./quotes.ts";

/** What the app hid is nobody's to read, whatever is asked: only that there is something, and its state. */
export const asShown = (message: Message): Message => {
  if (message.isActive) return message;
  const { quote: _, mentions: __, keys: ___, ...rest } = message;
  return { ...rest, content: "{}" };
};

/** One message as the user may see it now. Throws `messageNotFound`, also for one that is for others only. */
export async function getMessage(
  core: Core,
  conversation: Conversation,
  sentAt: Micros,
  userId: string,
): Promise<Message> {
  const message = asShown(await findMessage(core, conversation, sentAt, userId));
  const [shown = message] = await resolveQuotes(core.store, conversation.id, [message]);
  return shown;
}
