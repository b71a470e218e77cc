/**
 * Every write that isn't grouped: a transaction of its own on one connection. PostgreSQL itself lets transactions that
 * end together share an fsync; what grouping would save is round trips, and these writes are rare.
 */

import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Micros } from "../../../ports/store.ts";
import { selectHead } from "../operations/live-conversations.ts";
import { boundWrites, type Write, type Writes, writes } from "../operations/tables.ts";
import type { WriteScope } from "../operations/write-scope.ts";
import type { Db } from "../schema.ts";
import { COMMIT_KEY } from "./append-statement.ts";
import type { Patience } from "./batch.ts";
import type { Connection, Connections } from "./connections.ts";
import { postgresMonths } from "./expiry.ts";
import { constraintOf, isMonthMissing } from "./failures.ts";
import { findOut } from "./fence.ts";
import { keepMonths } from "./months.ts";
import { nowMicros } from "./now-micros.ts";
import { retrying } from "./retry.ts";
import { TICK } from "./tick.ts";

const tick = sql<{ tick: number }>`select ${sql.raw(TICK)} as tick`;

export const scopeOf = (db: Db, onSentAt: (time: Micros) => void): WriteScope => ({
  db,
  async nextTick() {
    return (await tick.execute(db)).rows[0]?.tick as number;
  },
  // The node's own clock, as for appends, and a head that waited for another transaction is read again as it is then.
  nextSentAt(last) {
    const time = Math.max(nowMicros(), last + 1);
    onSentAt(time);
    return time;
  },
  holdHead: (appId, id) => selectHead(db, appId, id).forNoKeyUpdate("c").executeTakeFirst(),
  async holdUser(appId, userId) {
    await db
      .selectFrom("users")
      .select("id")
      .where("app_id", "=", appId)
      .where("id", "=", userId)
      .forNoKeyUpdate()
      .execute();
  },
  months: postgresMonths(db),
  async holdApp(appId) {
    await db.selectFrom("apps").select("id").where("id", "=", appId).forNoKeyUpdate().execute();
  },
});

/**
 * Safe to repeat, and so not noted in `commits`. What nodes do of themselves is here: a database that nodes only ran on
 * shows no sign of use, and may be the target of a migration.
 */
const repeatable = new Set(["touch", "purge", "expire", "takeRates"]);

/** Of these a refusal means that nothing was stored, as of the grouped writes: listeners are told of what was. */
export const certainWrites: ReadonlySet<string> = new Set<keyof Writes>(["change", "changeGroup"]);

/** Leaves the connection without a transaction, unless it is lost and the transaction with it. */
const undo = async (connection: Connection): Promise<void> => {
  if (connection.failure === undefined) await connection.script("rollback");
};

/**
 * Runs a write by its name, once: after a lost connection or a conflict again, until `deadline` (of
 * `performance.now()`), but never when it turns out that its commit was only not heard of. To find out, every attempt
 * begins with the same row in `commits`: PostgreSQL refuses the second one, after waiting for a first that still runs.
 * One of `certainWrites` throws as `storeOnce` does.
 */
export const runWrite = async (
  connections: Connections,
  name: string,
  args: unknown[],
  { deadline, isOver }: Patience,
): Promise<unknown> => {
  const write = (writes as unknown as Record<string, Write | undefined>)[name];
  if (write === undefined) throw new Error(`There is no write called ${name}.`);
  const appId = Object.hasOwn(boundWrites, name) ? args[0] : 0;
  const key = [appId as number, randomUUID()] as const;
  const row = `${key[0]}, '${key[1]}', ${Date.now() * 1000}`;
  const note = `insert into commits (app_id, id, created_at) values (${row})`;
  const begin = repeatable.has(name) ? "begin" : `begin; ${note}`;
  /** Of the last attempt that came as far as its commit. */
  let unheard: { result: unknown } | undefined;

  const attempt = async (connection: Connection): Promise<unknown> => {
    let sentAt: Micros | undefined;
    let result: unknown;
    try {
      await connection.script(begin);
      result = await write(
        scopeOf(connection.db, (time) => {
          sentAt = time;
        }),
        ...args,
      );
    } catch (error) {
      await undo(connection);
      if (unheard !== undefined && constraintOf(error) === COMMIT_KEY) return unheard.result;
      if (!isMonthMissing(error) || sentAt === undefined) throw error;
      await keepMonths(connection, [sentAt]);
      return attempt(connection);
    }
    unheard = { result };
    await connection.script("commit");
    return result;
  };

  try {
    return await retrying(deadline, () => connections.use(attempt));
  } catch (error) {
    if (unheard === undefined || !certainWrites.has(name)) throw error;
    if ((await findOut(connections, key, isOver)) === null) throw error;
    return unheard.result;
  }
};
