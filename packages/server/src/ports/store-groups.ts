/**
 * Groups by the id that their app gave them, at most 64 characters: the `key` of a conversation of kind `group`. What is
 * known of an id (its name, who may not write) stays when the conversation goes, and may be there before it.
 */

import type { Appended, Conversation, Millis, NewMessage } from "./store.ts";
import type { LogPosition } from "./store-conversations.ts";

/** Who comes into a group. */
export interface GroupJoin {
  userIds: string[];
  /** Members that the group may have then. */
  most: number;
  /** False: those who come into a group that others are in see what is sent from now on. */
  seesHistory: boolean;
}

/** What happens to a group, all of it or nothing. */
export interface GroupChange {
  groupId: string;
  /** Absent: it keeps its name. */
  name?: string;
  /** The group comes into being, or back, if it has to; those who bring it back see the history that there is. */
  join?: GroupJoin;
  /** Those who are no members are passed over. */
  leave?: string[];
  /** Everybody leaves, and the next to join bring it back. */
  isDismissed?: true;
  /** Said behind those who come and before those who go; passed over where there is no conversation. */
  message?: Omit<NewMessage, "conversationId" | "clientId">;
}

export interface GroupChanged {
  /** Null: there is none, and nobody came. */
  conversation: Conversation | null;
  joined: string[];
  left: string[];
  /** Where the log ended before all this. */
  before: LogPosition;
  message: Appended | null;
}

export interface NamedGroup {
  id: string;
  /** Null: nobody ever named it. */
  name: string | null;
}

export interface GroupMute {
  userId: string;
  mutedAt: Millis;
  /** When it ends by itself; null: it doesn't. */
  until: Millis | null;
}

/** What holds for those who write in a group. */
export interface GroupRules {
  /** Only the exempt may write. */
  isMuted: boolean;
  /** Those who may not write, exempt or not. */
  mutes: GroupMute[];
  exempt: string[];
}

export interface GroupStore {
  /** Throws `groupFull` when more would be in it than may. Like `append`, it is not made when it is refused. */
  changeGroup(change: GroupChange): Promise<GroupChanged>;
  /** A user's groups, in the order of their making. */
  listGroupsOf(userId: string, page: { offset: number; limit: number }): Promise<NamedGroup[]>;
  /** Those of these groups that have a name, in no order. */
  findGroupNames(groupIds: string[]): Promise<{ id: string; name: string }[]>;

  /**
   * Again: with the new end. `groupId` null: in every group of the app. Throws `invalidInput` when more than `most` would
   * be muted there; those whose time is over by `mutedAt` don't count.
   */
  muteInGroup(
    groupId: string | null,
    userIds: string[],
    mute: { mutedAt: Millis; until: Millis | null; most: number },
  ): Promise<void>;
  unmuteInGroup(groupId: string | null, userIds: string[]): Promise<void>;
  /** Those whose mute has not ended by `now`, in the order of their ids. */
  listGroupMutes(groupId: string | null, now: Millis): Promise<GroupMute[]>;

  /** Whole groups. */
  muteGroups(groupIds: string[], mutedAt: Millis): Promise<void>;
  unmuteGroups(groupIds: string[]): Promise<void>;
  /** Those of these that are muted, in no order. */
  findMutedGroups(groupIds: string[]): Promise<string[]>;
  /** All of them, in the order of their ids. */
  listMutedGroups(page: { offset: number; limit: number }): Promise<string[]>;

  /** From the mute of the whole group. Throws `invalidInput` when more than `most` would be. */
  exemptFromMute(groupId: string, userIds: string[], exempted: { at: Millis; most: number }): Promise<void>;
  endExemption(groupId: string, userIds: string[]): Promise<void>;
  /** In the order of their ids. */
  listExempt(groupId: string): Promise<string[]>;

  readGroupRules(groupId: string, now: Millis): Promise<GroupRules>;
}
