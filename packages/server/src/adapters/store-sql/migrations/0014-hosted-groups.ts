import { type Kysely, sql } from "kysely";
import type { Flavor } from "./flavor.ts";

const long = "bigint";

/**
 * Keys begin with the conversation: the rows go with it. Neither name nor members are here: they are those of any group.
 * `hosted_members` has a row for who has more to show than being a member.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const createHostedGroups = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  const ofConversation = (table: string) =>
    db.schema
      .createTable(table)
      .addColumn("app_id", "integer", (column) => column.notNull())
      .addColumn("conversation_id", long, (column) => column.notNull())
      .addForeignKeyConstraint(`${table}_conversation`, ["app_id", "conversation_id"], "conversations", [
        "app_id",
        "id",
      ]);

  let groups = ofConversation("hosted_groups")
    .addColumn("owner_id", "text", (column) => flavor.identifier(column.notNull()))
    .addColumn("creator_id", "text", (column) => flavor.identifier(column.notNull()));
  for (const name of ["fields", "own_fields", "permissions"] as const)
    groups = groups.addColumn(name, "text", (column) => column.notNull());
  await flavor
    .clustered(
      groups
        .addColumn("created_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("hosted_groups_key", ["app_id", "conversation_id"]),
    )
    .execute();
  await db.schema
    .createIndex("hosted_groups_by_time")
    .on("hosted_groups")
    .expression(sql`(app_id + 0), created_at`)
    .execute();

  let members = ofConversation("hosted_members")
    .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()))
    .addColumn("is_admin", "integer", (column) => column.notNull());
  for (const name of ["nickname", "extra", "remark_name"] as const)
    members = members.addColumn(name, "text", (column) => column.notNull());
  await flavor
    .clustered(
      members.addPrimaryKeyConstraint("hosted_members_key", ["app_id", "conversation_id", "user_id"]),
    )
    .execute();

  await flavor
    .clustered(
      ofConversation("group_follows")
        .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("followed_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("since", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("group_follows_key", [
          "app_id",
          "conversation_id",
          "user_id",
          "followed_id",
        ]),
    )
    .execute();
  await db.schema
    .createIndex("group_follows_by_followed")
    .on("group_follows")
    .expression(sql`(app_id + 0), conversation_id, followed_id`)
    .execute();
};
