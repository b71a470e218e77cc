/**
 * What a user's list of conversations is made of. Times called `changedAt` and `joinedAt` are of the store's one clock,
 * whichever node wrote them. Everything here is about conversations that the user is a member of, but for chatrooms,
 * which are on nobody's list; for other ids reads find nothing, and writes throw `notMember`.
 */

import type { Conversation, ConversationKind, Message, Micros, Millis, NewConversation } from "./store.ts";

/** How long the store remembers who was a member of what: 30 days. */
export const TOMBSTONE_MICROS = 30 * 24 * 3600 * 1_000_000;

/**
 * Who disturbs: -1 everybody may, even if the user said otherwise in general; 0 everybody; 1 mentions; 2 mentions of
 * the user himself; 4 mentions of all; 5 nobody.
 */
export type MuteLevel = -1 | 0 | 1 | 2 | 4 | 5;

export interface ConversationSettings {
  isPinned: boolean;
  /** Null: what holds for the user in general. */
  muteLevel: MuteLevel | null;
  draft: string | null;
  /** Ids of the user's own tags, in their order. */
  tags: string[];
}

export interface SettingsChange extends Partial<Omit<ConversationSettings, "tags">> {
  addTags?: string[];
  removeTags?: string[];
}

/** What a back end may set for somebody. */
export type PresetSettings = Partial<Pick<ConversationSettings, "isPinned" | "muteLevel">>;

/** What somebody set of a conversation, or a back end for them, whether they are a member or not. */
export interface OwnSettings extends Omit<ConversationSettings, "draft"> {
  /** When it was last pinned or no longer pinned; null: it never was. */
  pinnedAt: Millis | null;
}

export type TaggedConversation = Pick<Conversation, "kind" | "key">;

export interface LogPosition {
  sentAt: Micros;
  seq: number;
}

/** What one member sees of a conversation. Positions and counts are of one moment. */
export interface ConversationState {
  conversation: Conversation;
  /** Where the log ends; zeros while it is empty. */
  head: LogPosition;
  /** The newest message that this user sees; one that was recalled is seen, without content. */
  lastMessage: Message | null;
  /** Counted messages after the read mark and after what was cleared, that this user sees. */
  unread: number;
  /** Those of them that mention the user or everybody, and are not the user's own. */
  mentions: number;
  readMark: LogPosition | null;
  /** How far the other one has read; null in other kinds than `direct`. */
  peerReadMark: LogPosition | null;
  settings: ConversationSettings;
  /** The last message of the history that the user cleared; 0: nothing was. */
  clearedUpTo: Micros;
  /** When the user last deleted single messages for themselves; 0: never. */
  deletedAt: Micros;
  /** The user took it off the list, and nothing followed since. */
  isRemoved: boolean;
  joinedAt: Micros;
  memberCount: number;
  /** Rises with every change of the read mark, what the user set, cleared or deleted, and of joining. */
  changedAt: Micros;
  /** Its place on the list: the time of the log's end, or of joining if that is later. */
  sortAt: Micros;
}

export interface ListPlace {
  isPinned: boolean;
  sortAt: Micros;
  conversationId: number;
}

/** Where a synchronisation stands. */
export interface SyncPosition {
  /** What changed after this is wanted; null: everything. */
  since: Micros | null;
  /** The next `since`, taken at the first page; null at the first page. */
  until: Micros | null;
  /** Conversations up to this id were looked at. */
  afterId: number;
}

/** A conversation that isn't the user's any more. */
export interface LostConversation {
  id: number;
  kind: Conversation["kind"];
  key: string;
  /** When it was lost. */
  changedAt: Micros;
}

export interface SyncPage {
  states: ConversationState[];
  lost: LostConversation[];
  /** Everything that was written up to this moment is in this synchronisation, or was in one before. */
  until: Micros;
  /** Where the next page begins; null: this was the last. */
  nextAfterId: number | null;
}

export interface Tag {
  id: string;
  name: string;
}

export interface ListedTag extends Tag {
  createdAt: Micros;
  /** How many conversations have it. */
  conversationCount: number;
}

export interface EnsuredConversation {
  conversation: Conversation;
  /** False: it was there, with its own members. */
  isNew: boolean;
}

export interface ConversationStore {
  /** Those of these keys that exist, in no order; at most 1000 keys. With `soleMemberId`. */
  findConversations(kind: ConversationKind, keys: string[]): Promise<Conversation[]>;
  /** As `createConversation`; when kind and key are taken, the conversation that has them. */
  ensureConversation(conversation: NewConversation): Promise<EnsuredConversation>;
  /** The same for at most 500, each of another key, in one transaction; in their order. */
  ensureConversations(conversations: NewConversation[]): Promise<EnsuredConversation[]>;

  /** In no order. `unreadCap` bounds both counts. */
  listConversationStates(userId: string, ids: number[], unreadCap: number): Promise<ConversationState[]>;
  /** Pinned first, then by `sortAt`, newest first; those that were taken off the list are left out. */
  listConversations(
    userId: string,
    page: { before: ListPlace | null; tagId: string | null; limit: number; unreadCap: number },
  ): Promise<ConversationState[]>;
  /** Looks at a bounded number of memberships, so that a page may be short, or empty, and not the last. */
  syncConversations(
    userId: string,
    position: SyncPosition,
    page: { limit: number; unreadCap: number },
  ): Promise<SyncPage>;
  /** Messages that this user sees: active, after what was cleared, not deleted for the user. Newest first. */
  listVisibleMessages(
    conversationId: number,
    userId: string,
    before: Micros | null,
    limit: number,
  ): Promise<Message[]>;

  /** Throws `notFound` for a tag that the user doesn't have. */
  updateSettings(conversationId: number, userId: string, change: SettingsChange): Promise<void>;
  /** Never back. Resolves to the time of the last message cleared, 0 if there is none as old as `upTo`. */
  clearHistory(conversationId: number, userId: string, upTo: Micros): Promise<Micros>;
  /** Off the list, until a message follows. */
  removeFromList(conversationId: number, userId: string): Promise<void>;
  /**
   * Hides messages from this user alone; times of no message are passed over. Resolves to how many were not hidden
   * before. Throws `invalidInput` above `most` in the conversation.
   */
  deleteOwn(conversationId: number, userId: string, sentAts: Micros[], most: number): Promise<number>;

  /** In the order of their making. */
  listTags(userId: string): Promise<ListedTag[]>;
  /** A tag of this id gets the name. Throws `invalidInput` above `most`. */
  saveTag(userId: string, tag: Tag, most: number): Promise<void>;
  /** Conversations that have it are changed. False: the user has no such tag. */
  renameTag(userId: string, tag: Tag): Promise<boolean>;
  /** Takes it from the conversations that have it, too; they are changed. False: the user has no such tag. */
  removeTag(userId: string, tagId: string): Promise<boolean>;

  /** As `updateSettings`, for users who aren't members, too: it holds if they become one. Throws `conversationNotFound`. */
  presetSettings(conversationId: number, userId: string, change: PresetSettings): Promise<void>;
  /** Null: nothing was ever set. */
  findOwnSettings(conversationId: number, userId: string): Promise<OwnSettings | null>;
  /**
   * Puts a tag on at most 100 conversations, for users who aren't members, too; above `most` the oldest lose it. Resolves
   * to the ids of those that have changed. Throws `notFound` for a tag that the user doesn't have, `conversationNotFound`.
   */
  tagConversations(userId: string, tagId: string, conversationIds: number[], most: number): Promise<number[]>;
  /** Resolves to the ids of those that had it. */
  untagConversations(userId: string, tagId: string, conversationIds: number[]): Promise<number[]>;
  /** Those that have the tag and exist, the newest first. */
  listTagged(userId: string, tagId: string, limit: number): Promise<TaggedConversation[]>;
}
