import type { Conversation, Message, Micros, Millis } from "../ports/store.ts";
import type { ChatroomKey } from "../ports/store-chatrooms.ts";
import type { Change } from "../ports/store-entries.ts";
import type { NoticeGiven } from "./notices/notice.ts";
import type { ShutOut } from "./users/standing.ts";

/** What listeners are told. Events of one conversation are published in the order of its log. */
export type CoreEvent =
  | MessageSent
  | MessageChanged
  | EntryPassed
  | SignalSent
  | ReadMarkMoved
  | MembersAdded
  | MembersRemoved
  | ConversationDeleted
  | GroupRulesChanged
  | ChatroomEntered
  | ChatroomLeft
  | ChatroomMembersChanged
  | ChatroomKeysChanged
  | ConversationChanged
  | UserChanged
  | NoticeGiven
  | SessionClosed
  | UserShutOut
  | DirectRulesChanged
  | DeviceConnected
  | PresenceChanged
  | PresenceWanted;

export interface MessageSent {
  kind: "messageSent";
  conversation: Conversation;
  message: Message;
  /** What the app wants shown beside the sender; JSON text. */
  senderData: string | null;
  /** The sender's read mark moved to this message with it. */
  marksRead: boolean;
  /** Only connections of this platform hear it now, whatever the case of its letters; all find it in the history. */
  platform?: string;
  /** What the sender wrote, where sensitive words were replaced in it; JSON text. For the sender alone. */
  original?: string;
  /** For the sender alone: it was sent before, and nobody is told again. */
  isRepeat?: true;
}

/** A message was recalled, modified, hidden, … It may come with a later state of the message than its own. */
export interface MessageChanged {
  kind: "messageChanged";
  conversation: Conversation;
  change: Change;
  /** Who knows of it already, or is to find out later. */
  untoldId?: string;
}

/**
 * There is an entry of the log that the listener sees nothing of: it is for others, or hidden before it was heard of.
 * Made where it is delivered; it keeps those who count `seq` from missing something.
 */
export interface EntryPassed {
  kind: "entryPassed";
  conversation: Conversation;
  seq: number;
  sentAt: Micros;
}

/** Not stored: somebody types, or a status that matters only now. Those who are not online never hear of it. */
export interface SignalSent {
  kind: "signalSent";
  conversation: Conversation;
  /** Null: the app itself. */
  senderId: string | null;
  senderData: string | null;
  type: string;
  /** JSON text of an object. */
  content: string;
  /** Absent: everybody. */
  toUserIds?: string[];
  /** Who just became members: their nodes may not have told the others yet that they listen here. */
  joinedIds?: string[];
  /** Absent: the sender's own devices are not told. */
  isForSender?: true;
  at: Millis;
}

/** What has a place in the log of a conversation. */
export type LogEvent = MessageSent | MessageChanged;

export interface ReadMarkMoved {
  kind: "readMarkMoved";
  conversation: Conversation;
  userId: string;
  userData: string | null;
  /** The message that it stands on. */
  sentAt: Micros;
  seq: number;
}

export interface MembersAdded {
  kind: "membersAdded";
  conversation: Conversation;
  userIds: string[];
  /** Where the log ended when they were added: what comes after it is theirs to hear. */
  seq: number;
  sentAt: Micros;
}

export interface MembersRemoved {
  kind: "membersRemoved";
  conversation: Conversation;
  userIds: string[];
}

export interface ConversationDeleted {
  kind: "conversationDeleted";
  conversation: Conversation;
}

/** Who may write there is not what it was. */
export interface GroupRulesChanged {
  kind: "groupRulesChanged";
  /** Null: what holds in every group. */
  groupIds: (string | null)[];
}

/** Users joined a chatroom, or did so again: all of their devices hear it from there on. */
export interface ChatroomEntered {
  kind: "chatroomEntered";
  conversation: Conversation;
  userIds: string[];
  /** Where the log ended: what comes after it is theirs to hear. */
  seq: number;
  sentAt: Micros;
}

/** Users are not in the chatroom any more: they left, or were offline for too long. */
export interface ChatroomLeft {
  kind: "chatroomLeft";
  conversation: Conversation;
  userIds: string[];
}

/** For those who are in it. Told many at once, and the more so the more listen. */
export interface ChatroomMembersChanged {
  kind: "chatroomMembersChanged";
  conversation: Conversation;
  /** Null: too many to be named. */
  names: { joined: string[]; left: string[] } | null;
  memberCount: number;
  /** Of two such events the one with the higher has the newer count. */
  revision: number;
}

export interface ChatroomKeysChanged {
  kind: "chatroomKeysChanged";
  conversation: Conversation;
  /** As they are now; a removed one has no value. */
  keys: ChatroomKey[];
}

export type ConversationAspect = "settings" | "tags" | "history" | "removal";

/** Somebody changed what a conversation is to them alone. Only their own connections hear it. */
export interface ConversationChanged {
  kind: "conversationChanged";
  userId: string;
  /** Null: the user's tags themselves. */
  conversation: Conversation | null;
  what: ConversationAspect;
}

/** The app gave other custom data for a user. */
export interface UserChanged {
  kind: "userChanged";
  userId: string;
  userData: string;
  /** Whose listeners are to hear of it, besides the user. */
  conversationIds: number[];
}

/** A newer connection on another node took the device: this one must end. */
export interface DeviceConnected {
  kind: "deviceConnected";
  userId: string;
  deviceId: string;
  /** The older connection, and the lease of its node. */
  leaseId: number;
  connectionId: number;
}

/** Connections of these users came or went; the store knows how they are now. Told only while somebody watches. */
export interface PresenceChanged {
  kind: "presenceChanged";
  /** At most 1000. */
  userIds: string[];
}

/** Somebody watches who is online: for the next minute all nodes tell of it. */
export interface PresenceWanted {
  kind: "presenceWanted";
}

export interface SessionClosed {
  kind: "sessionClosed";
  userId: string;
  tokenHash: string;
}

/** The user may not be connected any more: all their connections end. */
export interface UserShutOut {
  kind: "userShutOut";
  userId: string;
  reason: ShutOut;
}

/** Who may write to whom has changed: what is remembered of these users is out of date. */
export interface DirectRulesChanged {
  kind: "directRulesChanged";
  userIds: string[];
}
