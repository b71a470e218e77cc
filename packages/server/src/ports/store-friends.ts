/**
 * Who is whose friend: always from both sides, each of which may keep a name and fields of its own about the other. An
 * application waits until it is answered by one in the other direction, or is over.
 */

import type { Micros, Millis } from "./store.ts";

export interface Friend {
  userId: string;
  /** What the one calls the other; empty: nothing of their own. */
  remarkName: string;
  /** What the one keeps about the other. */
  ownFields: Record<string, string>;
  /** Since when; no two friends of a user have the same. */
  createdAt: Micros;
}

/** 1 anybody may add this user, 2 with the user's consent, 3 nobody may. */
export type FriendPermission = 1 | 2 | 3;

export interface NewFriend {
  userId: string;
  friendId: string;
  /** True: at once, whatever the other one allows. */
  isForced: boolean;
  /** Of users who never said whom they allow. */
  permissionByDefault: FriendPermission;
  /** What the applicant says; kept with an application that waits. */
  extra: string;
  /** When an application is over, by the caller's clock. */
  expiresAt: Millis;
  now: Millis;
  mostFriends: number;
}

export interface FriendStore {
  /**
   * `added` when they are friends now, also because the other one had applied; `applied` when the other one must
   * consent. Throws `alreadyFriends`, `friendRefused`, `tooManyFriends` with the `userId` who has them.
   */
  addFriend(friend: NewFriend): Promise<"added" | "applied">;
  /** From both sides. Returns those who were friends. */
  deleteFriends(userId: string, friendIds: string[]): Promise<string[]>;
  /** All of them, from both sides. Returns who they were, at most as many as one may have. */
  clearFriends(userId: string): Promise<string[]>;
  /** Throws `notFriends`; `tooManyFields` above `mostOwnFields`. */
  saveFriend(
    userId: string,
    friendId: string,
    change: { remarkName?: string; ownFields?: Record<string, string | null> },
    mostOwnFields: number,
  ): Promise<void>;
  /** By `createdAt`, from after one. */
  listFriends(
    userId: string,
    page: { after: Micros | null; isNewestFirst: boolean; limit: number },
  ): Promise<Friend[]>;
  countFriends(userId: string): Promise<number>;
  /** Those of `userIds` who are friends of the user, in no order. */
  findFriends(userId: string, userIds: string[]): Promise<Friend[]>;
  setFriendPermission(userIds: string[], permission: FriendPermission): Promise<void>;
  /** Of those who ever had one set, in no order. */
  findFriendPermissions(userIds: string[]): Promise<{ userId: string; permission: FriendPermission }[]>;
}
