import { PostgresAdapter, type RawBuilder, sql } from "kysely";
import type { Millis } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";

const postgresClock = sql<Millis>`(extract(epoch from statement_timestamp()) * 1000)::int8`;
const sqliteClock = sql<Millis>`cast((julianday('now') - 2440587.5) * 86400000 as integer)`;

/** For the little that is best said in a database's own way. */
export const isPostgres = (db: Db): boolean => db.getExecutor().adapter instanceof PostgresAdapter;

/** Milliseconds by the database's clock, the same within a statement: leases of nodes are never compared with a node's. */
export const storeClock = (db: Db): RawBuilder<Millis> => (isPostgres(db) ? postgresClock : sqliteClock);
