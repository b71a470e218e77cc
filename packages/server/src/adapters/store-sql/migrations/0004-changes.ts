/** Messages that mention, quote, are for some only, carry key-values, and change after they were sent. */

import type { Kysely } from "kysely";
import { sql } from "kysely";
import type { Flavor } from "./flavor.ts";

const long = "bigint";
const log = ["app_id", "conversation_id"] as const;

// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const addChanges = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  for (const column of ["mentions", "quote", "keys", "to_users"])
    await db.schema.alterTable("messages").addColumn(column, "text").execute();
  for (const column of ["change_of", "modified_at", "change_seq"])
    await db.schema.alterTable("messages").addColumn(column, long).execute();
  for (const flag of ["recalled", "is_hidden"])
    await db.schema
      .alterTable("messages")
      .addColumn(flag, "integer", (column) => column.notNull().defaultTo(0))
      .execute();
  // Hidden before changes were entries of the log: by none of them.
  await sql`update messages set is_hidden = 1, change_seq = 0 where is_active = 0`.execute(db);

  // Entries that are no messages are not shown either, and no count has to step over them.
  await db.schema.dropIndex("messages_hidden").ifExists().execute();
  await db.schema
    .createIndex("messages_uncounted")
    .on("messages")
    .columns([...log, "sent_at"])
    .where(sql<boolean>`is_active = 0 and is_counted = 1`)
    .execute();
  await db.schema
    .createIndex("messages_changed")
    .on("messages")
    .columns([...log, "sent_at"])
    .where(sql.ref("change_seq"), "is not", null)
    .execute();

  for (const table of ["mentions", "recipients"]) {
    await flavor
      .clustered(
        db.schema
          .createTable(table)
          .addColumn("app_id", "integer", (column) => column.notNull())
          .addColumn("conversation_id", long, (column) => column.notNull())
          .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()))
          .addColumn("sent_at", long, (column) => column.notNull())
          .addColumn("seq", long, (column) => column.notNull())
          .addPrimaryKeyConstraint(`${table}_key`, [...log, "user_id", "sent_at"]),
      )
      .execute();
    // Those of messages that are past their app's retention are found by time.
    await db.schema.createIndex(`${table}_by_time`).on(table).columns(["app_id", "sent_at"]).execute();
  }
};
