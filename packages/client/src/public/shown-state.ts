import type { ConversationState } from "@parlance/protocol";

/** The same object each time, so that a view sees by identity whether anything changed. */
const allRead = new WeakMap<ConversationState, ConversationState>();

/** The state as the user takes it: what was marked read here is read, also before the server knows. */
export function shownState(state: ConversationState, readUpTo: number): ConversationState {
  const isAllRead = readUpTo > state.readMark.sentAt && readUpTo >= state.head.sentAt;
  if (!isAllRead) return state;
  const shown = allRead.get(state) ?? { ...state, readMark: state.head, unread: 0, mentions: 0 };
  allRead.set(state, shown);
  return shown;
}

const newestFirst = (one: ConversationState, other: ConversationState): number =>
  other.head.sentAt - one.head.sentAt;

/** Pinned ones first, then those with the newest messages. */
export const inListOrder = (one: ConversationState, other: ConversationState): number =>
  Number(other.settings.isPinned) - Number(one.settings.isPinned) || newestFirst(one, other);
