/** Who is in which chatroom. `ports/store-chatrooms.ts` says what a membership is. */

import { expressionBuilder, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Micros, Millis } from "../../../ports/store.ts";
import type {
  ChatroomChange,
  ChatroomMember,
  ChatroomPlace,
  ChatroomResult,
  ChatroomState,
  ChatroomUpdate,
  SettledChatrooms,
} from "../../../ports/store-chatrooms.ts";
import type { Db, Schema } from "../schema.ts";
import { removeKeysOf } from "./chatroom-keys.ts";
import { arePlaces, byConversation, inOrder, livePlaces, nameOf } from "./chatroom-places.ts";
import { touchChatrooms } from "./chatroom-states.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import { rowLists } from "./row-lists.ts";
import { isPostgres, storeClock } from "./store-clock.ts";
import type { WriteScope } from "./write-scope.ts";

const LARGEST_PIECE = 1000;

const toPlace = (row: { conversation_id: number; user_id: string }): ChatroomPlace => ({
  conversationId: row.conversation_id,
  userId: row.user_id,
});

const findLiveChatrooms = async (db: Db, appId: number, ids: readonly number[]): Promise<Set<number>> => {
  const live = new Set<number>();
  for (const list of idLists(ids)) {
    const rows = await liveConversations(db, appId)
      .select("c.id")
      .where("c.id", "in", list)
      .where("c.kind", "=", "chatroom")
      .execute();
    for (const row of rows) live.add(row.id);
  }
  return live;
};

const removePlaces = async (
  db: Db,
  appId: number,
  places: readonly ChatroomPlace[],
  doubtedUntil?: Millis,
): Promise<ChatroomPlace[]> => {
  const removed: ChatroomPlace[] = [];
  for (const isOneOf of arePlaces(places)) {
    const rows = await db
      .deleteFrom("chatroom_members")
      .where("app_id", "=", appId)
      .where(isOneOf)
      .$if(doubtedUntil !== undefined, (query) => query.where("doubted_at", "<=", doubtedUntil as Millis))
      .returning(["conversation_id", "user_id"])
      .execute();
    for (const row of rows) removed.push(toPlace(row));
  }
  return removed;
};

/** In which of their live chatrooms these users are. */
const findPlaces = async (db: Db, appId: number, userIds: readonly string[]): Promise<ChatroomPlace[]> => {
  const found: ChatroomPlace[] = [];
  for (const list of idLists(userIds)) {
    const rows = await livePlaces(db, appId)
      .select(["m.conversation_id", "m.user_id"])
      .where("m.user_id", "in", list)
      .execute();
    for (const row of rows) found.push(toPlace(row));
  }
  return found;
};

/** Those who may come in; who is there already may always. */
const admit = (
  joined: readonly ChatroomPlace[],
  present: readonly ChatroomPlace[],
  most: number,
): { fresh: ChatroomPlace[]; again: ChatroomPlace[]; refused: ChatroomPlace[] } => {
  const outcome = {
    fresh: [] as ChatroomPlace[],
    again: [] as ChatroomPlace[],
    refused: [] as ChatroomPlace[],
  };
  const known = new Set(present.map(nameOf));
  const counts = new Map<string, number>();
  for (const { userId } of present) counts.set(userId, (counts.get(userId) ?? 0) + 1);
  for (const place of joined) {
    const count = counts.get(place.userId) ?? 0;
    if (known.has(nameOf(place))) outcome.again.push(place);
    else if (count >= most) outcome.refused.push(place);
    else {
      counts.set(place.userId, count + 1);
      outcome.fresh.push(place);
    }
  }
  return outcome;
};

const insertPlaces = async (
  { db, nextTick }: WriteScope,
  appId: number,
  places: readonly ChatroomPlace[],
): Promise<ChatroomPlace[]> => {
  const inserted: ChatroomPlace[] = [];
  if (places.length === 0) return inserted;
  // Ticks are unique where it matters; here they only have to tell the members of one chatroom apart, and order them.
  let joinedAt = await nextTick();
  const rows = places.map(({ conversationId, userId }) => ({
    app_id: appId,
    conversation_id: conversationId,
    user_id: userId,
    joined_at: joinedAt++,
    doubted_at: storeClock(db),
  }));
  for (const list of rowLists(rows)) {
    const written = await db
      .insertInto("chatroom_members")
      .values(list)
      .onConflict((conflict) => conflict.doNothing())
      .returning(["conversation_id", "user_id"])
      .execute();
    for (const row of written) inserted.push(toPlace(row));
  }
  return inserted;
};

const doubtPlaces = async (db: Db, appId: number, places: readonly ChatroomPlace[]): Promise<void> => {
  for (const isOneOf of arePlaces(places))
    await db
      .updateTable("chatroom_members")
      .set({ doubted_at: storeClock(db) })
      .where("app_id", "=", appId)
      .where(isOneOf)
      .execute();
};

const findStoredMembers = async (
  db: Db,
  appId: number,
  places: readonly ChatroomPlace[],
): Promise<Map<number, string[]>> => {
  const found: ChatroomPlace[] = [];
  for (const isOneOf of arePlaces(places)) {
    const rows = await db
      .selectFrom("members")
      .select(["conversation_id", "user_id"])
      .where("app_id", "=", appId)
      .where(isOneOf)
      .execute();
    for (const row of rows) found.push(toPlace(row));
  }
  return byConversation(found);
};

/**
 * Who of these users is online; and whose last node died less than the grace ago, by the moment when its lease ended:
 * nobody noted their going yet, and they have the whole grace from there.
 */
const findLastOnline = async (db: Db, appId: number, userIds: readonly string[], grace: Millis) => {
  const online = new Set<string>();
  const lately = new Map<Millis, Set<string>>();
  for (const list of idLists(userIds)) {
    const rows = await db
      .selectFrom("presence as p")
      .innerJoin("nodes as n", "n.lease_id", "p.lease_id")
      .select(["p.user_id", storeClock(db).as("now")])
      .select(({ fn }) => fn.max("n.lease_until").as("until"))
      .where("p.app_id", "=", appId)
      .where("p.user_id", "in", list)
      .groupBy("p.user_id")
      .execute();
    for (const { user_id, now, until } of rows)
      if (until > now) online.add(user_id);
      else if (until > now - grace) lately.set(until, (lately.get(until) ?? new Set()).add(user_id));
  }
  return { online, lately };
};

/** Counts, keys that go, and who stays a member all the same. `touched`: chatrooms that are named in the answer anyway. */
const finish = async (
  scope: WriteScope,
  appId: number,
  left: readonly ChatroomPlace[],
  joined: readonly ChatroomPlace[],
  touched: readonly number[],
): Promise<ChatroomChange[]> => {
  const deltas = new Map<number, number>(touched.map((id) => [id, 0]));
  for (const { conversationId: id } of left) deltas.set(id, (deltas.get(id) ?? 0) - 1);
  for (const { conversationId: id } of joined) deltas.set(id, (deltas.get(id) ?? 0) + 1);
  const states = await touchChatrooms(scope.db, appId, deltas);
  const [leftOf, joinedOf] = [byConversation(left), byConversation(joined)];
  const stored = await findStoredMembers(scope.db, appId, left);
  const keys = await removeKeysOf(scope, appId, leftOf);
  return states.map((state) => ({
    ...state,
    joined: joinedOf.get(state.conversationId) ?? [],
    left: leftOf.get(state.conversationId) ?? [],
    stillMembers: stored.get(state.conversationId) ?? [],
    removedKeys: keys.get(state.conversationId) ?? [],
  }));
};

const isLive = (db: Db, appId: number, id: number) =>
  expressionBuilder<Schema>().exists(liveConversations(db, appId).select("c.id").where("c.id", "=", id));

/**
 * In the words of the index by time. PostgreSQL takes a range for many rows, and so reads them in their order up to the
 * page's end; what is equal it takes for few, reads them all, and sorts.
 */
const joinedBetween = (db: Db, conversationId: number, after: Micros, before: Micros): RawBuilder<SqlBool> =>
  isPostgres(db)
    ? sql`(conversation_id + 0, joined_at) > (${conversationId}, ${after})
        and (conversation_id + 0, joined_at) < (${conversationId}, ${before})`
    : sql`conversation_id + 0 = ${conversationId} and joined_at > ${after} and joined_at < ${before}`;

export const unsettledReads = {
  async listUnsettled(db: Db, grace: Millis): Promise<number[]> {
    const rows = await db
      .selectFrom("apps as a")
      .select("a.id")
      .where((row) =>
        row.exists(
          row
            .selectFrom("chatroom_members as m")
            .select("m.app_id")
            .whereRef("m.app_id", "=", "a.id")
            .where("m.doubted_at", "<=", sql<Millis>`${storeClock(db)} - ${grace}`),
        ),
      )
      .where("a.deleted_at", "is", null)
      .limit(100)
      .execute();
    return rows.map((row) => row.id);
  },
};

export const chatroomReads = {
  async findChatroom(db: Db, appId: number, conversationId: number): Promise<ChatroomState | null> {
    const row = await liveConversations(db, appId)
      .leftJoin("chatrooms as r", (join) =>
        join.onRef("r.app_id", "=", "c.app_id").onRef("r.conversation_id", "=", "c.id"),
      )
      .select(["r.member_count", "r.revision"])
      .where("c.id", "=", conversationId)
      .where("c.kind", "=", "chatroom")
      .executeTakeFirst();
    if (row === undefined) return null;
    return { conversationId, memberCount: row.member_count ?? 0, revision: row.revision ?? 0 };
  },

  async listChatroomMembers(
    db: Db,
    appId: number,
    conversationId: number,
    { after, isNewestFirst, limit }: { after: Micros | null; isNewestFirst: boolean; limit: number },
  ): Promise<ChatroomMember[]> {
    return (
      db
        .selectFrom("chatroom_members")
        .select(["user_id as userId", "joined_at as joinedAt"])
        // Which says that it is the app's; to name the app once more would make the rows seem few.
        .where(isLive(db, appId, conversationId))
        .where(
          isNewestFirst
            ? joinedBetween(db, conversationId, 0, after ?? Number.MAX_SAFE_INTEGER)
            : joinedBetween(db, conversationId, after ?? 0, Number.MAX_SAFE_INTEGER),
        )
        .orderBy(sql`conversation_id + 0`, isNewestFirst ? "desc" : "asc")
        .orderBy("joined_at", isNewestFirst ? "desc" : "asc")
        .limit(Math.max(0, limit))
        .execute()
    );
  },

  async findChatroomMembers(
    db: Db,
    appId: number,
    conversationId: number,
    userIds: string[],
  ): Promise<string[]> {
    const found: string[] = [];
    for (const isOneOf of arePlaces(inOrder(userIds.map((userId) => ({ conversationId, userId }))))) {
      const rows = await db
        .selectFrom("chatroom_members")
        .select("user_id")
        .where("app_id", "=", appId)
        .where(isLive(db, appId, conversationId))
        .where(isOneOf)
        .execute();
      for (const row of rows) found.push(row.user_id);
    }
    return found;
  },
};

export const chatroomWrites = {
  async updateChatrooms(
    scope: WriteScope,
    appId: number,
    { left, joined }: ChatroomUpdate,
    most: number,
  ): Promise<ChatroomResult> {
    const { db } = scope;
    const live = await findLiveChatrooms(
      db,
      appId,
      joined.map(({ conversationId }) => conversationId),
    );
    const removed = await removePlaces(db, appId, inOrder(left));
    const wanted = inOrder(joined);
    const possible = wanted.filter(({ conversationId }) => live.has(conversationId));
    const present = await findPlaces(
      db,
      appId,
      possible.map(({ userId }) => userId),
    );
    const { fresh, again, refused } = admit(possible, present, most);
    const inserted = await insertPlaces(scope, appId, fresh);
    await doubtPlaces(db, appId, again);
    return {
      changes: await finish(scope, appId, removed, inserted, [...live]),
      missing: [...new Set(wanted.map(({ conversationId }) => conversationId))].filter((id) => !live.has(id)),
      refused,
    };
  },

  /** Looks at 1000 memberships at most, whatever `limit` says, because others wait for the commit. */
  async settleChatrooms(
    scope: WriteScope,
    appId: number,
    grace: Millis,
    limit: number,
  ): Promise<SettledChatrooms> {
    const { db } = scope;
    const due = await db
      .selectFrom("chatroom_members")
      .select(["conversation_id", "user_id", "doubted_at"])
      .where("app_id", "=", appId)
      .where("doubted_at", "<=", sql<Millis>`${storeClock(db)} - ${grace}`)
      .orderBy("doubted_at")
      .limit(Math.max(0, Math.min(limit, LARGEST_PIECE)))
      .execute();
    if (due.length === 0) return { settled: 0, changes: [] };
    const { online, lately } = await findLastOnline(
      db,
      appId,
      due.map(({ user_id }) => user_id),
      grace,
    );
    // Whoever came into doubt again meanwhile, by a connection that ended after presence was read, stays in doubt.
    const until = due.at(-1)?.doubted_at as Millis;
    const places = inOrder(due.map(toPlace));
    const setDoubt = async (userIds: ReadonlySet<string>, doubtedAt: Millis | null) => {
      for (const isOneOf of arePlaces(places.filter(({ userId }) => userIds.has(userId))))
        await db
          .updateTable("chatroom_members")
          .set({ doubted_at: doubtedAt })
          .where("app_id", "=", appId)
          .where(isOneOf)
          .where("doubted_at", "<=", until)
          .execute();
    };
    await setDoubt(online, null);
    for (const [endedAt, userIds] of lately) await setDoubt(userIds, endedAt);
    const isLate = new Set([...lately.values()].flatMap((userIds) => [...userIds]));
    const gone = places.filter(({ userId }) => !online.has(userId) && !isLate.has(userId));
    const removed = await removePlaces(db, appId, gone, until);
    return { settled: due.length, changes: await finish(scope, appId, removed, [], []) };
  },
};
