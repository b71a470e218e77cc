/** The tables of notifications. A part of `schema.ts`. */

import type { Micros, Millis } from "../../ports/store.ts";
import type { Flag } from "./schema.ts";

/** Where notifications reach a user, beside the Firebase tokens of sessions. */
export interface PushDevicesTable {
  app_id: number;
  user_id: string;
  device_id: string;
  provider: string;
  token: string;
  platform: string;
  package: string | null;
  changed_at: Micros;
}

/** What a user wants of notifications in general. */
export interface PushPreferencesTable {
  app_id: number;
  user_id: string;
  /** JSON text of an object: kind of conversation to level. */
  mute_levels: string;
  /** Second of the day, how long, and what gets through; null: no quiet hours. */
  quiet_from: number | null;
  quiet_minutes: number | null;
  quiet_level: number | null;
  hides_details: Flag;
}

/** What a user calls another in notifications. */
export interface PushRemarksTable {
  app_id: number;
  user_id: string;
  target_id: string;
  remark: string;
  changed_at: Micros;
}

/** What a member of a group is called in its notifications. */
export interface GroupRemarksTable {
  app_id: number;
  group_key: string;
  user_id: string;
  remark: string;
}

/** By which notifications find their audience. */
export interface UserTagsTable {
  app_id: number;
  user_id: string;
  tag: string;
  /** In the order they were given. */
  place: number;
}

/** Messages that somebody may have to be notified of yet. */
export interface PushOutboxTable {
  app_id: number;
  conversation_id: number;
  sent_at: Micros;
  /** JSON text; null: nothing was wished. */
  wish: string | null;
  attempts: number;
  /** Until then it belongs to the node that took it. */
  due_at: Millis;
}

/** Notifications of the app's own, and how far each has come. */
export interface PushJobsTable {
  app_id: number;
  id: string;
  body: string;
  after_user_id: string | null;
  attempts: number;
  due_at: Millis;
  created_at: Millis;
}

export interface PushSchema {
  push_devices: PushDevicesTable;
  push_preferences: PushPreferencesTable;
  push_remarks: PushRemarksTable;
  group_remarks: GroupRemarksTable;
  user_tags: UserTagsTable;
  push_outbox: PushOutboxTable;
  push_jobs: PushJobsTable;
}
