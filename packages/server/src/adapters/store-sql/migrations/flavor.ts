import type { ColumnDefinitionBuilder, CreateTableBuilder } from "kysely";
import { sql } from "kysely";

/** The little in which the databases' definitions of tables differ. */
export interface Flavor {
  /** A small integer key that the database gives, never the same twice. */
  generatedId(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
  /** For tables of short rows that are only reached by their primary key: store them in the key's own tree. */
  clustered<Table extends string, Columns extends string>(
    table: CreateTableBuilder<Table, Columns>,
  ): CreateTableBuilder<Table, Columns>;
}

export const sqliteFlavor: Flavor = {
  generatedId: (column) => column.primaryKey().autoIncrement(),
  clustered: (table) => table.modifyEnd(sql`without rowid`),
};
