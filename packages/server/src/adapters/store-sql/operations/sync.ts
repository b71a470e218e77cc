/**
 * What changed of a user's conversations since a moment. Every row that a state is made of carries the tick of its last
 * change; a conversation whose log moves changes once, however many members it has. So a user's changes are found by
 * looking at the user's memberships: a page looks at `EXAMINED` of them at the most, in the order of their ids. For
 * 10,000 conversations that nothing happened in, that is ten statements of some milliseconds each.
 *
 * Why nothing is missed. The first page reads `visible_until` before anything else: the moment up to which everything
 * that was written can be read (see the database's flavor of it). It becomes the next `since`. What changes while pages
 * are read, on either side of where they stand, has a later tick, and comes in the next synchronisation; what had not
 * been committed then, has a later tick, too. A row that was changed twice carries the later commit's tick, because the
 * second writer waited for the first. What comes twice is the same state twice.
 */

import { sql } from "kysely";
import type { SyncPage, SyncPosition } from "../../../ports/store-conversations.ts";
import type { ConversationsTable, Db, MembersTable } from "../schema.ts";
import { conversationsById, rowOf } from "./by-key.ts";
import { readStates, UNLISTED } from "./conversation-states.ts";
import { broadcastIds, hasBegun, impliedMembers } from "./everybody.ts";
import { idLists } from "./id-lists.ts";

/** Memberships that one page looks at. */
const EXAMINED = 1000;

interface Found {
  id: number;
  /** The conversation is no longer the user's: what it was called. */
  lost: SyncPage["lost"][number] | null;
}

interface Range {
  appId: number;
  userId: string;
  since: number | null;
  afterId: number;
  /** Null: to the end. */
  upToId: number | null;
  limit: number;
}

/** The last id of the window; null when it reaches to the end. */
const endOfWindow = async (
  db: Db,
  appId: number,
  userId: string,
  afterId: number,
): Promise<number | null> => {
  const row = await db
    .selectFrom("members")
    .select("conversation_id as id")
    .where("app_id", "=", appId)
    .where("user_id", "=", userId)
    .where("conversation_id", ">", afterId)
    .orderBy("conversation_id")
    .offset(EXAMINED - 1)
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
};

/** The other one's mark is a part of the state of a direct conversation; a `case`, so that no group's marks are read. */
const peerChangedAt = sql<number | null>`case when c.kind = 'direct' then (
  select max(p.changed_at) from read_marks p
  where p.app_id = me.app_id and p.conversation_id = me.conversation_id) end`;

/** In words that keep PostgreSQL from reading an app along the index of the keys that are not deleted. */
const isThere = sql<boolean>`coalesce(c.deleted_at, 0) = 0`;

/** Conversations that the user is a member of, deleted ones too, as long as their members' rows are there. */
const findChanged = async (
  db: Db,
  { appId, userId, since, afterId, upToId, limit }: Range,
  everybodys: number[] | null = null,
): Promise<Found[]> => {
  const members = everybodys ? impliedMembers(db, appId, userId, everybodys) : sql<MembersTable>`members`;
  const conversations = everybodys
    ? conversationsById(db, appId, everybodys)
    : sql<ConversationsTable>`conversations`;
  const rows = await db
    .selectFrom(members.as("me"))
    .innerJoin(conversations.as("c"), (join) =>
      join.onRef("c.app_id", "=", "me.app_id").onRef("c.id", "=", "me.conversation_id"),
    )
    .leftJoin(rowOf(db, "read_marks", userId).as("r"), (join) =>
      join
        .onRef("r.app_id", "=", "c.app_id")
        .onRef("r.conversation_id", "=", "c.id")
        .on("r.user_id", "=", userId),
    )
    .leftJoin(rowOf(db, "conversation_settings", userId).as("s"), (join) =>
      join
        .onRef("s.app_id", "=", "c.app_id")
        .onRef("s.conversation_id", "=", "c.id")
        .on("s.user_id", "=", userId),
    )
    .select(["c.id", "c.kind", "c.key", "c.deleted_at as deletedAt", "c.changed_at as changedAt"])
    .where("me.app_id", "=", appId)
    .where("me.user_id", "=", userId)
    .where("me.conversation_id", ">", afterId)
    .$if(upToId !== null, (query) => query.where("me.conversation_id", "<=", upToId as number))
    .where("c.kind", "<>", UNLISTED)
    .$if(everybodys !== null, (query) => query.where(hasBegun(appId, userId)))
    .$if(since === null, (query) => query.where(isThere))
    .$if(since !== null, (query) =>
      query.where(({ or, eb }) => {
        const isLater = (column: "me.changed_at" | "c.changed_at" | "r.changed_at" | "s.changed_at") =>
          eb(column, ">", since as number);
        return or([
          isLater("me.changed_at"),
          isLater("c.changed_at"),
          isLater("r.changed_at"),
          isLater("s.changed_at"),
          eb(peerChangedAt, ">", since as number),
        ]);
      }),
    )
    .orderBy("me.conversation_id")
    .limit(limit)
    .execute();
  return rows.map(({ id, kind, key, deletedAt, changedAt }) => ({
    id,
    lost: deletedAt === null ? null : { id, kind, key, changedAt },
  }));
};

const findLost = async (
  db: Db,
  { appId, userId, since, afterId, upToId, limit }: Range,
): Promise<Found[]> => {
  if (since === null) return [];
  const rows = await db
    .selectFrom("past_members")
    .select(["conversation_id as id", "kind", "key", "changed_at as changedAt"])
    .where("app_id", "=", appId)
    .where("user_id", "=", userId)
    .where("conversation_id", ">", afterId)
    .$if(upToId !== null, (query) => query.where("conversation_id", "<=", upToId as number))
    .where("changed_at", ">", since)
    .orderBy("conversation_id")
    .limit(limit)
    .execute();
  return rows.map((lost) => ({ id: lost.id, lost }));
};

/** Without those whose name another conversation of the user has by now: that name is not lost. */
const withoutHeirs = async (db: Db, appId: number, userId: string, lost: SyncPage["lost"]) => {
  if (lost.length === 0) return [];
  const heirs = await db
    .selectFrom("conversations as c")
    .innerJoin("members as me", (join) =>
      join.onRef("me.app_id", "=", "c.app_id").onRef("me.conversation_id", "=", "c.id"),
    )
    .select(["c.kind", "c.key"])
    .where("c.app_id", "=", appId)
    .where(isThere)
    .where("c.kind", "in", [...new Set(lost.map(({ kind }) => kind))])
    .where(
      "c.key",
      "in",
      lost.map(({ key }) => key),
    )
    .where("me.user_id", "=", userId)
    .execute();
  const names = new Set(heirs.map(({ kind, key }) => `${kind}/${key}`));
  return lost.filter(({ kind, key }) => !names.has(`${kind}/${key}`));
};

/** Both by id; a tombstone is the later news of the two. */
const merge = (changed: Found[], lost: Found[]): Found[] => {
  const byId = new Map([...changed, ...lost].map((found) => [found.id, found]));
  return [...byId.values()].sort((one, other) => one.id - other.id);
};

export const syncReads = {
  async syncConversations(
    db: Db,
    appId: number,
    userId: string,
    { since, until, afterId }: SyncPosition,
    { limit, unreadCap }: { limit: number; unreadCap: number },
  ): Promise<SyncPage> {
    const moment =
      until ?? (await db.selectFrom("visible_until").select("moment").executeTakeFirstOrThrow()).moment;
    const upToId = await endOfWindow(db, appId, userId, afterId);
    const range: Range = { appId, userId, since, afterId, upToId, limit: limit + 1 };
    const changed = await findChanged(db, range);
    for (const list of idLists(await broadcastIds(db, appId)))
      changed.push(...(await findChanged(db, range, list)));
    const found = merge(changed, await findLost(db, range));
    const page = found.slice(0, limit);
    const ids = page.filter(({ lost }) => lost === null).map(({ id }) => id);
    const gone = page.map(({ lost }) => lost).filter((lost) => lost !== null);
    return {
      states: await readStates(db, appId, userId, ids, unreadCap),
      lost: await withoutHeirs(db, appId, userId, gone),
      until: moment,
      nextAfterId: found.length > limit ? (page.at(-1)?.id ?? afterId) : upToId,
    };
  },
};
