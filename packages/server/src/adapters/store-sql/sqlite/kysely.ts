import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { Kysely, SqliteDialect } from "kysely";
import { StatementCache } from "./statements.ts";

/**
 * Kysely over `node:sqlite`. Its dialect asks for an object like better-sqlite3's; transactions are not Kysely's here
 * but the owner's of the connection, who puts many operations into one.
 */
export const openKysely = <Tables>(database: DatabaseSync): Kysely<Tables> => {
  const statements = new StatementCache(database);
  return new Kysely<Tables>({
    dialect: new SqliteDialect({
      database: {
        close: () => database.close(),
        prepare(text) {
          const { statement, isReader } = statements.prepare(text);
          return {
            reader: isReader,
            all: (values) => statement.all(...(values as SQLInputValue[])),
            run: (values) => statement.run(...(values as SQLInputValue[])),
            iterate: (values) => statement.iterate(...(values as SQLInputValue[])),
          };
        },
      },
    }),
  });
};
