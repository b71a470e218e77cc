import type { Core } from "../core.ts";
import type { MessageSent } from "../events.ts";
import { type SendMessage, sendMessage } from "./send-message.ts";

/** Microseconds. */
const window = 60_000_000;

/**
 * Sends a message unless the sender sent one with the same key in this conversation within the last minute: then that one
 * is the answer, as a repeat. The key is a client id, so that nothing is stored besides and every node knows it; client
 * ids are remembered for longer than a minute, so a later message's names its minute, too. Key: at most 40 characters.
 */
export async function sendOnce(
  core: Core,
  input: SendMessage,
  key: string,
  now: () => number = () => Date.now() * 1000,
): Promise<MessageSent> {
  const first = await sendMessage(core, { ...input, clientId: `once:${key}` });
  const isPast = (sentAt: number) => sentAt <= now() - window;
  if (!first.isRepeat || !isPast(first.message.sentAt)) return first;

  const { conversation, senderId } = input;
  const minute = Math.floor(now() / window);
  const named = (of: number) => `once:${key}:${of}`;
  const before = await core.store.findSent(conversation.id, senderId, named(minute - 1));
  if (before !== null && !isPast(before.sentAt)) {
    const { sentAt, seq } = before;
    return { ...first, message: { ...first.message, sentAt, seq } };
  }
  return sendMessage(core, { ...input, clientId: named(minute) });
}
