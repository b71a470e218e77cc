/**
 * Groups whose facts Parlance keeps for the app: who owns and administers them, what they and their members are shown
 * as. They are conversations of kind `group` as any; what is here goes with them.
 */

import type { Conversation, Micros } from "./store.ts";
import type { GroupChanged, GroupJoin } from "./store-groups.ts";
import type { FieldsChange } from "./store-profiles.ts";

/** 1 member, 2 admin, 3 owner. */
export type GroupRole = 1 | 2 | 3;

/** Who may do what from a client; their numbers are the app's affair. */
export type GroupPermissions = Record<string, number>;

export interface HostedGroup {
  conversation: Conversation;
  name: string;
  ownerId: string;
  creatorId: string;
  fields: Record<string, string>;
  ownFields: Record<string, string>;
  permissions: GroupPermissions;
  memberCount: number;
  /** When it became hosted. */
  createdAt: Micros;
}

export interface HostedGroupFacts {
  ownerId: string;
  fields: Record<string, string>;
  ownFields: Record<string, string>;
  permissions: GroupPermissions;
}

export interface NewHostedGroup extends HostedGroupFacts {
  groupId: string;
  name: string;
  /** Who comes into it, the owner among them. */
  join: GroupJoin;
  /** False: the group is there, with its members, and isn't hosted yet. */
  isNew: boolean;
}

export interface HostedGroupChange extends Pick<FieldsChange, "ownFields"> {
  name?: string;
  fields?: Record<string, string | null>;
  permissions?: GroupPermissions;
}

export interface HostedMember {
  userId: string;
  role: GroupRole;
  nickname: string;
  extra: string;
  joinedAt: Micros;
}

/** A hosted group as one of its members has it. */
export interface JoinedGroup extends HostedGroup {
  role: GroupRole;
  /** What this member calls the group; empty: nothing of their own. */
  remarkName: string;
  joinedAt: Micros;
}

export interface HostedPage<Place> {
  /** Null: from the beginning. */
  after: Place | null;
  isNewestFirst: boolean;
  limit: number;
}

/** Many may have joined at the same moment. */
export interface MemberPlace {
  joinedAt: Micros;
  userId: string;
}

export interface JoinedPlace {
  joinedAt: Micros;
  conversationId: number;
}

export interface FollowedMember {
  userId: string;
  since: Micros;
}

/** Writes throw `conversationNotFound`, and `groupNotHosted` where nothing is kept of the group. */
export interface HostedGroupStore {
  /** Throws `groupExists` when it is hosted, or is there and should be new; `groupFull`. */
  hostGroup(group: NewHostedGroup): Promise<GroupChanged>;
  /** Throws `tooManyFields`. */
  saveHostedGroup(
    conversationId: number,
    change: HostedGroupChange,
    mostOwnFields: number,
  ): Promise<HostedGroup>;
  /** Those that are hosted, in no order. */
  findHostedGroups(conversationIds: number[]): Promise<HostedGroup[]>;
  /** All of the app, by `createdAt`. */
  listHostedGroups(page: HostedPage<Micros>): Promise<HostedGroup[]>;
  /** Those that the user is a member of, by the time of joining; with a role, those alone where the user has it. */
  listJoinedGroups(
    userId: string,
    role: GroupRole | null,
    page: HostedPage<JoinedPlace>,
  ): Promise<JoinedGroup[]>;
  countJoinedGroups(userId: string, role: GroupRole | null): Promise<number>;

  /** The owner stays: throws `ownerStays`. Returns those who were members. */
  removeHostedMembers(conversationId: number, userIds: string[]): Promise<string[]>;
  /** Throws `notMember` when the new owner is none. Returns who was the owner, and whether they left. */
  setGroupOwner(
    conversationId: number,
    ownerId: string,
    previousLeaves: boolean,
  ): Promise<{ previousId: string; hasLeft: boolean }>;
  /** Throws `ownerStays` with the owner among them, `tooManyAdmins` with the present `count`; then nobody is added. */
  addGroupAdmins(
    conversationId: number,
    userIds: string[],
    most: number,
  ): Promise<{ added: string[]; notMembers: string[] }>;
  /** Returns those who were admins. */
  removeGroupAdmins(conversationId: number, userIds: string[]): Promise<string[]>;

  /** By the time of joining. */
  listHostedMembers(
    conversationId: number,
    role: GroupRole | null,
    page: HostedPage<MemberPlace>,
  ): Promise<HostedMember[]>;
  countHostedMembers(conversationId: number, role: GroupRole | null): Promise<number>;
  /** Those who are members, in no order. */
  findHostedMembers(conversationId: number, userIds: string[]): Promise<HostedMember[]>;
  /** Throws `notMember`. An empty text is none. */
  saveHostedMember(
    conversationId: number,
    userId: string,
    change: { nickname?: string; extra?: string; remarkName?: string },
  ): Promise<void>;
  /** What this member calls the group; empty: nothing of their own. */
  findHostedRemark(conversationId: number, userId: string): Promise<string>;

  /** Throws `notMember` when one of them is none, `tooManyFollowed`. Returns those who weren't followed before. */
  followMembers(
    conversationId: number,
    userId: string,
    followedIds: string[],
    most: number,
  ): Promise<string[]>;
  /** Returns those who were followed. */
  unfollowMembers(conversationId: number, userId: string, followedIds: string[]): Promise<string[]>;
  /** Oldest first. */
  listFollowed(conversationId: number, userId: string): Promise<FollowedMember[]>;
  /** Those of `userIds` who follow the member, in no order. */
  findFollowers(conversationId: number, followedId: string, userIds: string[]): Promise<string[]>;
  /** Whom these users follow there, and who follows them. */
  forgetFollows(conversationId: number, userIds: string[]): Promise<void>;
}
