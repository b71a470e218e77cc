/**
 * The tables as Kysely sees them, the same in every SQL database. How they are created: `migrations/`.
 *
 * Every table of an app's rows begins with `app_id`, and every query names it: that is what keeps tenants apart, and
 * what a sharded PostgreSQL distributes by. Booleans are 0 and 1, because not every driver binds booleans.
 */

import type { Generated, Kysely } from "kysely";
import type { Admission, ConversationKind, Micros, Millis } from "../../ports/store.ts";
import type { ContactListName } from "../../ports/store-users.ts";
import type { GroupSchema } from "./schema-groups.ts";
import type { HostingSchema } from "./schema-hosting.ts";
import type { PushSchema } from "./schema-push.ts";

export type Flag = 0 | 1;
/** 1: an entry without content is left in its place. 2: nothing is left to see. */
export type Recalled = 0 | 1 | 2;

export interface AppsTable {
  id: Generated<number>;
  key: string;
  secret: string;
  name: string;
  is_active: Flag;
  max_online_users: number | null;
  retention_days: number | null;
  /** JSON text of an object: what was set. */
  settings: Generated<string>;
  word_count: Generated<number>;
  words_revision: Generated<number>;
  created_at: Millis;
  deleted_at: Millis | null;
}

/**
 * Numbers that belong to the whole deployment: `revision` of the app directory, `clock` of SQLite's writer, `expired_at`,
 * when messages past their retention were last removed.
 */
export interface MetaTable {
  name: string;
  value: number;
}

export interface UsersTable {
  app_id: number;
  id: string;
  custom_data: string | null;
  name: Generated<string | null>;
  portrait_url: Generated<string | null>;
  created_at: Millis;
}

/** What an app decided about a user, who may be yet to come. Moments are by the clocks of nodes. */
export interface UserRulesTable {
  app_id: number;
  user_id: string;
  tokens_from: Generated<Millis>;
  /** 0: never. */
  blocked_until: Generated<Millis>;
  direct_muted_at: Generated<Millis | null>;
  uses_allowlist: Generated<Flag>;
  deactivated_at: Generated<Millis | null>;
  /** From when on their data are erased; null: there is nothing to do. */
  erase_at: Generated<Millis | null>;
  /** Erased is what they had in conversations up to this id. */
  erased_up_to: Generated<number>;
}

/** Whom a user doesn't take direct messages from, and whom they do. */
export interface ContactsTable {
  app_id: number;
  user_id: string;
  list: ContactListName;
  contact_id: string;
  added_at: Micros;
}

export interface SessionsTable {
  app_id: number;
  token_hash: string;
  user_id: string;
  device_id: string;
  fcm_token: string | null;
  /** A tick, not a plain time: "newest" must mean something for two sessions of one millisecond. */
  created_at: Micros;
}

export interface ConversationsTable {
  app_id: number;
  id: number;
  kind: ConversationKind;
  key: string;
  admission: Admission;
  created_at: Millis;
  deleted_at: Millis | null;
  /** Head of the log: position, time and running number of counted messages of the last message; 0 when empty. */
  last_seq: number;
  last_sent_at: Micros;
  last_counted: number;
  /** Tick of the last change of the log's end, of the members, or of whether it is deleted. */
  changed_at: Micros;
  member_count: number;
}

export interface MembersTable {
  app_id: number;
  conversation_id: number;
  user_id: string;
  /** Tick of joining. */
  changed_at: Micros;
  /** Where the log ended then. */
  joined_seq: number;
}

/** Who was a member, remembered for `TOMBSTONE_MICROS`. */
export interface PastMembersTable {
  app_id: number;
  user_id: string;
  conversation_id: number;
  kind: ConversationKind;
  key: string;
  changed_at: Micros;
}

/** What a member set for themselves alone. */
export interface ConversationSettingsTable {
  app_id: number;
  conversation_id: number;
  user_id: string;
  is_pinned: Flag;
  mute_level: number | null;
  draft: string | null;
  /** The last message of the history that was cleared, 0 if none was, and its running number of counted messages. */
  cleared_up_to: Micros;
  cleared_counted: number;
  /** Where the log ended when it was taken off the list: there until something follows. -1 if it wasn't. */
  removed_seq: number;
  /** When single messages were last deleted for this user alone; 0 if none was. */
  deleted_at: Micros;
  changed_at: Micros;
  /** When it was last pinned or no longer pinned; null: it never was. */
  pinned_at: Millis | null;
}

export interface ConversationTagsTable {
  app_id: number;
  conversation_id: number;
  user_id: string;
  tag_id: string;
  /** Tick; 0 for those from before it was kept. */
  tagged_at: Generated<Micros>;
}

/** Single messages that a member doesn't want to see any more. */
export interface OwnDeletionsTable {
  app_id: number;
  conversation_id: number;
  user_id: string;
  sent_at: Micros;
}

export interface TagsTable {
  app_id: number;
  user_id: string;
  id: string;
  name: string;
  created_at: Micros;
}

export interface MessagesTable {
  app_id: number;
  conversation_id: number;
  sent_at: Micros;
  seq: number;
  /** How many counted messages the log holds up to and including this one: unread is a difference of two of these. */
  counted: number;
  /** 2: counted for its recipients alone, and not part of `counted`. */
  is_counted: Flag | 2;
  sender_id: string | null;
  type: string;
  content: string;
  client_id: string | null;
  /** 0: not shown as it was sent, because it is hidden, recalled or deleted; and so are changes, which never are shown. */
  is_active: Flag;
  /** JSON text, as in the port: what a message was sent with. */
  mentions: string | null;
  quote: string | null;
  to_users: string | null;
  /** JSON text of an object: the key-values as they are now. */
  keys: string | null;
  /** Of a change: the time of the message that it changed. Null: a message. */
  change_of: Micros | null;
  recalled: Generated<Recalled>;
  /** Hidden by a change, whatever else happened to it. */
  is_hidden: Generated<Flag>;
  modified_at: Micros | null;
  /** See `operations/message-traits.ts`; 0 for nearly all. */
  traits: Generated<number>;
  /** JSON text of an object: when each of the keys was set that a change has set. */
  key_times: string | null;
  /** Of the last change; 0 for one from before changes were entries of the log. Null: it is as it was sent. */
  change_seq: number | null;
}

/** Who is mentioned in which counted message; `user_id` is "" when everybody is. An index, written with the message. */
export interface MentionsTable {
  app_id: number;
  conversation_id: number;
  user_id: string;
  sent_at: Micros;
  seq: number;
}

/** Who sees a message that is not for everybody, its author included. */
export type RecipientsTable = MentionsTable;

export interface ReadMarksTable {
  app_id: number;
  conversation_id: number;
  user_id: string;
  /** Copied from the message the mark stands on. */
  sent_at: Micros;
  seq: number;
  counted: number;
  /** Tick of its last move. */
  changed_at: Micros;
}

export interface ReportsTable {
  app_id: number;
  id: number;
  conversation_id: number;
  /** Copies of what the report is about, because it outlives its conversation. */
  conversation_key: string;
  sent_at: Micros;
  sender_id: string | null;
  message_type: string;
  content: string;
  reporter_id: string;
  report_type: number | null;
  comment: string | null;
  created_at: Millis;
}

/** Leases of nodes. Times are milliseconds by the database's clock. */
export interface NodesTable {
  lease_id: number;
  node_id: string;
  address: string;
  version: string;
  started_at: Millis;
  lease_until: Millis;
}

/** Who is connected where: a row for each device, of its newest connection. It counts while its lease lasts. */
export interface PresenceTable {
  app_id: number;
  user_id: string;
  device_id: string;
  lease_id: number;
  connection_id: number;
  platform: string;
  since: Micros;
  /** Whom this connection took the device from; null if nobody. */
  previous_lease_id: number | null;
  previous_connection_id: number | null;
}

/** What changes of a chatroom besides its messages; there is a row once somebody joined or set a key. */
export interface ChatroomsTable {
  app_id: number;
  conversation_id: number;
  member_count: number;
  revision: number;
  /** Removed keys are remembered since this change. */
  keys_since: Micros;
}

/** Who is in a chatroom. `doubted_at`: since when, by the database's clock, they may have left. */
export interface ChatroomMembersTable {
  app_id: number;
  conversation_id: number;
  user_id: string;
  joined_at: Micros;
  doubted_at: Millis | null;
}

/** A removed key stays for a while, without a value. */
export interface ChatroomKeysTable {
  app_id: number;
  conversation_id: number;
  key: string;
  value: string | null;
  user_id: string;
  is_auto_delete: Flag;
  changed_at: Micros;
}

export interface SensitiveWordsTable {
  app_id: number;
  /** Folded text. */
  key: string;
  word: string;
  replace_with: string | null;
}

/** What is used of the newest window of a limit. */
export interface RateWindowsTable {
  app_id: number;
  name: string;
  seconds: number;
  window_number: number;
  used: number;
}

/** Conversations with the admission `everyone`. */
export interface BroadcastsTable {
  app_id: number;
  conversation_id: number;
}

/** Hours of an app's message log that were removed, for as long as they could be asked for. */
export interface RemovedLogHoursTable {
  app_id: number;
  begins_at: Millis;
}

export interface Schema extends HostingSchema, PushSchema, GroupSchema {
  apps: AppsTable;
  meta: MetaTable;
  users: UsersTable;
  user_rules: UserRulesTable;
  contacts: ContactsTable;
  sessions: SessionsTable;
  conversations: ConversationsTable;
  members: MembersTable;
  messages: MessagesTable;
  mentions: MentionsTable;
  recipients: RecipientsTable;
  read_marks: ReadMarksTable;
  reports: ReportsTable;
  nodes: NodesTable;
  presence: PresenceTable;
  chatrooms: ChatroomsTable;
  chatroom_members: ChatroomMembersTable;
  chatroom_keys: ChatroomKeysTable;
  past_members: PastMembersTable;
  conversation_settings: ConversationSettingsTable;
  conversation_tags: ConversationTagsTable;
  own_deletions: OwnDeletionsTable;
  tags: TagsTable;
  broadcasts: BroadcastsTable;
  removed_log_hours: RemovedLogHoursTable;
  sensitive_words: SensitiveWordsTable;
  rate_windows: RateWindowsTable;
  /** A view. */
  visible_until: { moment: Micros };
}

export type Db = Kysely<Schema>;
