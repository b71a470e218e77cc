/** Sensitive words of apps, and what is used of their rates: one row for each limit, of its newest window. */

import type { Kysely } from "kysely";
import type { Flavor } from "./flavor.ts";

const long = "bigint";

// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const createWordsAndRates = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  // Beside the app, which every node reads when something changed: how many words there are, and which change was the last.
  for (const column of ["word_count", "words_revision"])
    await db.schema
      .alterTable("apps")
      .addColumn(column, long, (definition) => definition.notNull().defaultTo(0))
      .execute();
  await flavor
    .clustered(
      db.schema
        .createTable("sensitive_words")
        .addColumn("app_id", "integer", (column) => column.notNull())
        .addColumn("key", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("word", "text", (column) => column.notNull())
        .addColumn("replace_with", "text")
        .addPrimaryKeyConstraint("sensitive_words_key", ["app_id", "key"]),
    )
    .execute();
  await flavor
    .clustered(
      db.schema
        .createTable("rate_windows")
        .addColumn("app_id", "integer", (column) => column.notNull())
        .addColumn("name", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("seconds", "integer", (column) => column.notNull())
        .addColumn("window_number", long, (column) => column.notNull())
        .addColumn("used", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("rate_windows_key", ["app_id", "name", "seconds"]),
    )
    .execute();
};
