/** The tables of groups by the ids that their app gave them, and of who may not write there. A part of `schema.ts`. */

import type { Millis } from "../../ports/store.ts";

/** What is known of a group's id, whether there is a conversation of it or not. */
export interface GroupsTable {
  app_id: number;
  group_id: string;
  name: string | null;
  /** When its members were sent away, unless somebody came back since. */
  dismissed_at: Millis | null;
}

/** Groups in which only the exempt may write. */
export interface MutedGroupsTable {
  app_id: number;
  group_id: string;
  muted_at: Millis;
}

/** Who may not write; `group_id` is "" for every group of the app. */
export interface GroupMutesTable {
  app_id: number;
  group_id: string;
  user_id: string;
  muted_at: Millis;
  /** Null: until somebody ends it. */
  muted_until: Millis | null;
}

/** Who may write in a group that is muted. */
export interface MuteExemptionsTable {
  app_id: number;
  group_id: string;
  user_id: string;
  exempted_at: Millis;
}

export interface GroupSchema {
  groups: GroupsTable;
  muted_groups: MutedGroupsTable;
  group_mutes: GroupMutesTable;
  mute_exemptions: MuteExemptionsTable;
}
