import type { ConversationState } from "@parlance/protocol";

/** The state as the user takes it: what was marked read here is read, also before the server knows. */
export function shownState(state: ConversationState, readUpTo: number): ConversationState {
  const isAllRead = readUpTo > state.readMark.sentAt && readUpTo >= state.head.sentAt;
  return isAllRead ? { ...state, readMark: state.head, unread: 0, mentions: 0 } : state;
}

const newestFirst = (one: ConversationState, other: ConversationState): number =>
  other.head.sentAt - one.head.sentAt;

/** Pinned ones first, then those with the newest messages. */
export const inListOrder = (one: ConversationState, other: ConversationState): number =>
  Number(other.settings.isPinned) - Number(one.settings.isPinned) || newestFirst(one, other);
