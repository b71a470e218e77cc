/** Months of the log that nobody keeps anything of are dropped, which takes no longer for a billion rows than for one. */

import { sql } from "kysely";
import pg from "pg";
import { CLIENT_ID_DAYS, type Micros } from "../../../ports/store.ts";
import { DAY } from "../operations/retention.ts";
import type { Months } from "../operations/write-scope.ts";
import type { Db } from "../schema.ts";
import { monthStart, partitionsQuery, toPartition } from "./months.ts";

/** Dropping locks the whole log, and who waits for that lock has everybody else wait: better another time. */
const LOCK_TIMEOUT_MS = 100;
/** Somebody used the log for longer than that; the view of client ids still knows this month. */
const LATER = new Set(["55P03", "2BP01"]);

const isKept = async (db: Db, { name, to }: { name: string; to: Micros }, now: Micros): Promise<boolean> => {
  const age = sql`greatest(a.retention_days, ${sql.lit(CLIENT_ID_DAYS)}) * ${sql.lit(DAY)}`;
  const { rows } = await sql`select from apps a
    where a.deleted_at is null and (a.retention_days is null or ${to} > ${now} - ${age})
      and exists (select from ${sql.table(name)} m where m.app_id = a.id) limit 1`.execute(db);
  return rows.length > 0;
};

const drop = async (db: Db, name: string): Promise<boolean> => {
  await sql`savepoint month`.execute(db);
  try {
    await sql`set local lock_timeout = ${sql.lit(LOCK_TIMEOUT_MS)}`.execute(db);
    await sql`drop table ${sql.table(name)}`.execute(db);
    await sql`release savepoint month`.execute(db);
    return true;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && LATER.has(error.code ?? ""))) throw error;
    await sql`rollback to savepoint month`.execute(db);
    return false;
  }
};

export const postgresMonths = (db: Db): Months => ({
  startOf: (time) => monthStart(time),
  async dropOne(now) {
    const { rows } = await sql.raw<{ name: string; bounds: string }>(partitionsQuery).execute(db);
    for (const { name, bounds } of rows) {
      const partition = toPartition(name, bounds);
      if (partition.to > now - CLIENT_ID_DAYS * DAY || (await isKept(db, partition, now))) continue;
      return drop(db, name);
    }
    return false;
  },
});
