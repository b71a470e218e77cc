/** Messages that answer another one. They keep what it said then; what became of it since is asked on reading. */

import { ParlanceError } from "../../errors.ts";
import type { AppStore, Conversation, Message, Micros } from "../../ports/store.ts";
import type { Quote } from "../../ports/store-entries.ts";
import type { Core } from "../core.ts";
import { isVisibleTo } from "./find-message.ts";

/** Bytes of UTF-8; what is longer is left out, and whoever wants it reads the message. */
const longestExcerpt = 1024;

/** Throws `invalidInput` unless the message shows in this conversation, and to the user (null: the app). */
export async function quoteMessage(
  core: Core,
  conversation: Conversation,
  sentAt: Micros,
  userId: string | null,
): Promise<Quote> {
  const message = await core.store.findMessage(conversation.id, sentAt, userId);
  if (!message?.isActive || !isVisibleTo(message, userId))
    throw new ParlanceError("invalidInput", { quote: "There is no such message to answer." });
  const { seq, senderId, type, content } = message;
  const quote: Quote = { sentAt, seq, senderId, type };
  if (content.length <= longestExcerpt && Buffer.byteLength(content) <= longestExcerpt)
    quote.content = content;
  return quote;
}

/** The messages with their quotes as they may be shown now: one query for all of them, and none when nobody quotes. */
export async function resolveQuotes(
  store: AppStore,
  conversationId: number,
  messages: readonly Message[],
): Promise<Message[]> {
  const quoted = messages.flatMap(({ quote }) => (quote ? [quote.sentAt] : []));
  if (quoted.length === 0) return [...messages];
  const states = new Map(
    (await store.findStates(conversationId, quoted)).map(({ sentAt, state }) => [sentAt, state]),
  );
  return messages.map((message) => {
    const state = message.quote && states.get(message.quote.sentAt);
    if (!message.quote || !state) return message;
    const { content: _, ...rest } = message.quote;
    return { ...message, quote: { ...rest, state } };
  });
}
