/**
 * What Parlance keeps for apps that don't want to: profiles of users, who is whose friend, facts of groups. JSON texts
 * are objects of fields.
 *
 * Indexes by time begin with an expression: a planner without statistics would take them for what is found by a key.
 */

import { type Kysely, sql } from "kysely";
import { createHostedGroups } from "./0014-hosted-groups.ts";
import type { Flavor } from "./flavor.ts";

const long = "bigint";

// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const createHosting = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  await createProfiles(db, flavor);
  await createFriends(db, flavor);
  await createHostedGroups(db, flavor);
};

// biome-ignore lint/suspicious/noExplicitAny: as above.
const ofUser = (db: Kysely<any>, flavor: Flavor, table: string) =>
  db.schema
    .createTable(table)
    .addColumn("app_id", "integer", (column) => column.notNull())
    .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()));

// biome-ignore lint/suspicious/noExplicitAny: as above.
const createProfiles = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  await flavor
    .clustered(
      ofUser(db, flavor, "profiles")
        .addColumn("version", long, (column) => column.notNull())
        .addColumn("fields", "text", (column) => column.notNull())
        .addColumn("own_fields", "text", (column) => column.notNull())
        .addColumn("created_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("profiles_key", ["app_id", "user_id"]),
    )
    .execute();
  await db.schema
    .createIndex("profiles_by_time")
    .on("profiles")
    .expression(sql`(app_id + 0), created_at`)
    .execute();
};

// biome-ignore lint/suspicious/noExplicitAny: as above.
const createFriends = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  // A row for who has friends or said who may become one; it is held while either changes.
  await flavor
    .clustered(
      ofUser(db, flavor, "friend_lists")
        .addColumn("permission", "integer")
        .addColumn("friend_count", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("friend_lists_key", ["app_id", "user_id"]),
    )
    .execute();
  await flavor
    .clustered(
      ofUser(db, flavor, "friends")
        .addColumn("friend_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("remark_name", "text", (column) => column.notNull())
        .addColumn("own_fields", "text", (column) => column.notNull())
        .addColumn("created_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("friends_key", ["app_id", "user_id", "friend_id"]),
    )
    .execute();
  await db.schema
    .createIndex("friends_by_time")
    .on("friends")
    .expression(sql`(app_id + 0), user_id, created_at`)
    .execute();
  await flavor
    .clustered(
      ofUser(db, flavor, "friend_applications")
        .addColumn("target_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("extra", "text", (column) => column.notNull())
        .addColumn("expires_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("friend_applications_key", ["app_id", "user_id", "target_id"]),
    )
    .execute();
  await db.schema
    .createIndex("friend_applications_by_end")
    .on("friend_applications")
    .columns(["expires_at"])
    .execute();
};
