import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely } from "kysely";
import { sql } from "kysely";

/** The little in which the databases' definitions of tables differ. */
export interface Flavor {
  /** A small integer key that the database gives, never the same twice. */
  generatedId(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
  /** For tables of short rows that are only reached by their primary key: store them in the key's own tree. */
  clustered<Table extends string, Columns extends string>(
    table: CreateTableBuilder<Table, Columns>,
  ): CreateTableBuilder<Table, Columns>;
  /** For texts that are compared and ordered by their bytes. */
  identifier(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
  /** What this database needs beside the tables that all have. */
  // biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
  createOwnTables(db: Kysely<any>): Promise<void>;
  /** Divides the log by time, where the database has a use for that. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  divideMessages(db: Kysely<any>): Promise<void>;
  /** A view of one row, `moment`: whatever took its time on the store's clock up to then can be read, or never will be. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  createVisibleUntil(db: Kysely<any>): Promise<void>;
}

export const sqliteFlavor: Flavor = {
  generatedId: (column) => column.primaryKey().autoIncrement(),
  clustered: (table) => table.modifyEnd(sql`without rowid`),
  identifier: (column) => column,
  createOwnTables: async () => {},
  divideMessages: async () => {},
  // One transaction writes at a time, and the clock is stored with what it was read for.
  createVisibleUntil: async (db) => {
    await sql`create view visible_until as select value as moment from meta where name = 'clock'`.execute(db);
  },
};
