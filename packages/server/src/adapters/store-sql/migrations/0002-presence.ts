import type { Kysely } from "kysely";
import type { Flavor } from "./flavor.ts";

const long = "bigint";

/**
 * Leases of nodes, and who is connected to them. Presence has no foreign key to the lease nor to the app: rows of an
 * ended lease count for nothing and are purged, and it is written thousands of times a second when many come at once.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const createPresence = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  await db.schema
    .createTable("nodes")
    .addColumn("lease_id", long, (column) => column.primaryKey())
    .addColumn("node_id", "text", (column) => column.notNull())
    .addColumn("address", "text", (column) => column.notNull())
    .addColumn("version", "text", (column) => column.notNull())
    .addColumn("started_at", long, (column) => column.notNull())
    .addColumn("lease_until", long, (column) => column.notNull())
    .execute();
  await flavor
    .clustered(
      db.schema
        .createTable("presence")
        .addColumn("app_id", "integer", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("device_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("lease_id", long, (column) => column.notNull())
        .addColumn("connection_id", long, (column) => column.notNull())
        .addColumn("platform", "text", (column) => column.notNull())
        .addColumn("since", long, (column) => column.notNull())
        .addColumn("previous_lease_id", long)
        .addColumn("previous_connection_id", long)
        .addPrimaryKeyConstraint("presence_key", ["app_id", "user_id", "device_id"]),
    )
    .execute();
  await db.schema
    .createIndex("presence_by_lease")
    .on("presence")
    .columns(["lease_id", "app_id", "connection_id"])
    .execute();
};
