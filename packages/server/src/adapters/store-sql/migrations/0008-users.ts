import { type Kysely, sql } from "kysely";
import type { Flavor } from "./flavor.ts";

const long = "bigint";

/**
 * What apps decide about users, and users' lists of each other. No foreign key leads to users: a rule may be made for an
 * id that is yet to come.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const createUserRules = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  await flavor
    .clustered(
      db.schema
        .createTable("user_rules")
        .addColumn("app_id", "integer", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("tokens_from", long, (column) => column.notNull().defaultTo(0))
        .addColumn("blocked_until", long, (column) => column.notNull().defaultTo(0))
        .addColumn("direct_muted_at", long)
        .addColumn("uses_allowlist", "integer", (column) => column.notNull().defaultTo(0))
        .addColumn("deactivated_at", long)
        .addColumn("erase_at", long)
        .addColumn("erased_up_to", long, (column) => column.notNull().defaultTo(0))
        .addPrimaryKeyConstraint("user_rules_key", ["app_id", "user_id"]),
    )
    .execute();
  await db.schema
    .createIndex("user_rules_blocked")
    .on("user_rules")
    .columns(["app_id", "blocked_until", "user_id"])
    .where("blocked_until", ">", sql.lit(0))
    .execute();
  for (const column of ["direct_muted_at", "deactivated_at"])
    await db.schema
      .createIndex(`user_rules_${column}`)
      .on("user_rules")
      .columns(["app_id", column, "user_id"])
      .where(column, "is not", null)
      .execute();
  await db.schema
    .createIndex("user_rules_to_erase")
    .on("user_rules")
    .column("erase_at")
    .where("erase_at", "is not", null)
    .execute();
  await flavor
    .clustered(
      db.schema
        .createTable("contacts")
        .addColumn("app_id", "integer", (column) => column.notNull())
        .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("list", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("contact_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("added_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("contacts_key", ["app_id", "user_id", "list", "contact_id"]),
    )
    .execute();
  await db.schema
    .createIndex("contacts_by_time")
    .on("contacts")
    .columns(["app_id", "user_id", "list", "added_at", "contact_id"])
    .execute();
  // Of an expression: a planner without statistics must not think that an app is a few users that may as well be read whole.
  await db.schema
    .createIndex("users_by_registration")
    .on("users")
    .expression(sql`(app_id + 0), created_at, id`)
    .execute();
};
