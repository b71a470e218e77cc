/** Leases of nodes. Every comparison is made by the database's clock, within a statement. */

import { type RawBuilder, sql } from "kysely";
import type { Millis } from "../../../ports/store.ts";
import type { NodeFacts, NodeLease } from "../../../ports/store-presence.ts";
import type { Db } from "../schema.ts";
import { doubtChatrooms } from "./chatroom-doubts.ts";
import { storeClock } from "./store-clock.ts";
import type { WriteScope } from "./write-scope.ts";

/** How long people can still see a node that is gone, and far longer than a write that began under its lease may take. */
const REMEMBERED_MS = 60_000;
const LARGEST_PIECE = 1000;

const fromNow = (db: Db, duration: Millis): RawBuilder<Millis> =>
  sql<Millis>`${storeClock(db)} + ${duration}`;

const usersByApp = (rows: readonly { app_id: number; user_id: string }[]): Map<number, string[]> => {
  const byApp = new Map<number, string[]>();
  for (const { app_id, user_id } of rows) {
    const userIds = byApp.get(app_id);
    if (userIds) userIds.push(user_id);
    else byApp.set(app_id, [user_id]);
  }
  return byApp;
};

export const nodeReads = {
  async listLiveLeases(db: Db): Promise<number[]> {
    const rows = await db
      .selectFrom("nodes")
      .select("lease_id")
      .where("lease_until", ">", storeClock(db))
      .orderBy("lease_id")
      .execute();
    return rows.map((row) => row.lease_id);
  },

  async listNodes(db: Db): Promise<NodeLease[]> {
    return db
      .selectFrom("nodes as n")
      .select(["n.node_id as nodeId", "n.address", "n.version", "n.lease_id as leaseId"])
      .select("n.started_at as startedAt")
      .select(sql<Millis>`n.lease_until - ${storeClock(db)}`.as("remaining"))
      .select((row) =>
        row
          .selectFrom("presence as p")
          .whereRef("p.lease_id", "=", "n.lease_id")
          .select(({ fn }) => fn.countAll<number>().as("count"))
          .as("connections"),
      )
      .orderBy("n.lease_id")
      .execute() as Promise<NodeLease[]>;
  },
};

export const nodeWrites = {
  async takeLease(
    { db, nextTick }: WriteScope,
    { nodeId, address, version }: NodeFacts,
    duration: Millis,
    isAlone: boolean,
  ): Promise<number> {
    if (isAlone) {
      const now = storeClock(db);
      await db.updateTable("nodes").set({ lease_until: now }).where("lease_until", ">", now).execute();
    }
    const leaseId = await nextTick();
    await db
      .insertInto("nodes")
      .values({
        lease_id: leaseId,
        node_id: nodeId,
        address,
        version,
        started_at: storeClock(db),
        lease_until: fromNow(db, duration),
      })
      .execute();
    return leaseId;
  },

  async renewLease({ db }: WriteScope, leaseId: number, duration: Millis): Promise<boolean> {
    const row = await db
      .updateTable("nodes")
      .set({ lease_until: fromNow(db, duration) })
      .where("lease_id", "=", leaseId)
      .where("lease_until", ">", storeClock(db))
      .returning("lease_id")
      .executeTakeFirst();
    return row !== undefined;
  },

  async endLease({ db }: WriteScope, leaseId: number): Promise<void> {
    const now = storeClock(db);
    await db
      .updateTable("nodes")
      .set({ lease_until: now })
      .where("lease_id", "=", leaseId)
      .where("lease_until", ">", now)
      .execute();
  },

  /** Removes at most 1000 rows a call, whatever `limit` says, because others wait for the commit. */
  async purgePresence({ db }: WriteScope, limit: number): Promise<number> {
    const room = Math.max(0, Math.min(limit, LARGEST_PIECE));
    const clock = storeClock(db);
    // Changes nothing but holds the rows: no renewal that began a moment too early can bring such a lease back.
    const ended = await db
      .updateTable("nodes")
      .set((row) => ({ lease_until: row.ref("lease_until") }))
      .where("lease_until", "<=", clock)
      .returning(["lease_id", "lease_until"])
      .execute();
    let left = room;
    for (const { lease_id: leaseId, lease_until: endedAt } of ended) {
      if (left === 0) break;
      // Two steps, each along the index by lease: as one, PostgreSQL may read all that are online for each piece.
      const last = await db
        .selectFrom("presence")
        .select(["app_id", "connection_id"])
        .where("lease_id", "=", leaseId)
        .orderBy("app_id")
        .orderBy("connection_id")
        .limit(1)
        .offset(left - 1)
        .executeTakeFirst();
      const rows = await db
        .deleteFrom("presence")
        .where("lease_id", "=", leaseId)
        .$if(last !== undefined, (query) =>
          query.where(sql<boolean>`(app_id, connection_id) <= (${last?.app_id}, ${last?.connection_id})`),
        )
        .returning(["app_id", "user_id"])
        .execute();
      left -= rows.length;
      for (const [appId, userIds] of usersByApp(rows)) await doubtChatrooms(db, appId, userIds, endedAt);
      if (left === 0) break;
      const gone = await db
        .deleteFrom("nodes")
        .where("lease_id", "=", leaseId)
        .where("lease_until", "<=", sql<Millis>`${clock} - ${REMEMBERED_MS}`)
        .executeTakeFirst();
      left -= Number(gone.numDeletedRows);
    }
    return room - left;
  },
};
