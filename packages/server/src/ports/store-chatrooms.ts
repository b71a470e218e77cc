/**
 * The part of the store that knows who is in a chatroom, and the chatroom's keys.
 *
 * A member of a chatroom is somebody who joined and is online. A membership is in doubt from the moment it was written,
 * and again whenever a connection of its user ends, or the lease of the user's node does (the writes of
 * `store-presence.ts` note that); after a time of grace it is settled: who is online stays, who is not has left.
 */

import type { Micros, Millis } from "./store.ts";

export const CHATROOM_KEYS = 100;

/** A user in a chatroom. */
export interface ChatroomPlace {
  conversationId: number;
  userId: string;
}

/** At most 1000 entries together are handled well; all are written in one transaction, `left` first. */
export interface ChatroomUpdate {
  left: ChatroomPlace[];
  joined: ChatroomPlace[];
}

/** A chatroom after a write. */
export interface ChatroomState {
  conversationId: number;
  memberCount: number;
  /** Rises with every write to the chatroom's members and keys: of two states the one with the higher is the newer. */
  revision: number;
}

/** What a write did to one chatroom. */
export interface ChatroomChange extends ChatroomState {
  /** Those who were not there before, and those who are not any more. */
  joined: string[];
  left: string[];
  /** Of those who left: stored members of the conversation (`addMembers`), who go on hearing it. */
  stillMembers: string[];
  /** Keys that went with those who left. */
  removedKeys: ChatroomKey[];
}

export interface ChatroomResult {
  /** Of every chatroom that was named and is there, in no order. */
  changes: ChatroomChange[];
  /** Not written: the conversation is deleted, no chatroom, or not this app's. */
  missing: number[];
  /** Not written: the user is in as many chatrooms as may be. */
  refused: ChatroomPlace[];
}

export interface SettledChatrooms {
  /** Memberships that were looked at. */
  settled: number;
  changes: ChatroomChange[];
}

export interface ChatroomMember {
  userId: string;
  /** Unique within the chatroom. */
  joinedAt: Micros;
}

export interface ChatroomKey {
  key: string;
  /** Null: it was removed. */
  value: string | null;
  /** Who set it, or removed it. */
  userId: string;
  /** Whether it goes when its user leaves. */
  isAutoDelete: boolean;
  changedAt: Micros;
}

export interface ChatroomKeysChange {
  /** Who sets and removes, and owns what is set. */
  userId: string;
  /** Each key once; not in `remove`, too. */
  set: { key: string; value: string }[];
  remove: string[];
  isAutoDelete: boolean;
  /** Also keys that somebody else owns. */
  isForced: boolean;
  /** The user must be in the chatroom. */
  mustBePresent: boolean;
}

export interface ChatroomKeys {
  /** With `isWhole` the keys that are there; else those that changed since, removed ones too. In order of the change. */
  keys: ChatroomKey[];
  isWhole: boolean;
}

/** One app's share. Ids of conversations that are no chatrooms of the app are not found. */
export interface ChatroomStore {
  /** `most`: chatrooms that one user may be in. Who is there already keeps the place, and the time of joining. */
  updateChatrooms(update: ChatroomUpdate, most: number): Promise<ChatroomResult>;
  /** Settles up to `limit` memberships that have been in doubt for longer than `grace`. */
  settleChatrooms(grace: Millis, limit: number): Promise<SettledChatrooms>;
  /** Null: there is no such conversation. A chatroom that nobody joined yet has no members and revision 0. */
  findChatroom(conversationId: number): Promise<ChatroomState | null>;
  /** In order of joining, the newest first with `isNewestFirst`; those behind `after`, or all. */
  listChatroomMembers(
    conversationId: number,
    page: { after: Micros | null; isNewestFirst: boolean; limit: number },
  ): Promise<ChatroomMember[]>;
  /** Those of these users who are there. */
  findChatroomMembers(conversationId: number, userIds: string[]): Promise<string[]>;
  /**
   * All of it or nothing; resolves to the keys as they are now, and the chatroom. Throws `conversationNotFound`,
   * `notJoined`, `keyTaken` with details naming the key, `tooManyKeys`.
   */
  changeChatroomKeys(
    conversationId: number,
    change: ChatroomKeysChange,
  ): Promise<{ keys: ChatroomKey[]; state: ChatroomState }>;
  /** Since a moment (a `changedAt`) if so much is known and it is not too much; else, and with null, the whole. */
  listChatroomKeys(conversationId: number, since: Micros | null): Promise<ChatroomKeys>;
}
