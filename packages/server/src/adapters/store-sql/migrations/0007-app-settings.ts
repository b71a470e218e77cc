/** Settings of an app, and what a back end says of its users besides their custom data. */

import type { Kysely } from "kysely";
import type { Flavor } from "./flavor.ts";

// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const addAppSettings = async (db: Kysely<any>, _flavor: Flavor): Promise<void> => {
  await db.schema
    .alterTable("apps")
    .addColumn("settings", "text", (column) => column.notNull().defaultTo("{}"))
    .execute();
  await db.schema.alterTable("users").addColumn("name", "text").execute();
  await db.schema.alterTable("users").addColumn("portrait_url", "text").execute();
  await db.schema
    .alterTable("users")
    .addColumn("created_at", "bigint", (column) => column.notNull().defaultTo(0))
    .execute();
  // Nobody knows since when the users of before are there.
  await db.updateTable("users").set({ created_at: Date.now() }).execute();
};
