/**
 * What is still to be sent. A row belongs to whoever took it until it is due again, by the database's clock; so that of
 * a node that died the others take over, and nothing needs to know which node lives.
 */

import { type RawBuilder, sql } from "kysely";
import type { Micros, Millis, NewMessage } from "../../../ports/store.ts";
import type { DuePush, DuePushJob, NewPushJob } from "../../../ports/store-push.ts";
import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { rowLists } from "./row-lists.ts";
import { isPostgres, storeClock } from "./store-clock.ts";
import type { WriteScope } from "./write-scope.ts";

interface Place {
  conversationId: number;
  sentAt: Micros;
}

const later = (db: Db, delay: Millis): RawBuilder<Millis> =>
  sql<Millis>`${storeClock(db)} + cast(${delay} as bigint)`;

/** Rows that another transaction takes right now are not waited for. */
const skippingTaken = (db: Db) => (isPostgres(db) ? sql`for update skip locked` : sql``);

const arePlaces = (places: readonly Place[]) =>
  sql<boolean>`(conversation_id, sent_at) in (values ${sql.join(
    places.map(
      ({ conversationId, sentAt }) => sql`(cast(${conversationId} as bigint), cast(${sentAt} as bigint))`,
    ),
  )})`;

const inOrder = (places: readonly Place[]): Place[] =>
  [...places].sort((one, other) => one.conversationId - other.conversationId || one.sentAt - other.sentAt);

/** In the transaction of a message, which isn't one of those that are appended many at a time. */
export const addPush = async (
  db: Db,
  appId: number,
  { conversationId, sentAt }: Place,
  { wish, hold }: NonNullable<NewMessage["push"]>,
): Promise<void> => {
  await db
    .insertInto("push_outbox")
    .values({
      ...{ app_id: appId, conversation_id: conversationId, sent_at: sentAt, wish },
      ...{ attempts: 0, due_at: later(db, hold) },
    })
    .execute();
};

export const pushClaimWrites = {
  async claimPushes({ db }: WriteScope, limit: number, hold: Millis): Promise<DuePush[]> {
    const { rows } = await sql<DuePush>`update push_outbox
      set due_at = ${later(db, hold)}, attempts = attempts + 1
      where (app_id, conversation_id, sent_at) in (select app_id, conversation_id, sent_at from push_outbox
        where due_at <= ${storeClock(db)} order by due_at limit ${limit} ${skippingTaken(db)})
      returning app_id as "appId", conversation_id as "conversationId", sent_at as "sentAt", wish,
        attempts - 1 as attempts`.execute(db);
    return rows;
  },

  async claimPushJobs({ db }: WriteScope, limit: number, hold: Millis): Promise<DuePushJob[]> {
    const { rows } = await sql<DuePushJob>`update push_jobs
      set due_at = ${later(db, hold)}, attempts = attempts + 1
      where (app_id, id) in (select app_id, id from push_jobs
        where due_at <= ${storeClock(db)} order by due_at limit ${limit} ${skippingTaken(db)})
      returning app_id as "appId", id, body, after_user_id as "afterUserId", attempts - 1 as attempts,
        created_at as "createdAt"`.execute(db);
    return rows;
  },
};

export const pushOutboxWrites = {
  async finishPushes({ db }: WriteScope, appId: number, pushes: Place[]): Promise<void> {
    for (const list of rowLists(inOrder(pushes)))
      await db.deleteFrom("push_outbox").where("app_id", "=", appId).where(arePlaces(list)).execute();
  },

  async postponePushes({ db }: WriteScope, appId: number, pushes: Place[], delay: Millis): Promise<void> {
    for (const list of rowLists(inOrder(pushes)))
      await db
        .updateTable("push_outbox")
        .set({ due_at: later(db, delay) })
        .where("app_id", "=", appId)
        .where(arePlaces(list))
        .execute();
  },

  async addPushJob({ db }: WriteScope, appId: number, { id, body }: NewPushJob, hold: Millis): Promise<void> {
    await requireApp(db, appId);
    await db
      .insertInto("push_jobs")
      .values({
        ...{ app_id: appId, id, body, after_user_id: null, attempts: 0 },
        ...{ due_at: later(db, hold), created_at: storeClock(db) },
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  },

  async advancePushJob(
    { db }: WriteScope,
    appId: number,
    id: string,
    afterUserId: string | null,
    hold: Millis,
  ): Promise<void> {
    await db
      .updateTable("push_jobs")
      .set({ after_user_id: afterUserId, due_at: later(db, hold) })
      .where("app_id", "=", appId)
      .where("id", "=", id)
      .execute();
  },

  async finishPushJob({ db }: WriteScope, appId: number, id: string): Promise<void> {
    await db.deleteFrom("push_jobs").where("app_id", "=", appId).where("id", "=", id).execute();
  },
};
