import type { Kysely } from "kysely";
import type { Flavor } from "./flavor.ts";

const long = "bigint";

/**
 * What is known of a group by the id that its app gave it, whether there is a conversation of that id, no longer, or not
 * yet: its name, and who may not write there. So these have no foreign keys, and outlive the conversation.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const createGroups = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  const ofGroup = (table: string) =>
    db.schema
      .createTable(table)
      .addColumn("app_id", "integer", (column) => column.notNull())
      .addColumn("group_id", "text", (column) => flavor.identifier(column.notNull()));
  const user = "user_id";

  await flavor
    .clustered(
      ofGroup("groups")
        .addColumn("name", "text")
        .addColumn("dismissed_at", long)
        .addPrimaryKeyConstraint("groups_key", ["app_id", "group_id"]),
    )
    .execute();
  await flavor
    .clustered(
      ofGroup("muted_groups")
        .addColumn("muted_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("muted_groups_key", ["app_id", "group_id"]),
    )
    .execute();
  await flavor
    .clustered(
      ofGroup("group_mutes")
        .addColumn(user, "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("muted_at", long, (column) => column.notNull())
        .addColumn("muted_until", long)
        .addPrimaryKeyConstraint("group_mutes_key", ["app_id", "group_id", user]),
    )
    .execute();
  await flavor
    .clustered(
      ofGroup("mute_exemptions")
        .addColumn(user, "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("exempted_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("mute_exemptions_key", ["app_id", "group_id", user]),
    )
    .execute();
};
