import type { Conversation, Millis } from "../../ports/store.ts";

export type NoticeKind =
  | "profileChanged"
  | "friendAdded"
  | "friendDeleted"
  | "friendsCleared"
  | "friendApplication"
  | "friendInfoChanged"
  | "groupOperation"
  | "groupInfoChanged"
  | "memberInfoChanged"
  | "remarkChanged"
  | "followsChanged";

export type GroupOperation =
  | "create"
  | "join"
  | "kick"
  | "quit"
  | "dismiss"
  | "addAdmin"
  | "removeAdmin"
  | "transfer";

/** What clients are told that the app changed. It is kept nowhere; what it tells of is. */
export interface Notice {
  kind: NoticeKind;
  /** Of `groupOperation` alone. */
  operation?: GroupOperation;
  /** Whom it is about; at most 100. */
  userIds?: string[];
  /** What is new, as far as that is more than ids: a few kilobytes at most. */
  data?: Record<string, unknown>;
}

/** A notice on its way. Whoever isn't online never hears of it. */
export interface NoticeGiven {
  kind: "noticeGiven";
  notice: Notice;
  /** The group that it is about. */
  conversation: Conversation | null;
  /** Everybody who listens to the conversation hears it, besides `toUserIds`. */
  isForAll: boolean;
  /** At most 500. */
  toUserIds: string[];
  at: Millis;
}
