import { type RawBuilder, type Selectable, sql } from "kysely";
import type { ConversationKind, Micros } from "../../../ports/store.ts";
import type { ContactListName } from "../../../ports/store-users.ts";
import type {
  ContactsTable,
  ConversationsTable,
  Db,
  MessagesTable,
  Schema,
  UserRulesTable,
  UsersTable,
} from "../schema.ts";
import { isPostgres } from "./store-clock.ts";

/*
 * Rows that are looked up by their keys, for a `from` or a `join`. PostgreSQL without statistics takes an app, or a
 * conversation, for a few rows, and rather reads all of it than that it looks for some. What has a `limit` is no part of
 * a larger plan.
 */

export const conversationsById = (db: Db, appId: number, ids: number[]): RawBuilder<ConversationsTable> =>
  isPostgres(db)
    ? sql`(select found.* from unnest(${[...new Set(ids)]}::bigint[]) as wanted (id) cross join lateral
        (select * from conversations where app_id = ${appId} and id = wanted.id limit 1) as found)`
    : sql`(select * from conversations where app_id = ${appId} and id in (${sql.join(ids)}))`;

/** Those that aren't deleted. */
export const conversationsByKey = (
  db: Db,
  appId: number,
  kind: ConversationKind,
  keys: string[],
): RawBuilder<ConversationsTable> =>
  isPostgres(db)
    ? sql`(select found.* from unnest(${[...new Set(keys)]}::text[]) as wanted (key) cross join lateral
        (select * from conversations where app_id = ${appId} and kind = ${kind} and key = wanted.key
          and deleted_at is null limit 1) as found)`
    : sql`(select * from conversations where app_id = ${appId} and kind = ${kind} and key in (${sql.join(keys)})
        and deleted_at is null)`;

export const usersById = (db: Db, appId: number, ids: string[]): RawBuilder<Selectable<UsersTable>> =>
  isPostgres(db)
    ? sql`(select found.* from unnest(${[...new Set(ids)]}::text[]) as wanted (id) cross join lateral
        (select * from users where app_id = ${appId} and id = wanted.id limit 1) as found)`
    : sql`(select * from users where app_id = ${appId} and id in (${sql.join(ids)}))`;

export const rulesById = (db: Db, appId: number, ids: string[]): RawBuilder<Selectable<UserRulesTable>> =>
  isPostgres(db)
    ? sql`(select found.* from unnest(${[...new Set(ids)]}::text[]) as wanted (id) cross join lateral
        (select * from user_rules where app_id = ${appId} and user_id = wanted.id limit 1) as found)`
    : sql`(select * from user_rules where app_id = ${appId} and user_id in (${sql.join(ids)}))`;

/** Those who have this contact on the list. */
export const listingOf = (
  db: Db,
  appId: number,
  ids: string[],
  list: ContactListName,
  contactId: string,
): RawBuilder<ContactsTable> =>
  isPostgres(db)
    ? sql`(select found.* from unnest(${[...new Set(ids)]}::text[]) as wanted (id) cross join lateral
        (select * from contacts where app_id = ${appId} and user_id = wanted.id and list = ${list}
          and contact_id = ${contactId} limit 1) as found)`
    : sql`(select * from contacts where app_id = ${appId} and user_id in (${sql.join(ids)}) and list = ${list}
        and contact_id = ${contactId})`;
/** What is known of groups by the ids that their app gave them. */
export const groupsById = <Table extends "groups" | "muted_groups">(
  db: Db,
  table: Table,
  appId: number,
  ids: string[],
): RawBuilder<Schema[Table]> =>
  isPostgres(db)
    ? sql`(select found.* from unnest(${[...new Set(ids)]}::text[]) as wanted (id) cross join lateral
        (select * from ${sql.table(table)} where app_id = ${appId} and group_id = wanted.id limit 1) as found)`
    : sql`(select * from ${sql.table(table)} where app_id = ${appId} and group_id in (${sql.join(ids)}))`;

/** Each named once. */
export const messagesAt = (
  db: Db,
  appId: number,
  places: { conversationId: number; sentAt: Micros }[],
): RawBuilder<MessagesTable> => {
  if (isPostgres(db))
    return sql`(select found.* from unnest(${places.map(({ conversationId }) => conversationId)}::bigint[],
        ${places.map(({ sentAt }) => sentAt)}::bigint[]) as wanted (conversation_id, sent_at) cross join lateral
      (select * from messages where app_id = ${appId} and conversation_id = wanted.conversation_id
        and sent_at = wanted.sent_at limit 1) as found)`;
  const values = places.map(({ conversationId, sentAt }) => sql`(${conversationId}, ${sentAt})`);
  return sql`(select * from messages where app_id = ${appId}
    and (conversation_id, sent_at) in (values ${sql.join(values)}))`;
};

export const messagesByTime = (db: Db, appId: number, conversationId: number, sentAts: Micros[]) => {
  const places = [...new Set(sentAts)].map((sentAt) => ({ conversationId, sentAt }));
  return messagesAt(db, appId, places);
};

/** What a user has of conversation `c`: to be joined by its whole key. */
export const rowOf = <Table extends "members" | "read_marks" | "conversation_settings">(
  db: Db,
  table: Table,
  userId: string,
): RawBuilder<Schema[Table]> =>
  isPostgres(db)
    ? sql`lateral (select * from ${sql.table(table)} where app_id = c.app_id and conversation_id = c.id
        and user_id = ${userId} limit 1)`
    : sql`${sql.table(table)}`;

/** Rows of a table by the last column of its key, the others being fixed. */
export const rowsByKey = <Table extends keyof Schema>(
  db: Db,
  table: Table,
  fixed: Partial<Record<keyof Schema[Table] & string, number | string>>,
  column: keyof Schema[Table] & string,
  ids: readonly (string | number)[],
): RawBuilder<Schema[Table]> => {
  const type = sql.raw(typeof ids[0] === "number" ? "bigint" : "text");
  const isFixed = sql.join(
    Object.entries(fixed).map(([name, value]) => sql`${sql.ref(name)} = ${value}`),
    sql` and `,
  );
  return isPostgres(db)
    ? sql`(select found.* from unnest(${[...new Set(ids)]}::${type}[]) as wanted (id) cross join lateral
        (select * from ${sql.table(table)} where ${isFixed} and ${sql.ref(column)} = wanted.id limit 1) as found)`
    : sql`(select * from ${sql.table(table)} where ${isFixed} and ${sql.ref(column)} in (${sql.join(ids)}))`;
};

/** What there is of conversation `c` in a table with one row for each: to be joined by its whole key. */
export const factsOf = <Table extends "hosted_groups">(db: Db, table: Table): RawBuilder<Schema[Table]> =>
  isPostgres(db)
    ? sql`lateral (select * from ${sql.table(table)} where app_id = c.app_id and conversation_id = c.id limit 1)`
    : sql`${sql.table(table)}`;
