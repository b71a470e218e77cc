import type { Kysely } from "kysely";
import type { Flavor } from "./flavor.ts";

/** How long apps keep messages, when old ones were last removed, and a log that can lose its beginning. */
// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const addRetention = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  await db.schema.alterTable("apps").addColumn("retention_days", "integer").execute();
  await db.insertInto("meta").values({ name: "expired_at", value: 0 }).execute();
  await flavor.divideMessages(db);
};
