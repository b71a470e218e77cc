/** What is PostgreSQL's own about the tables. */

import { type Kysely, sql } from "kysely";
import type { Flavor } from "./flavor.ts";
import { divideMessages } from "./postgres-months.ts";

/**
 * - `commits`: a row for each transaction, for an hour, written in it: whoever lost the answer finds out by its key.
 *   For appends it holds the answer, too. The app is that of the first message: it keeps the row beside the messages
 *   where tables are distributed by app. (PostgreSQL's own `pg_xact_status` is not to be trusted with this: after a
 *   crash the number of a transaction that was never on disk is given again.)
 * - `ticks`: makes times of the clock unique.
 * - Rows that change with every message leave room on their page, so that the new version needs no new index entries.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
const createOwnTables = async (db: Kysely<any>): Promise<void> => {
  await db.schema
    .createTable("commits")
    .addColumn("app_id", "integer", (column) => column.notNull())
    .addColumn("id", "uuid", (column) => column.notNull())
    .addColumn("created_at", "bigint", (column) => column.notNull())
    .addColumn("heads", "text")
    .addColumn("repeats", "text")
    .addPrimaryKeyConstraint("commits_key", ["app_id", "id"])
    .execute();
  await db.schema.createIndex("commits_by_time").on("commits").column("created_at").execute();
  await sql`create sequence ticks`.execute(db);
  for (const table of ["conversations", "read_marks"])
    await sql`alter table ${sql.table(table)} set (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)`.execute(
      db,
    );
};

/**
 * Transactions commit in another order than they took their times. All times that count here are the database's own
 * (`clock_timestamp()`), taken after their transaction had a number: so none that is still under way, or only waits for
 * its disk or its standby, has one before its own start. The half minute is for what this server can't see: clocks of
 * several servers that share the tables, and the clock of a standby that took over.
 *
 * Must be read before, and not in, the statement that reads what it speaks of.
 */
// biome-ignore lint/suspicious/noExplicitAny: as above.
const createVisibleUntil = async (db: Kysely<any>): Promise<void> => {
  await sql`create view visible_until as select (extract(epoch from least(
    clock_timestamp() - interval '30 seconds',
    (select min(xact_start) from pg_stat_activity
      where datname = current_database() and backend_xid is not null and pid <> pg_backend_pid())
  )) * 1000000)::int8 - 1 as moment`.execute(db);
};

export const postgresFlavor: Flavor = {
  generatedId: (column) => column.primaryKey().generatedByDefaultAsIdentity(),
  clustered: (table) => table,
  // Ids are ordered by their bytes, as in SQLite, whatever the database's language; such indexes are faster, too.
  identifier: (column) => column.modifyEnd(sql`collate "C"`),
  createOwnTables,
  divideMessages,
  createVisibleUntil,
};
