import type { Change, ConversationState, Message, Position } from "@parlance/protocol";
import { applyChange, isVisible } from "./apply-change.ts";

const mentionsUser = ({ mentions, from }: Message, userId: string): boolean =>
  from !== userId &&
  mentions !== undefined &&
  (mentions.all === true || (mentions.users?.includes(userId) ?? false));

const mayBeLast = (message: Message): boolean => isVisible(message) && message.isNeverLast !== true;

/** The state after the next entry of its log, a message. */
export function advanceByMessage(
  state: ConversationState,
  message: Message,
  marksRead: boolean,
  userId: string,
): ConversationState {
  const head: Position = { seq: message.seq, sentAt: message.sentAt };
  const next = { ...state, head, lastMessage: mayBeLast(message) ? message : state.lastMessage };
  if (marksRead && message.from === userId) return { ...next, readMark: head, unread: 0, mentions: 0 };
  const isPeers = marksRead && state.conversation.kind === "direct";
  return {
    ...next,
    ...(isPeers ? { peerReadMark: head } : {}),
    unread: state.unread + (message.isCounted ? 1 : 0),
    mentions: state.mentions + (mentionsUser(message, userId) ? 1 : 0),
  };
}

/**
 * The state after the next entry of its log, a change. `isUncertain`: what is last or how much is unread may now be
 * otherwise, and only the server knows how.
 */
export function advanceByChange(
  state: ConversationState,
  change: Change,
): { state: ConversationState; isUncertain: boolean } {
  const { lastMessage, readMark } = state;
  const next = { ...state, head: { seq: change.seq, sentAt: change.sentAt } };
  const { seq, kind } = change.change;
  const changed = lastMessage?.seq === seq ? applyChange(lastMessage, change) : null;
  if (changed) next.lastMessage = changed;
  const isShownOtherwise = kind === "show" || kind === "hide" || kind === "delete";
  const movesLast = isShownOtherwise && seq >= (lastMessage?.seq ?? 0);
  const movesCounts = seq > readMark.seq && kind !== "setKeys" && kind !== "removeKeys";
  return { state: next, isUncertain: movesLast || movesCounts };
}

/** The state after a read mark moved. */
export function advanceByMark(
  state: ConversationState,
  mark: Position,
  isOwn: boolean,
): { state: ConversationState; isUncertain: boolean } {
  const known = isOwn ? state.readMark : state.peerReadMark;
  if (known && known.seq >= mark.seq) return { state, isUncertain: false };
  if (!isOwn) return { state: { ...state, peerReadMark: mark }, isUncertain: false };
  const isAll = mark.seq >= state.head.seq;
  return {
    state: { ...state, readMark: mark, ...(isAll ? { unread: 0, mentions: 0 } : {}) },
    isUncertain: !isAll,
  };
}
