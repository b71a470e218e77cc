import { type RawBuilder, sql } from "kysely";
import type { Micros } from "../../../ports/store.ts";
import type { ConversationsTable, Db, MessagesTable, Schema } from "../schema.ts";
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
