/**
 * Removes messages that are past their app's retention, and what was stored with them. Nobody sees them any more; this only gives back their room.
 *
 * In SQLite they go in small pieces along the index by time. Tables by month, which PostgreSQL has, were decided against:
 * every statement of the append path, the unique index of client ids and every reading would have to name several tables,
 * for files that have one writer and whose freed pages the next messages fill again. In PostgreSQL a month is dropped
 * whole once no app keeps anything of it, which costs nothing whatever its size; only where apps keep messages for
 * different times, those that are past go in pieces, a month after the other.
 */

import type { Micros } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { oneByOne } from "./one-by-one.ts";
import { removableBefore } from "./retention.ts";
import type { WriteScope } from "./write-scope.ts";

const LARGEST_PIECE = 1000;
const PAUSE_MS = 50;
/** A turn that lies further ahead was taken by a clock that was wrong. */
const WRONG_MS = 60_000;

/**
 * One process at a time, and not too often: the row that says when it was done is locked until the piece is through.
 * One that is killed meanwhile has done nothing and holds nothing.
 */
const takeTurn = async (db: Db, now: number): Promise<boolean> => {
  const turn = await db
    .updateTable("meta")
    .set({ value: now })
    .where("name", "=", "expired_at")
    .where(({ or, eb }) => or([eb("value", "<=", now - PAUSE_MS), eb("value", ">", now + WRONG_MS)]))
    .returning("name")
    .executeTakeFirst();
  return turn !== undefined;
};

/** The rows that go by their time. Those of messages are there as long as the message, and found without it. */
const timed = ["mentions", "recipients", "own_deletions", "messages"] as const;
type Timed = (typeof timed)[number];

/** An app that has rows before the time that its retention gives. */
const findWork = async ({ db, months }: WriteScope, now: Micros) => {
  const retentions = await db
    .selectFrom("apps")
    .select("retention_days as days")
    .distinct()
    .where("deleted_at", "is", null)
    .where("retention_days", "is not", null)
    .execute();
  for (const { days } of retentions) {
    const past = removableBefore(days as number, now);
    const before = months === null ? past : months.startOf(past);
    for (const table of timed) {
      const app = await db
        .selectFrom("apps as a")
        .select("a.id")
        .where("a.deleted_at", "is", null)
        .where("a.retention_days", "=", days)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom(`${table} as m` as "messages as m")
              .select("m.sent_at")
              .whereRef("m.app_id", "=", "a.id")
              .where("m.sent_at", "<", before)
              .modifyEnd(oneByOne),
          ),
        )
        .limit(1)
        .executeTakeFirst();
      if (app !== undefined) return { table, appId: app.id, before };
    }
  }
  return undefined;
};

/** Of those of one moment all go, so that it may be a few more than `limit`. */
const removeOldest = async (
  db: Db,
  table: Timed,
  appId: number,
  before: Micros,
  limit: number,
): Promise<number> => {
  const last = await db
    .selectFrom(table)
    .select("sent_at as sentAt")
    .where("app_id", "=", appId)
    .where("sent_at", "<", before)
    .orderBy("sent_at")
    .limit(1)
    .offset(limit - 1)
    .executeTakeFirst();
  const { numDeletedRows } = await db
    .deleteFrom(table)
    .where("app_id", "=", appId)
    .where("sent_at", "<=", last?.sentAt ?? before - 1)
    .executeTakeFirst();
  return Number(numDeletedRows);
};

export const expireWrites = {
  /** Removes at most 1000 rows a call, whatever `limit` says, because others wait for the commit. */
  async expire(scope: WriteScope, limit: number): Promise<number> {
    const room = Math.min(limit, LARGEST_PIECE);
    const now = Date.now();
    if (room <= 0 || !(await takeTurn(scope.db, now))) return 0;
    if (await scope.months?.dropOne(now * 1000)) return 1;
    const work = await findWork(scope, now * 1000);
    return work === undefined ? 0 : removeOldest(scope.db, work.table, work.appId, work.before, room);
  },
};
