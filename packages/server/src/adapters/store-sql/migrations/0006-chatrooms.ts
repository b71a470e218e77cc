import { type Kysely, sql } from "kysely";
import type { Flavor } from "./flavor.ts";

const long = "bigint";

/**
 * Who is in which chatroom, and chatrooms' keys. As presence, these have no foreign keys: thousands of people come in a
 * second, and rows of a conversation that is gone count for nothing. Memberships that come from elsewhere, without a word
 * about `doubted_at`, are in doubt.
 *
 * Indexes lead with what tells most rows apart, and the one by time is of an expression: a planner without statistics
 * must not think that an app, or one chatroom, is a few rows that may as well be read whole.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const createChatrooms = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  await flavor
    .clustered(
      db.schema
        .createTable("chatrooms")
        .addColumn("app_id", "integer", (column) => column.notNull())
        .addColumn("conversation_id", long, (column) => column.notNull())
        .addColumn("member_count", "integer", (column) => column.notNull().defaultTo(0))
        .addColumn("revision", long, (column) => column.notNull())
        .addColumn("keys_since", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("chatrooms_key", ["app_id", "conversation_id"]),
    )
    .execute();
  await flavor
    .clustered(
      db.schema
        .createTable("chatroom_members")
        .addColumn("app_id", "integer", (column) => column.notNull())
        .addColumn("conversation_id", long, (column) => column.notNull())
        .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("joined_at", long, (column) => column.notNull())
        .addColumn("doubted_at", long, (column) => column.defaultTo(0))
        .addPrimaryKeyConstraint("chatroom_members_key", ["conversation_id", "user_id", "app_id"]),
    )
    .execute();
  await db.schema
    .createIndex("chatroom_members_by_user")
    .on("chatroom_members")
    .columns(["user_id", "app_id"])
    .execute();
  await db.schema
    .createIndex("chatroom_members_by_time")
    .on("chatroom_members")
    .expression(sql`(conversation_id + 0), joined_at`)
    .execute();
  await db.schema
    .createIndex("chatroom_members_in_doubt")
    .on("chatroom_members")
    .columns(["app_id", "doubted_at"])
    .where("doubted_at", "is not", null)
    .execute();
  await flavor
    .clustered(
      db.schema
        .createTable("chatroom_keys")
        .addColumn("app_id", "integer", (column) => column.notNull())
        .addColumn("conversation_id", long, (column) => column.notNull())
        .addColumn("key", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("value", "text")
        .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("is_auto_delete", "integer", (column) => column.notNull())
        .addColumn("changed_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("chatroom_keys_key", ["conversation_id", "key", "app_id"]),
    )
    .execute();
};
