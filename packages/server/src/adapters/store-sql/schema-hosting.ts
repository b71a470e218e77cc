/** The tables of what Parlance hosts for an app: profiles, friends, facts of groups. Fields are JSON texts of objects. */

import type { Micros, Millis } from "../../ports/store.ts";
import type { Flag } from "./schema.ts";

export interface ProfilesTable {
  app_id: number;
  user_id: string;
  version: number;
  fields: string;
  own_fields: string;
  created_at: Micros;
}

/** `permission` null: the user never said whom they allow. */
export interface FriendListsTable {
  app_id: number;
  user_id: string;
  permission: number | null;
  friend_count: number;
}

/** Two rows a friendship, with the same time. */
export interface FriendsTable {
  app_id: number;
  user_id: string;
  friend_id: string;
  remark_name: string;
  own_fields: string;
  created_at: Micros;
}

export interface FriendApplicationsTable {
  app_id: number;
  user_id: string;
  target_id: string;
  extra: string;
  /** By the nodes' clocks. */
  expires_at: Millis;
}

export interface HostedGroupsTable {
  app_id: number;
  conversation_id: number;
  owner_id: string;
  creator_id: string;
  fields: string;
  own_fields: string;
  permissions: string;
  created_at: Micros;
}

export interface HostedMembersTable {
  app_id: number;
  conversation_id: number;
  user_id: string;
  is_admin: Flag;
  nickname: string;
  extra: string;
  remark_name: string;
}

export interface GroupFollowsTable {
  app_id: number;
  conversation_id: number;
  user_id: string;
  followed_id: string;
  since: Micros;
}

export interface HostingSchema {
  profiles: ProfilesTable;
  friend_lists: FriendListsTable;
  friends: FriendsTable;
  friend_applications: FriendApplicationsTable;
  hosted_groups: HostedGroupsTable;
  hosted_members: HostedMembersTable;
  group_follows: GroupFollowsTable;
}
