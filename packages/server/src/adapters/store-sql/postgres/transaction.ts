/**
 * Every write but appends: a transaction of its own on one connection. PostgreSQL itself lets transactions that end
 * together share an fsync, so that there is nothing to gain from putting several into one.
 */

import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { selectHead } from "../operations/live-conversations.ts";
import { type Write, writes } from "../operations/tables.ts";
import type { WriteScope } from "../operations/write-scope.ts";
import type { Db } from "../schema.ts";
import { COMMIT_KEY } from "./append-statement.ts";
import type { Connection, Connections } from "./connections.ts";
import { constraintOf } from "./failures.ts";
import { retrying } from "./retry.ts";

/**
 * The database's clock, so that nodes need not agree about the time, in steps of 64 µs that a sequence fills: unique
 * while fewer than 64 ticks are given within 64 µs, and rising for transactions that wait for each other.
 */
const tick = sql<{ tick: number }>`
  select (extract(epoch from clock_timestamp()) * 1000000)::int8 / 64 * 64 + 64 + nextval('ticks') % 64 as tick`;

const scopeOf = (db: Db): WriteScope => ({
  db,
  async nextTick() {
    return (await tick.execute(db)).rows[0]?.tick as number;
  },
  // The node's own clock, as for appends, and a head that waited for another transaction is read again as it is then.
  nextSentAt: (last) => Math.max(Date.now() * 1000, last + 1),
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
});

/** Leaves the connection without a transaction, unless it is lost and the transaction with it. */
const undo = async (connection: Connection): Promise<void> => {
  if (connection.failure === undefined) await connection.script("rollback");
};

/**
 * Runs a write by its name, once: after a lost connection or a conflict again, until `deadline` (of
 * `performance.now()`), but never when it turns out that its commit was only not heard of. To find out, every attempt
 * begins with the same row in `commits`: PostgreSQL refuses the second one, after waiting for a first that still runs.
 */
export const runWrite = async (
  connections: Connections,
  name: string,
  args: unknown[],
  deadline: number,
): Promise<unknown> => {
  const write = (writes as unknown as Record<string, Write | undefined>)[name];
  if (write === undefined) throw new Error(`There is no write called ${name}.`);
  const appId = Number.isInteger(args[0]) ? args[0] : 0;
  const row = `${appId}, '${randomUUID()}', ${Date.now() * 1000}`;
  const begin = `begin; insert into commits (app_id, id, created_at) values (${row})`;
  /** Of the last attempt that came as far as its commit. */
  let unheard: { result: unknown } | undefined;

  return retrying(deadline, () =>
    connections.use(async (connection) => {
      let result: unknown;
      try {
        await connection.script(begin);
        result = await write(scopeOf(connection.db), ...args);
      } catch (error) {
        await undo(connection);
        if (unheard !== undefined && constraintOf(error) === COMMIT_KEY) return unheard.result;
        throw error;
      }
      unheard = { result };
      await connection.script("commit");
      return result;
    }),
  );
};
