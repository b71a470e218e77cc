/** A conversation as one user sees it, as it travels. */

import { type ConversationChange, type ConversationState, limits, type Position } from "@parlance/protocol";
import type { Core } from "../../core/core.ts";
import { findUserData } from "../../core/messages/list-history.ts";
import { resolveQuotes } from "../../core/messages/quotes.ts";
import type { Message as StoredMessage } from "../../ports/store.ts";
import type { LogPosition, ConversationState as StoredState } from "../../ports/store-conversations.ts";
import { refFor } from "./conversations.ts";
import { toMessage } from "./wire-entry.ts";

/** UTF-16 units. */
const excerptLength = 1024;

const nowhere: Position = { seq: 0, sentAt: 0 };

const position = (stored: LogPosition | null): Position => stored ?? nowhere;

/** Whole states, also of conversations that the user took off the list. */
export async function toStates(
  core: Core,
  userId: string,
  stored: readonly StoredState[],
): Promise<ConversationState[]> {
  const hasTags = stored.some(({ settings }) => settings.tags.length > 0);
  const [tags, data] = await Promise.all([
    hasTags ? core.store.listTags(userId) : [],
    findUserData(
      core.store,
      stored.map(({ lastMessage }) => lastMessage?.senderId ?? null),
    ),
  ]);
  const tagNames = new Map(tags.map(({ id, name }) => [id, name]));
  const shown = await Promise.all(stored.map((state) => withQuote(core, state)));
  return shown.map((state) => toState(userId, state, tagNames, data));
}

/** As `toStates`; what is off the list is said to be so. */
export async function toConversationChanges(
  core: Core,
  userId: string,
  stored: readonly StoredState[],
): Promise<ConversationChange[]> {
  const states = await toStates(core, userId, stored);
  return states.map((state, index) => {
    if (!stored[index]?.isRemoved) return state;
    return { conversation: state.conversation, isRemoved: true, changedAt: state.changedAt };
  });
}

/** What the last message quotes may have been recalled since. */
async function withQuote(core: Core, state: StoredState): Promise<StoredState> {
  if (!state.lastMessage?.quote) return state;
  const [lastMessage = null] = await resolveQuotes(core.store, state.conversation.id, [state.lastMessage]);
  return { ...state, lastMessage };
}

/** A page of states must not be as large as a hundred of the largest messages. */
function shortened(message: StoredMessage): StoredMessage {
  let size = message.content.length;
  for (const [key, value] of Object.entries(message.keys ?? {})) size += key.length + value.length;
  if (size * 3 <= limits.lastMessageBytes) return message;
  if (Buffer.byteLength(message.content + JSON.stringify(message.keys ?? {})) <= limits.lastMessageBytes)
    return message;
  const { keys: _, ...rest } = message;
  const { text } = JSON.parse(message.content) as { text?: unknown };
  const beginning = typeof text === "string" ? { text: text.slice(0, excerptLength).toWellFormed() } : {};
  return { ...rest, content: JSON.stringify(beginning) };
}

function toState(
  userId: string,
  stored: StoredState,
  tagNames: ReadonlyMap<string, string>,
  data: ReadonlyMap<string, string | null>,
): ConversationState {
  const { conversation, lastMessage, settings } = stored;
  const { isPinned, muteLevel, draft, tags } = settings;
  const senderData = data.get(lastMessage?.senderId ?? "") ?? null;
  return {
    conversation: refFor(conversation, userId),
    head: position(stored.head),
    lastMessage: lastMessage && toMessage(shortened(lastMessage), senderData, userId),
    unread: stored.unread,
    mentions: stored.mentions,
    readMark: position(stored.readMark),
    ...(conversation.kind === "direct" ? { peerReadMark: position(stored.peerReadMark) } : {}),
    settings: {
      isPinned,
      mute: Math.max(0, muteLevel ?? 0),
      draft: draft ?? "",
      tags: tags.flatMap((id) => tagNames.get(id) ?? []),
    },
    clearedUpTo: stored.clearedUpTo,
    deletedAt: stored.deletedAt,
    joinedAt: stored.joinedAt,
    memberCount: stored.memberCount,
    changedAt: stored.changedAt,
  };
}
