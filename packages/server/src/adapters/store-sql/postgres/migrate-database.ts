import { sql } from "kysely";
import { migrate } from "../migrations/migrate.ts";
import { postgresFlavor } from "../migrations/postgres-flavor.ts";
import type { Connections } from "./connections.ts";
import { keepMonths } from "./months.ts";

/** Any number that no other program's lock on the same database has: "parlance" in digits of a telephone. */
const LOCK = 72_752_623;

const OLDEST = 15;

/** Throws a sentence when this server or database cannot be ours. */
const requireUsable = ([version = 0, encoding = ""]: [number?, string?]): void => {
  if (Math.floor(version / 10_000) < OLDEST)
    throw new Error(`it is PostgreSQL ${Math.floor(version / 10_000)}; ${OLDEST} or newer is needed`);
  if (encoding !== "UTF8") throw new Error(`the database's encoding is ${encoding}; it must be UTF8`);
};

/** Brings the database to the newest version, and the log's months to this day. Nodes that start together do it one after the other. */
export const migrateDatabase = (connections: Connections): Promise<void> =>
  connections.use(async (connection) => {
    const facts = "select current_setting('server_version_num')::int4, current_setting('server_encoding')";
    requireUsable((await connection.rows<[number, string]>(facts, []))[0] ?? []);
    // The lock is the session's and goes with the connection, however that ends.
    await connection.rows("select pg_advisory_lock($1)", [LOCK]);
    try {
      await migrate(connection.db, postgresFlavor, async (work) => {
        await sql`begin`.execute(connection.db);
        try {
          await work();
          await sql`commit`.execute(connection.db);
        } catch (error) {
          if (connection.failure === undefined) await sql`rollback`.execute(connection.db);
          throw error;
        }
      });
      await keepMonths(connection);
    } finally {
      if (connection.failure === undefined) await connection.rows("select pg_advisory_unlock($1)", [LOCK]);
    }
  });
