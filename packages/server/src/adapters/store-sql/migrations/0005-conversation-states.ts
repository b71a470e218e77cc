/**
 * What a user's list of conversations needs: when each part of it changed (`changed_at`, all on the store's one clock),
 * what the user set, and, for a while, what they belonged to.
 *
 * `visible_until` is the moment up to which everything that was written can be read; see `operations/sync.ts`.
 */

import { type Kysely, sql } from "kysely";
import type { Flavor } from "./flavor.ts";

const long = "bigint";

// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const createConversationStates = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  for (const [table, column] of [
    ["conversations", "changed_at"],
    ["conversations", "member_count"],
    ["members", "changed_at"],
    ["members", "joined_seq"],
    ["read_marks", "changed_at"],
  ] as const)
    await db.schema
      .alterTable(table)
      .addColumn(column, long, (definition) => definition.notNull().defaultTo(0))
      .execute();
  await sql`update conversations set member_count = (
    select count(*) from members m
    where m.app_id = conversations.app_id and m.conversation_id = conversations.id)`.execute(db);
  await createOwnStates(db, flavor);
  await createTombstones(db, flavor);
  await flavor.createVisibleUntil(db);
};

/** Keys begin with the conversation, as those of `members` do: they are read beside them, and go with it. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
const createOwnStates = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  const ofConversation = (table: string) =>
    db.schema
      .createTable(table)
      .addColumn("app_id", "integer", (column) => column.notNull())
      .addColumn("conversation_id", long, (column) => column.notNull())
      .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()))
      .addForeignKeyConstraint(`${table}_conversation`, ["app_id", "conversation_id"], "conversations", [
        "app_id",
        "id",
      ]);
  const key = ["app_id", "conversation_id", "user_id"] as const;

  let settings = ofConversation("conversation_settings").addColumn("is_pinned", "integer", (column) =>
    column.notNull(),
  );
  for (const name of ["cleared_up_to", "cleared_counted", "removed_seq", "deleted_at", "changed_at"] as const)
    settings = settings.addColumn(name, long, (column) => column.notNull());
  await flavor
    .clustered(
      settings
        .addColumn("mute_level", "integer")
        .addColumn("draft", "text")
        .addPrimaryKeyConstraint("conversation_settings_key", [...key] as never),
    )
    .execute();

  await flavor
    .clustered(
      ofConversation("conversation_tags")
        .addColumn("tag_id", "text", (column) => flavor.identifier(column.notNull()))
        .addPrimaryKeyConstraint("conversation_tags_key", [...key, "tag_id"] as never),
    )
    .execute();
  await db.schema
    .createIndex("conversation_tags_by_tag")
    .on("conversation_tags")
    .columns(["app_id", "user_id", "tag_id"])
    .execute();

  await flavor
    .clustered(
      ofConversation("own_deletions")
        .addColumn("sent_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("own_deletions_key", [...key, "sent_at"] as never),
    )
    .execute();
  // They go with messages that are past their app's retention.
  await db.schema
    .createIndex("own_deletions_by_time")
    .on("own_deletions")
    .columns(["app_id", "sent_at"])
    .execute();

  await flavor
    .clustered(
      db.schema
        .createTable("tags")
        .addColumn("app_id", "integer", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("created_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("tags_key", ["app_id", "user_id", "id"]),
    )
    .execute();
};

/** Kind and key are copies, because a tombstone outlives its conversation. */
// biome-ignore lint/suspicious/noExplicitAny: as above.
const createTombstones = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  await flavor
    .clustered(
      db.schema
        .createTable("past_members")
        .addColumn("app_id", "integer", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("conversation_id", long, (column) => column.notNull())
        .addColumn("kind", "text", (column) => column.notNull())
        .addColumn("key", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("changed_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("past_members_key", ["app_id", "user_id", "conversation_id"]),
    )
    .execute();
  await db.schema.createIndex("past_members_by_time").on("past_members").columns(["changed_at"]).execute();
};
