import type { Kysely } from "kysely";
import type { Flavor } from "./flavor.ts";

const long = "bigint";

/**
 * Which conversations are everybody's: a row of its own for each, because there are no members that would say so. And
 * which hours of the message log a back end removed.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const createBroadcasts = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  await flavor
    .clustered(
      db.schema
        .createTable("broadcasts")
        .addColumn("app_id", "integer", (column) => column.notNull())
        .addColumn("conversation_id", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("broadcasts_key", ["app_id", "conversation_id"])
        .addForeignKeyConstraint("broadcasts_conversation", ["app_id", "conversation_id"], "conversations", [
          "app_id",
          "id",
        ]),
    )
    .execute();
  await flavor
    .clustered(
      db.schema
        .createTable("removed_log_hours")
        .addColumn("app_id", "integer", (column) => column.notNull())
        .addColumn("begins_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("removed_log_hours_key", ["app_id", "begins_at"]),
    )
    .execute();
};
