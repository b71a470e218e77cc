import type { Conversation, Message, Micros } from "../ports/store.ts";

/** What listeners are told. Events of one conversation are published in the order of its log. */
export type CoreEvent =
  | MessageSent
  | MessageActiveChanged
  | ReadMarkMoved
  | MembersAdded
  | MembersRemoved
  | ConversationDeleted
  | ConversationChanged
  | UserChanged
  | SessionClosed
  | DeviceConnected;

export interface MessageSent {
  kind: "messageSent";
  conversation: Conversation;
  message: Message;
  /** What the app wants shown beside the sender; JSON text. */
  senderData: string | null;
  /** The sender's read mark moved to this message with it. */
  marksRead: boolean;
}

export interface MessageActiveChanged {
  kind: "messageActiveChanged";
  conversation: Conversation;
  sentAt: Micros;
  isActive: boolean;
}

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

export type ConversationAspect = "settings" | "tags" | "history" | "removal";

/** Somebody changed what a conversation is to them alone. Only their own connections hear it. */
export interface ConversationChanged {
  kind: "conversationChanged";
  userId: string;
  /** Null: the user's tags themselves. */
  conversation: Conversation | null;
  what: ConversationAspect;
}

/** The app gave new custom data for a user. */
export interface UserChanged {
  kind: "userChanged";
  userId: string;
  userData: string | null;
}

/** A device is connected somewhere; older connections of it must end. */
export interface DeviceConnected {
  kind: "deviceConnected";
  userId: string;
  deviceId: string;
  /** Milliseconds on the clock of its node, with a random fraction that tells connections apart. */
  openedAt: number;
}

export interface SessionClosed {
  kind: "sessionClosed";
  userId: string;
  tokenHash: string;
}
