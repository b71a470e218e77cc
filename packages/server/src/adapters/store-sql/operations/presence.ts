/** Who of an app is connected, and how many may be. */

import { sql } from "kysely";
import {
  type NewConnection,
  nodeClock,
  type Presence,
  type PresenceResult,
  type PresenceUpdate,
  type PresentConnection,
} from "../../../ports/store-presence.ts";
import type { Db } from "../schema.ts";
import { doubtChatrooms } from "./chatroom-doubts.ts";
import { idLists } from "./id-lists.ts";
import { nodeReads } from "./nodes.ts";
import { rowLists } from "./row-lists.ts";
import { storeClock } from "./store-clock.ts";
import type { WriteScope } from "./write-scope.ts";

const livePresence = (db: Db, appId: number) =>
  db
    .selectFrom("presence as p")
    .innerJoin("nodes as n", "n.lease_id", "p.lease_id")
    .where("n.lease_until", ">", storeClock(db))
    .where("p.app_id", "=", appId);

const onlineUsers = (db: Db, appId: number) => livePresence(db, appId).select("p.user_id").distinct();

/** How many users are online; it stops counting at `most`. */
const countUpTo = async (db: Db, appId: number, most: number | null): Promise<number> => {
  const { count } = await db
    .selectFrom(
      onlineUsers(db, appId)
        .$if(most !== null, (query) => query.limit(most as number))
        .as("online"),
    )
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return count;
};

const findOnline = async (db: Db, appId: number, userIds: string[]): Promise<Set<string>> => {
  const online = new Set<string>();
  for (const list of idLists(userIds)) {
    const rows = await onlineUsers(db, appId).where("p.user_id", "in", list).execute();
    for (const row of rows) online.add(row.user_id);
  }
  return online;
};

/** One for each device, the newest, in one order for all nodes: so that two of them never wait for each other in a ring. */
const inOrder = (connections: readonly NewConnection[]): NewConnection[] => {
  const byDevice = new Map<string, NewConnection>();
  for (const one of connections) {
    const key = JSON.stringify([one.userId, one.deviceId]);
    if ((byDevice.get(key)?.connectionId ?? 0) <= one.connectionId) byDevice.set(key, one);
  }
  const keys = [...byDevice.keys()].sort();
  return keys.map((key) => byDevice.get(key) as NewConnection);
};

/** Those who may not come in, because `most` users are online. Those who are online already may. */
const refuseSome = async (
  db: Db,
  appId: number,
  connections: readonly PresentConnection[],
  most: number,
): Promise<Set<number>> => {
  const refused = new Set<number>();
  if (connections.length === 0) return refused;
  const online = await findOnline(
    db,
    appId,
    connections.map(({ userId }) => userId),
  );
  // Counting is dear, and most who arrive have asked for their place before.
  let places: number | undefined;
  for (const { userId, connectionId } of connections) {
    if (online.has(userId)) continue;
    places ??= most - (await countUpTo(db, appId, most));
    if (places <= 0) refused.add(connectionId);
    else {
      places--;
      online.add(userId);
    }
  }
  return refused;
};

interface Written {
  userId: string;
  deviceId: string;
  connectionId: number;
  previousLeaseId: number | null;
  previousConnectionId: number | null;
}

/** Whether the row in the way is this very connection's, from an earlier attempt whose answer was lost. */
const isSame = sql`presence.lease_id = excluded.lease_id and presence.connection_id = excluded.connection_id`;
const kept = (column: string, value: string) =>
  sql<number>`case when ${isSame} then presence.${sql.ref(column)} else ${sql.ref(value)} end`;

const write = async (
  { db, nextTick }: WriteScope,
  appId: number,
  leaseId: number,
  connections: readonly NewConnection[],
  mayTake: boolean,
): Promise<Written[]> => {
  const written: Written[] = [];
  if (connections.length === 0) return written;
  const tick = await nextTick();
  // Nodes write when they come to it: what decides is when a device connected, not when that was written.
  const now = nodeClock();
  const sinceOf = ({ openedAt }: NewConnection) => tick - Math.max(0, Math.round((now - openedAt) * 1000));
  const isFree = sql<boolean>`(presence.lease_id = excluded.lease_id and presence.connection_id <= excluded.connection_id)
    or presence.lease_id not in (select lease_id from nodes where lease_until > ${storeClock(db)})`;
  const isNewer = sql<boolean>`(presence.lease_id <> excluded.lease_id and presence.since <= excluded.since) or ${isFree}`;
  for (const list of rowLists(inOrder(connections))) {
    const rows = await db
      .insertInto("presence")
      .values(
        list.map((connection) => ({
          app_id: appId,
          user_id: connection.userId,
          device_id: connection.deviceId,
          lease_id: leaseId,
          connection_id: connection.connectionId,
          platform: connection.platform,
          since: sinceOf(connection),
        })),
      )
      .onConflict((conflict) => {
        const update = conflict.columns(["app_id", "user_id", "device_id"]).doUpdateSet({
          lease_id: (row) => row.ref("excluded.lease_id"),
          connection_id: (row) => row.ref("excluded.connection_id"),
          platform: (row) => row.ref("excluded.platform"),
          since: kept("since", "excluded.since"),
          previous_lease_id: kept("previous_lease_id", "presence.lease_id"),
          previous_connection_id: kept("previous_connection_id", "presence.connection_id"),
        });
        return update.where(mayTake ? isNewer : isFree);
      })
      .returning([
        "user_id as userId",
        "device_id as deviceId",
        "connection_id as connectionId",
        "previous_lease_id as previousLeaseId",
        "previous_connection_id as previousConnectionId",
      ])
      .execute();
    written.push(...rows);
  }
  return written;
};

export const presenceReads = {
  async findPresence(db: Db, appId: number, userIds: string[]): Promise<Presence[]> {
    const found: Presence[] = [];
    for (const list of idLists(userIds)) {
      const rows = await livePresence(db, appId)
        .select(["p.user_id as userId", "p.device_id as deviceId", "p.connection_id as connectionId"])
        .select(["p.platform", "p.lease_id as leaseId", "p.since"])
        .where("p.user_id", "in", list)
        .execute();
      found.push(...rows);
    }
    return found;
  },

  countOnline: (db: Db, appId: number): Promise<number> => countUpTo(db, appId, null),

  async listOnline(db: Db, appId: number, afterUserId: string | null, limit: number): Promise<string[]> {
    const rows = await onlineUsers(db, appId)
      .$if(afterUserId !== null, (query) => query.where("p.user_id", ">", afterUserId as string))
      .orderBy("p.user_id")
      .limit(Math.max(0, limit))
      .execute();
    return rows.map((row) => row.user_id);
  },
};

export const presenceWrites = {
  async updatePresence(
    scope: WriteScope,
    appId: number,
    leaseId: number,
    { left, returned, arrived, claimed }: PresenceUpdate,
    most: number | null,
  ): Promise<PresenceResult | null> {
    const { db } = scope;
    if (most !== null) await scope.holdApp(appId);
    const live = await nodeReads.listLiveLeases(db);
    if (!live.includes(leaseId)) return null;
    const gone: string[] = [];
    for (const list of idLists(left)) {
      const rows = await db
        .deleteFrom("presence")
        .where("lease_id", "=", leaseId)
        .where("app_id", "=", appId)
        .where("connection_id", "in", list)
        .returning("user_id")
        .execute();
      for (const row of rows) gone.push(row.user_id);
    }
    await doubtChatrooms(db, appId, gone, storeClock(db));
    // Who is connected already goes first: there may have been no limit when they came.
    const all = [...returned, ...arrived, ...claimed];
    const refused = most === null ? new Set<number>() : await refuseSome(db, appId, all, most);
    const isAdmitted = ({ connectionId }: PresentConnection) => !refused.has(connectionId);
    const back = await write(scope, appId, leaseId, returned.filter(isAdmitted), false);
    const written = await write(scope, appId, leaseId, arrived.filter(isAdmitted), true);
    const taken = await write(scope, appId, leaseId, claimed.filter(isAdmitted), false);

    const hasPlace = new Set([...back, ...written, ...taken].map(({ connectionId }) => connectionId));
    const others = new Set(live.filter((id) => id !== leaseId));
    return {
      refused: [...refused],
      held: all.map(({ connectionId }) => connectionId).filter((id) => !refused.has(id) && !hasPlace.has(id)),
      replaced: written.flatMap(({ userId, deviceId, previousLeaseId, previousConnectionId }) =>
        previousLeaseId === null || previousConnectionId === null || !others.has(previousLeaseId)
          ? []
          : [{ userId, deviceId, leaseId: previousLeaseId, connectionId: previousConnectionId }],
      ),
    };
  },
};
