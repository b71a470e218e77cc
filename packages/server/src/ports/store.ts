/**
 * The store: everything that outlives a process. Adapters prove themselves with `store.contract.ts`.
 *
 * Every promise of a writing method resolves only when the change is on disk (or durably committed), and concurrent
 * writes may share one commit. All arguments and results are plain JSON-like data, so that an adapter may live in
 * another thread. Refusals are `ParlanceError`s; a queue that is full or a store that is closing throws `unavailable`.
 *
 * A lost line to the database must not make a refusal a lie. Of `append`, `change`, `changeGroup`, `moveReadMark` and `openSession`,
 * `unavailable` means that nothing was stored and never will be; when a store can't find that out in time it throws
 * `OutcomeUnknown`. Every other write that is refused as `unavailable` may have been made. Repeating it is safe: its effect is the same,
 * only what it answers may differ (`addMembers` names nobody then, `createConversation` finds the key taken), except for
 * `createReport`, which may leave the report twice for those who read it.
 */

import type { BroadcastStore } from "./store-broadcasts.ts";
import type { ChatroomStore } from "./store-chatrooms.ts";
import type { ConversationStore } from "./store-conversations.ts";
import type { EntryStore, Mentions, MessageView, Quote } from "./store-entries.ts";
import type { FriendStore } from "./store-friends.ts";
import type { GroupStore } from "./store-groups.ts";
import type { HostedGroupStore } from "./store-hosted-groups.ts";
import type { MessageLogStore } from "./store-message-log.ts";
import type { NodeDirectory, PresenceStore } from "./store-presence.ts";
import type { ProfileStore } from "./store-profiles.ts";
import type { PushDirectory, PushStore } from "./store-push.ts";
import type { RateStore } from "./store-rates.ts";
import type { ReaderStore } from "./store-readers.ts";
import type { DueErasure, UserStore } from "./store-users.ts";
import type { WordStore } from "./store-words.ts";

/** Microseconds since the Unix epoch, a safe integer until the year 2255. Unique and rising within a conversation. */
export type Micros = number;
/** Milliseconds since the Unix epoch. */
export type Millis = number;

export type ConversationKind = "direct" | "group" | "chatroom" | "system";
/**
 * Who may send and read: `members` only, or any user of the app (`open`); live delivery is to members then. `everyone`:
 * every user of the app is a member, without a row that says so (`BroadcastStore`).
 */
export type Admission = "members" | "open" | "everyone";

export interface App {
  id: number;
  /** Public name of the tenant on the wire (RongCloud's App Key, I2A's application id). No ":" in it. */
  key: string;
  secret: string;
  name: string;
  /** False: every request and connection is refused, nothing is deleted. */
  isActive: boolean;
  /** Most users online at once; null is no limit. */
  maxOnlineUsers: number | null;
  /** Messages are there for so many days (1 to 36,500) after they were sent; null is forever. */
  retentionDays: number | null;
  /** What was set of the app's settings (`core/apps/app-settings.ts`), by name. */
  settings: Readonly<Record<string, unknown>>;
  /** Rises with every change of the app's sensitive words; 0: there never were any. */
  wordsRevision: number;
  createdAt: Millis;
}

export const LONGEST_RETENTION_DAYS = 36_500;
/** However short the retention, a message is removed, and its client id forgotten, after this time at the earliest. */
export const CLIENT_ID_DAYS = 7;

export interface NewApp {
  key: string;
  secret: string;
  name: string;
  maxOnlineUsers?: number | null;
  retentionDays?: number | null;
  settings?: App["settings"];
}

/** `settings` names those that change; null takes one back. */
export type AppChange = Partial<
  Pick<App, "name" | "secret" | "isActive" | "maxOnlineUsers" | "retentionDays" | "settings">
>;

/** The tenants. The only part of the store that looks across apps. */
export interface AppDirectory {
  /**
   * Refuses a key or a secret that another app has, and a retention that is none (`invalidInput` with details naming
   * `key`, `secret` or `retentionDays`).
   */
  create(app: NewApp): Promise<App>;
  list(): Promise<App[]>;
  /** Throws `notFound`. Refuses as `create` does. A shorter retention holds at once, a longer brings nothing back for sure. */
  update(key: string, change: AppChange): Promise<App>;
  /** The app is gone at once for `list`; its rows go with `purge`. Throws `notFound`. */
  delete(key: string): Promise<void>;
  /** Removes up to `limit` rows of deleted apps and deleted conversations; resolves to how many it removed. */
  purge(limit: number): Promise<number>;
  /**
   * Removes up to `limit` messages that are past their app's retention, or a stretch of time in which nobody has any
   * left, which counts as one; resolves to how many. 0 also when another process, or this one, just did: at most one call
   * in 50 ms does something, however many nodes call.
   */
  expire(limit: number): Promise<number>;
  /** Apps, up to a hundred, that have memberships in chatrooms to settle (`AppStore.settleChatrooms`). */
  listUnsettled(grace: Millis): Promise<number[]>;
  /** Users whose data are to be erased, those first that wait longest. */
  listDueErasures(limit: number): Promise<DueErasure[]>;
  /** Rises with every change made through this directory by any process. */
  revision(): Promise<number>;
}

export interface NewSession {
  tokenHash: string;
  userId: string;
  deviceId: string;
  /** Firebase token for offline push; null when the device wants none. */
  fcmToken: string | null;
  /** JSON text the app wants shown beside the user; undefined leaves what was there before. */
  customData?: string | undefined;
}

export interface Session {
  userId: string;
  deviceId: string;
  fcmToken: string | null;
  createdAt: Millis;
}

export interface User {
  id: string;
  /** JSON text, or null if the app never gave any. */
  customData: string | null;
}

export interface Conversation {
  /** Unique in the deployment, a safe integer, never shown on the wire. */
  id: number;
  kind: ConversationKind;
  /** The id on the wire; unique within app and kind. */
  key: string;
  admission: Admission;
  createdAt: Millis;
  /**
   * Of a direct one that has one member: who that is. The other user hasn't come in yet, or there is none. Said by
   * `findConversation`, `findConversations`, `ensureConversation` and `ensureConversations`.
   */
  soleMemberId?: string;
}

export interface NewConversation {
  kind: ConversationKind;
  key: string;
  admission: Admission;
  memberIds: string[];
}

/** Where a conversation's log ends; `seq` and `sentAt` are 0 while it is empty. */
export interface Head {
  conversation: Conversation;
  seq: number;
  sentAt: Micros;
}

/** The oldest entry that retention has left; of an empty log, or one that is past as a whole, the one to come. */
export interface LogStart {
  conversationId: number;
  seq: number;
  /** Null when there is no entry. */
  sentAt: Micros | null;
}

export interface Membership {
  userId: string;
  conversationId: number;
}

export interface Member {
  userId: string;
  /** Where the log ended when they were added; null: somebody in a chatroom. */
  joinedSeq: number | null;
}

export interface NewMessage {
  conversationId: number;
  /** Null: sent by the app itself (a system message). */
  senderId: string | null;
  /** Core message type, e.g. `text`. */
  type: string;
  /** JSON text of an object; its shape belongs to the type. */
  content: string;
  /** Counts as unread for those who have not read it. */
  isCounted: boolean;
  /**
   * Chosen by the sender; a repeat by the same sender in the same conversation returns the first result. Known for at
   * least `CLIENT_ID_DAYS`, and forgotten with the message.
   */
  clientId?: string | null;
  mentions?: Mentions | null;
  quote?: Quote | null;
  /** Only these and the sender ever see it; at most 100. Null or absent: everybody who sees the conversation. */
  toUserIds?: string[] | null;
  /**
   * Somebody may have to be notified: the message stands in the outbox for so many milliseconds as taken, with the wish
   * (JSON text or null), written in the same transaction (`PushStore`). Absent: nobody has.
   */
  push?: { wish: string | null; hold: Millis } | null;
  /** The sender neither hears nor sees it, nor any change of it: it was sent in their name. */
  isHiddenFromSender?: true;
  /** Lists never show it as a conversation's last message. */
  isNeverLast?: true;
  /** What it is sent with. */
  keys?: Record<string, string>;
  /** Its keys, or that it has none, stay as they are: `setKeys` and `removeKeys` throw `notAllowed`. */
  hasFixedKeys?: true;
  /** Move the sender's read mark to this message in the same transaction. */
  marksRead: boolean;
}

export interface Appended {
  sentAt: Micros;
  /** 1, 2, 3, … within the conversation, without gaps. */
  seq: number;
  /** True: the client id was known, nothing was stored, and the rest describes the first message. */
  isRepeat: boolean;
}

export interface Message {
  conversationId: number;
  sentAt: Micros;
  seq: number;
  senderId: string | null;
  type: string;
  /** JSON text of an object, as it is now; `{}` when the message is recalled or deleted. */
  content: string;
  isCounted: boolean;
  /** False: hidden, recalled or deleted. */
  isActive: boolean;
  /** For the sender's eyes only. */
  clientId?: string;
  mentions?: Mentions;
  quote?: Quote;
  /** Only these and the sender see it. */
  toUserIds?: string[];
  keys?: Record<string, string>;
  /** When each key was set that a change has set; the others came with the message. */
  keyTimes?: Record<string, Micros>;
  isHiddenFromSender?: true;
  isNeverLast?: true;
  hasFixedKeys?: true;
  /** `recalled` leaves an entry without content in history, `deleted` nothing. */
  state?: "hidden" | "recalled" | "deleted";
  modifiedAt?: Micros;
  /** `seq` of the last change of this message. */
  changeSeq?: number;
}

export interface ReadMark {
  userId: string;
  /** The last message read. */
  sentAt: Micros;
  seq: number;
}

export interface MovedMark extends ReadMark {
  /** False: the mark already stood there or further; `sentAt` and `seq` tell where. */
  hasMoved: boolean;
}

export interface NewReport {
  conversationId: number;
  sentAt: Micros;
  reporterId: string;
  reportType: number | null;
  comment: string | null;
}

export interface Report extends NewReport {
  id: number;
  conversationKey: string;
  senderId: string | null;
  /** The message's type and content as they were when reported; they stay when it or its conversation goes. */
  messageType: string;
  content: string;
  createdAt: Millis;
}

/**
 * One app's rows. By construction no method can reach another app's. A message that is past the app's retention does not
 * exist for any method from that moment on, whether it is removed or not; only its client id may still be known.
 */
export interface AppStore
  extends EntryStore,
    ConversationStore,
    ReaderStore,
    PresenceStore,
    ChatroomStore,
    WordStore,
    RateStore,
    PushStore,
    UserStore,
    BroadcastStore,
    MessageLogStore,
    GroupStore,
    ProfileStore,
    FriendStore,
    HostedGroupStore {
  /**
   * Keeps the `keep` newest sessions of (user, device) and drops older ones. Creates or updates the user; resolves to
   * whether the user's custom data are others than before.
   */
  openSession(session: NewSession, keep: number): Promise<boolean>;
  /** The session that was closed, or null if there was none. */
  closeSession(tokenHash: string): Promise<Session | null>;
  findSession(tokenHash: string): Promise<Session | null>;
  /** The users that exist among `ids`, in no order. */
  findUsers(ids: string[]): Promise<User[]>;

  /** Throws `invalidInput` when kind and key are taken. */
  createConversation(conversation: NewConversation): Promise<Conversation>;
  /** The first that exists and is not deleted, in the order of `kinds`; or null. */
  findConversation(key: string, kinds: ConversationKind[]): Promise<Conversation | null>;
  /** Returns the ids that were not members before. Throws `conversationNotFound`. */
  addMembers(conversationId: number, userIds: string[]): Promise<string[]>;
  /** Returns the ids that were members. Throws `conversationNotFound`. */
  removeMembers(conversationId: number, userIds: string[]): Promise<string[]>;
  /** Members in order of user id, after `afterUserId`, at most `limit`. */
  listMembers(conversationId: number, afterUserId: string | null, limit: number): Promise<string[]>;
  /** Direct conversations and groups of users, of each at most `limit`, those first that were written in last. */
  listLatestTalks(userIds: string[], limit: number): Promise<Membership[]>;
  isMember(conversationId: number, userId: string): Promise<boolean>;
  /** Those of these who are members or in the chatroom, each once, in no order. */
  findMembers(conversationId: number, userIds: string[]): Promise<Member[]>;
  /** False if it did not exist. Messages, members and marks go with `AppDirectory.purge`; reports stay. */
  deleteConversation(conversationId: number): Promise<boolean>;

  /** Throws `conversationNotFound` when it is deleted or not this app's. */
  append(message: NewMessage): Promise<Appended>;
  /** Active messages with `sentAt < before` (null: all), newest first. */
  listMessages(
    conversationId: number,
    before: Micros | null,
    limit: number,
    view?: MessageView,
  ): Promise<Message[]>;
  /** Newest active message of each conversation that has one. */
  listLastMessages(conversationIds: number[], view?: MessageView): Promise<Message[]>;
  /** Messages of this app with exactly this time, whatever their state, with their conversation if that isn't deleted. */
  findMessages(sentAt: Micros): Promise<{ message: Message; conversation: Conversation }[]>;
  /** With a user: one of their own, or one after what they cleared. */
  findMessage(conversationId: number, sentAt: Micros, userId?: string | null): Promise<Message | null>;

  /**
   * Moves the mark to the last message with `sentAt <= upTo` that is not for others only, hidden or not. Never back, and
   * never to a change. Null: there is no such message.
   */
  moveReadMark(conversationId: number, userId: string, upTo: Micros): Promise<MovedMark | null>;
  listReadMarks(conversationId: number, limit: number): Promise<ReadMark[]>;
  /** The user's marks among these conversations. */
  findReadMarks(
    conversationIds: number[],
    userId: string,
  ): Promise<(ReadMark & { conversationId: number })[]>;
  /** Active counted messages after the user's mark that are not for others only, at most `cap`, in the order of the ids asked for. */
  countUnread(conversationIds: number[], userId: string, cap: number): Promise<number[]>;

  /** For those of these conversations that exist and are not deleted, in no order. */
  findHeads(conversationIds: number[]): Promise<Head[]>;
  /** Where the logs of those of these conversations begin that exist and are not deleted, in no order. */
  findLogStarts(conversationIds: number[]): Promise<LogStart[]>;
  /** Those of these tokens' hashes that belong to a session that is open. */
  findOpenSessions(tokenHashes: string[]): Promise<string[]>;
  /** In which conversations, that are not deleted, these users are, as members or in a chatroom; in no order. */
  listMembershipsOf(userIds: string[]): Promise<Membership[]>;

  createReport(report: NewReport): Promise<Report>;
  /** Newest first, with `id < before`. */
  listReports(before: number | null, limit: number): Promise<Report[]>;
}

export interface StoreStats {
  /** Called after each commit: how many writes shared it, and how long it took. */
  onCommit?(writes: number, seconds: number): void;
}

export interface Store {
  readonly apps: AppDirectory;
  readonly nodes: NodeDirectory;
  readonly pushes: PushDirectory;
  forApp(appId: number): AppStore;
  /** Resolves when the store can read and write; throws what is wrong otherwise. */
  check(): Promise<void>;
  /** Writes a consistent copy to a file that must not exist, while everything goes on. */
  backup(file: string): Promise<void>;
  /** Writes accepted so far finish; later calls throw `unavailable`. */
  close(): Promise<void>;
}
