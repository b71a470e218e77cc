/**
 * What is copied, table by table. Statements for both databases, parameters and checksums derive from here. Rows of
 * deleted conversations and deleted apps are no part of an installation: they are neither copied nor compared. Nor are
 * messages that are past their app's retention, which both sides remove when they come to it; `nodes` and `presence`, which
 * say who runs and who is connected now, and `rate_windows`, what was used of rates.
 */

import {
  type Column,
  flag,
  hasConversation,
  int8,
  isOfLiveConversation,
  optional,
  type Table,
  text,
} from "./columns.ts";
import { hostingTables } from "./hosting-tables.ts";

export type { Column, Table };

export const apps: Table = {
  name: "apps",
  columns: [
    flag("id"),
    text("key"),
    text("secret"),
    text("name"),
    flag("is_active"),
    optional(int8("max_online_users")),
    optional(flag("retention_days")),
    text("settings"),
    int8("word_count"),
    int8("words_revision"),
    int8("created_at"),
  ],
  keyLength: 1,
};

export const conversations: Table = {
  name: "conversations",
  columns: [
    int8("id"),
    text("kind"),
    text("key"),
    text("admission"),
    int8("created_at"),
    int8("last_seq"),
    int8("last_sent_at"),
    int8("last_counted"),
    int8("changed_at"),
    int8("member_count"),
  ],
  keyLength: 1,
  where: "t.deleted_at is null",
};

const pushTables: readonly Table[] = [
  {
    name: "push_devices",
    columns: [
      text("user_id"),
      text("device_id"),
      text("provider"),
      text("token"),
      text("platform"),
      optional(text("package")),
      int8("changed_at"),
    ],
    keyLength: 2,
  },
  {
    name: "push_preferences",
    columns: [
      text("user_id"),
      text("mute_levels"),
      optional(flag("quiet_from")),
      optional(flag("quiet_minutes")),
      optional(flag("quiet_level")),
      flag("hides_details"),
    ],
    keyLength: 1,
  },
  {
    name: "push_remarks",
    columns: [text("user_id"), text("target_id"), text("remark"), int8("changed_at")],
    keyLength: 2,
  },
  { name: "group_remarks", columns: [text("group_key"), text("user_id"), text("remark")], keyLength: 2 },
  { name: "user_tags", columns: [text("user_id"), text("tag"), flag("place")], keyLength: 2 },
  {
    name: "push_outbox",
    columns: [
      int8("conversation_id"),
      int8("sent_at"),
      optional(text("wish")),
      flag("attempts"),
      int8("due_at"),
    ],
    keyLength: 2,
    where: isOfLiveConversation,
  },
  {
    name: "push_jobs",
    columns: [
      text("id"),
      text("body"),
      optional(text("after_user_id")),
      flag("attempts"),
      int8("due_at"),
      int8("created_at"),
    ],
    keyLength: 1,
  },
];

/** Parents before their children. */
export const smallTables: readonly Table[] = [
  {
    name: "users",
    columns: [
      text("id"),
      ...["custom_data", "name", "portrait_url"].map((name) => optional(text(name))),
      int8("created_at"),
    ],
    keyLength: 1,
  },
  {
    name: "user_rules",
    columns: [
      text("user_id"),
      int8("tokens_from"),
      int8("blocked_until"),
      optional(int8("direct_muted_at")),
      flag("uses_allowlist"),
      optional(int8("deactivated_at")),
      optional(int8("erase_at")),
      int8("erased_up_to"),
    ],
    keyLength: 1,
  },
  {
    name: "contacts",
    columns: [text("user_id"), text("list"), text("contact_id"), int8("added_at")],
    keyLength: 3,
  },
  {
    name: "sessions",
    columns: [
      text("token_hash"),
      text("user_id"),
      text("device_id"),
      optional(text("fcm_token")),
      int8("created_at"),
    ],
    keyLength: 1,
    takes: "exists (select 1 from users u where u.app_id = $1 and u.id = p.user_id)",
  },
  conversations,
  {
    name: "members",
    columns: [int8("conversation_id"), text("user_id"), int8("changed_at"), int8("joined_seq")],
    keyLength: 2,
    where: isOfLiveConversation,
    takes: hasConversation,
  },
  {
    name: "read_marks",
    columns: [
      int8("conversation_id"),
      text("user_id"),
      int8("sent_at"),
      int8("seq"),
      int8("counted"),
      int8("changed_at"),
    ],
    keyLength: 2,
    where: isOfLiveConversation,
    takes: hasConversation,
  },
  ...["mentions", "recipients"].map((name) => ({
    name,
    columns: [int8("conversation_id"), text("user_id"), int8("sent_at"), int8("seq")],
    keyLength: 3,
    where: isOfLiveConversation,
    takes: hasConversation,
    isTimed: true as const,
  })),
  {
    name: "chatrooms",
    columns: [int8("conversation_id"), flag("member_count"), int8("revision"), int8("keys_since")],
    keyLength: 1,
    where: isOfLiveConversation,
    takes: hasConversation,
  },
  {
    // Copied in doubt: who doesn't come to the target in time has left.
    name: "chatroom_members",
    columns: [int8("conversation_id"), text("user_id"), int8("joined_at")],
    keyLength: 2,
    where: isOfLiveConversation,
    takes: hasConversation,
  },
  {
    name: "chatroom_keys",
    columns: [
      int8("conversation_id"),
      text("key"),
      optional(text("value")),
      text("user_id"),
      flag("is_auto_delete"),
      int8("changed_at"),
    ],
    keyLength: 2,
    where: isOfLiveConversation,
    takes: hasConversation,
  },
  {
    name: "conversation_settings",
    columns: [
      int8("conversation_id"),
      text("user_id"),
      flag("is_pinned"),
      optional(flag("mute_level")),
      optional(text("draft")),
      int8("cleared_up_to"),
      int8("cleared_counted"),
      int8("removed_seq"),
      int8("deleted_at"),
      int8("changed_at"),
      optional(int8("pinned_at")),
    ],
    keyLength: 2,
    where: isOfLiveConversation,
    takes: hasConversation,
  },
  {
    name: "broadcasts",
    columns: [int8("conversation_id")],
    keyLength: 1,
    where: isOfLiveConversation,
    takes: hasConversation,
  },
  { name: "removed_log_hours", columns: [int8("begins_at")], keyLength: 1 },
  {
    name: "tags",
    columns: [text("user_id"), text("id"), text("name"), int8("created_at")],
    keyLength: 2,
  },
  {
    name: "conversation_tags",
    columns: [int8("conversation_id"), text("user_id"), text("tag_id"), int8("tagged_at")],
    keyLength: 3,
    where: isOfLiveConversation,
    takes: hasConversation,
  },
  {
    name: "own_deletions",
    columns: [int8("conversation_id"), text("user_id"), int8("sent_at")],
    keyLength: 3,
    where: isOfLiveConversation,
    takes: hasConversation,
    isTimed: true,
  },
  {
    name: "past_members",
    columns: [text("user_id"), int8("conversation_id"), text("kind"), text("key"), int8("changed_at")],
    keyLength: 2,
  },
  ...pushTables,
  {
    name: "groups",
    columns: [text("group_id"), optional(text("name")), optional(int8("dismissed_at"))],
    keyLength: 1,
  },
  { name: "muted_groups", columns: [text("group_id"), int8("muted_at")], keyLength: 1 },
  {
    name: "group_mutes",
    columns: [text("group_id"), text("user_id"), int8("muted_at"), optional(int8("muted_until"))],
    keyLength: 2,
  },
  {
    name: "mute_exemptions",
    columns: [text("group_id"), text("user_id"), int8("exempted_at")],
    keyLength: 2,
  },
  {
    name: "sensitive_words",
    columns: [text("key"), text("word"), optional(text("replace_with"))],
    keyLength: 1,
  },
  {
    name: "reports",
    columns: [
      int8("id"),
      int8("conversation_id"),
      text("conversation_key"),
      int8("sent_at"),
      optional(text("sender_id")),
      text("message_type"),
      text("content"),
      text("reporter_id"),
      optional(int8("report_type")),
      optional(text("comment")),
      int8("created_at"),
    ],
    keyLength: 1,
  },
  ...hostingTables,
];

const place = [int8("conversation_id"), int8("sent_at")];
const unchanging = [
  int8("seq"),
  int8("counted"),
  flag("is_counted"),
  optional(text("sender_id")),
  text("type"),
  optional(text("client_id")),
  optional(text("to_users")),
  flag("traits"),
  optional(int8("change_of")),
];
/** What a change may alter of a message; as it was sent while `change_seq` is null. */
const changing = [
  text("content"),
  flag("is_active"),
  optional(text("mentions")),
  optional(text("quote")),
  optional(text("keys")),
  optional(text("key_times")),
  flag("recalled"),
  flag("is_hidden"),
  optional(int8("modified_at")),
];
const lastChange = optional(int8("change_seq"));

/** Messages and changes. Those that something has changed are compared for themselves: see `changedMessages`. */
export const messages: Table = {
  name: "messages",
  columns: [...place, ...unchanging, ...changing, lastChange],
  keyLength: 2,
  where: isOfLiveConversation,
};

/** The same rows in the order of their time, which has an index of its own: for those after a moment. */
export const messagesByTime: Table = {
  ...messages,
  columns: [...place.toReversed(), ...unchanging, ...changing, lastChange],
};

/** Of one conversation, or of several that were put together. */
export const logEntries: Table = {
  name: "messages",
  columns: [...place.toReversed(), ...unchanging, ...changing, lastChange],
  keyLength: 1,
};

/** Messages that are not as they were sent; there is an index of these. */
export const changedMessages: Table = {
  name: "messages",
  columns: [...place, ...changing, lastChange],
  keyLength: 2,
  where: `t.change_seq is not null and ${isOfLiveConversation}`,
};

/** The same, of those that are not older than `time`. The plus keeps the log's own order the way to read them. */
export const since = (table: Table, time: number): Table =>
  time === 0 ? table : { ...table, where: `${table.where ?? "true"} and +t.sent_at >= ${time}` };

/** What an app keeps of a table if it keeps messages since that time. */
export const kept = (table: Table, time: number): Table => (table.isTimed ? since(table, time) : table);

export const keyOf = ({ columns, keyLength }: Table): readonly Column[] => columns.slice(0, keyLength);
export const valuesOf = ({ columns, keyLength }: Table): readonly Column[] => columns.slice(keyLength);
export const namesOf = (columns: readonly Column[], of = ""): string =>
  columns.map(({ name }) => of + name).join(", ");
