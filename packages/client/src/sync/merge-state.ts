import type { ConversationState, Position } from "@parlance/protocol";

export interface Merged {
  state: ConversationState;
  /** Parts of both were the newer ones: the counts may be neither's, and have to be asked for. */
  isUncertain: boolean;
  /** Last message and counts are the incoming ones. */
  isIncoming: boolean;
}

const later = (one: Position, other: Position): Position => (one.seq >= other.seq ? one : other);

const sees = (state: ConversationState, { head, readMark, changedAt }: ConversationState): boolean =>
  state.head.seq === head.seq && state.readMark.seq === readMark.seq && state.changedAt === changedAt;

/**
 * Replies and events may overtake each other. Log end, marks and settings only ever move forward, so the later of each is
 * the truth; last message, unread and mentions belong to a certain end, mark and settings together.
 */
export function mergeState(known: ConversationState, incoming: ConversationState): Merged {
  const rejoined = (incoming.joinedAt ?? 0) - (known.joinedAt ?? 0);
  if (rejoined > 0)
    return { state: incoming, isUncertain: incoming.head.seq < known.head.seq, isIncoming: true };
  if (rejoined < 0) return { state: known, isUncertain: false, isIncoming: false };
  const head = later(incoming.head, known.head);
  const readMark = later(incoming.readMark, known.readMark);
  const settled = incoming.changedAt >= known.changedAt ? incoming : known;
  const peers = [incoming.peerReadMark, known.peerReadMark].filter((mark) => mark !== undefined);
  const state: ConversationState = {
    ...settled,
    head,
    readMark,
    ...(peers.length > 0 ? { peerReadMark: peers.reduce(later) } : {}),
  };
  const counted = sees(incoming, state) || incoming.head.seq > known.head.seq ? incoming : known;
  ({ lastMessage: state.lastMessage, unread: state.unread, mentions: state.mentions } = counted);
  return { state, isUncertain: !sees(counted, state), isIncoming: counted === incoming };
}
