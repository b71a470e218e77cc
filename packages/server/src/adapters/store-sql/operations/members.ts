/** Who belongs to which conversation, and who did. */

import { type RawBuilder, sql } from "kysely";
import { ParlanceError } from "../../../errors.ts";
import type { Conversation, Member, Membership, Micros } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { arePlaces, inOrder, livePlaces } from "./chatroom-places.ts";
import { isEverybodys } from "./everybody.ts";
import { forgetHostedMembers } from "./hosted-group-rows.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations, requireConversation } from "./live-conversations.ts";
import { isPostgres } from "./store-clock.ts";
import type { WriteScope } from "./write-scope.ts";

/** The conversation and the moment that its members change at. */
interface Change extends Pick<Conversation, "id" | "kind" | "key"> {
  changedAt: Micros;
  lastSeq: number;
}

/** Holds the conversation, so that its number of members stays that of the rows. */
const beginChange = async (
  { db, nextTick }: WriteScope,
  appId: number,
  conversationId: number,
): Promise<Change> => {
  await requireConversation(db, appId, conversationId);
  const changedAt = await nextTick();
  const row = await db
    .updateTable("conversations")
    .set({ changed_at: changedAt })
    .where("app_id", "=", appId)
    .where("id", "=", conversationId)
    .where(({ eb, fn, lit }) => eb(fn.coalesce("deleted_at", lit(0)), "=", 0))
    .returning(["id", "kind", "key", "last_seq as lastSeq"])
    .executeTakeFirst();
  if (row === undefined) throw new ParlanceError("conversationNotFound");
  return { ...row, changedAt };
};

const addToCount = async (db: Db, appId: number, conversationId: number, count: number): Promise<void> => {
  await db
    .updateTable("conversations")
    .set(({ eb }) => ({ member_count: eb("member_count", "+", count) }))
    .where("app_id", "=", appId)
    .where("id", "=", conversationId)
    .execute();
};

/** Returns those who were not members before. */
export const insertMembers = async (
  db: Db,
  appId: number,
  { id, changedAt, lastSeq }: Pick<Change, "id" | "changedAt" | "lastSeq">,
  userIds: string[],
): Promise<string[]> => {
  const added: string[] = [];
  const row = { app_id: appId, conversation_id: id, changed_at: changedAt, joined_seq: lastSeq };
  for (const list of idLists(userIds)) {
    const rows = await db
      .insertInto("members")
      .values(list.map((userId) => ({ ...row, user_id: userId })))
      .onConflict((conflict) => conflict.doNothing())
      .returning("user_id")
      .execute();
    for (const row of rows) added.push(row.user_id);
  }
  if (added.length > 0) await addToCount(db, appId, id, added.length);
  return added;
};

const forgetPast = async (
  db: Db,
  appId: number,
  conversationId: number,
  userIds: string[],
): Promise<void> => {
  for (const list of idLists(userIds))
    await db
      .deleteFrom("past_members")
      .where("app_id", "=", appId)
      .where("conversation_id", "=", conversationId)
      .where("user_id", "in", list)
      .execute();
};

const rememberPast = async (db: Db, appId: number, change: Change, userIds: string[]): Promise<void> => {
  // Chatrooms are on nobody's list, and people come and go there all the time.
  if (change.kind === "chatroom") return;
  const { id, kind, key, changedAt } = change;
  await forgetPast(db, appId, id, userIds);
  const row = { app_id: appId, conversation_id: id, kind, key, changed_at: changedAt };
  for (const list of idLists(userIds))
    await db
      .insertInto("past_members")
      .values(list.map((userId) => ({ ...row, user_id: userId })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
};

export const liveMembers = (db: Db, appId: number) =>
  liveConversations(db, appId).innerJoin("members as m", (join) =>
    join.onRef("m.app_id", "=", "c.app_id").onRef("m.conversation_id", "=", "c.id"),
  );

export const memberReads = {
  async listMembers(
    db: Db,
    appId: number,
    conversationId: number,
    afterUserId: string | null,
    limit: number,
  ): Promise<string[]> {
    const rows = await liveMembers(db, appId)
      .select("m.user_id")
      .where("m.conversation_id", "=", conversationId)
      .$if(afterUserId !== null, (query) => query.where("m.user_id", ">", afterUserId as string))
      .orderBy("m.user_id")
      .limit(Math.max(0, limit))
      .execute();
    return rows.map((row) => row.user_id);
  },

  async listLatestTalks(db: Db, appId: number, userIds: string[], limit: number): Promise<Membership[]> {
    const distinct = [...new Set(userIds)];
    const talksOf = (userId: RawBuilder<string>) =>
      liveMembers(db, appId)
        .select(["m.user_id as userId", "m.conversation_id as conversationId"])
        .where("m.user_id", "=", userId)
        .where("c.kind", "in", ["direct", "group"])
        .orderBy("c.last_sent_at", "desc")
        .orderBy("c.id", "desc")
        .limit(Math.max(0, limit));
    if (isPostgres(db)) {
      const talks = talksOf(sql`wanted.user_id`);
      const { rows } = await sql<Membership>`select talks.* from unnest(${distinct}::text[])
        with ordinality as wanted (user_id, place) cross join lateral (${talks}) as talks
        order by wanted.place`.execute(db);
      return rows;
    }
    const found: Membership[] = [];
    for (const userId of distinct) found.push(...(await talksOf(sql`${userId}`).execute()));
    return found;
  },

  async isMember(db: Db, appId: number, conversationId: number, userId: string): Promise<boolean> {
    const row = await liveMembers(db, appId)
      .select("m.user_id")
      .where("m.conversation_id", "=", conversationId)
      .where("m.user_id", "=", userId)
      .union(
        livePlaces(db, appId)
          .select("m.user_id")
          .where("m.conversation_id", "=", conversationId)
          .where("m.user_id", "=", userId),
      )
      .union(isEverybodys(db, appId, conversationId, userId))
      .executeTakeFirst();
    return row !== undefined;
  },

  async findMembers(db: Db, appId: number, conversationId: number, userIds: string[]): Promise<Member[]> {
    const found = new Map<string, Member>();
    for (const list of idLists(userIds)) {
      const rows = await liveMembers(db, appId)
        .select(["m.user_id as userId", "m.joined_seq as joinedSeq"])
        .where("m.app_id", "=", appId)
        .where("m.conversation_id", "=", conversationId)
        .where("m.user_id", "in", list)
        .execute();
      for (const row of rows) found.set(row.userId, row);
    }
    const others = userIds.filter((userId) => !found.has(userId));
    for (const isOneOf of arePlaces(inOrder(others.map((userId) => ({ conversationId, userId }))))) {
      const rows = await livePlaces(db, appId).select("m.user_id as userId").where(isOneOf).execute();
      for (const { userId } of rows) found.set(userId, { userId, joinedSeq: null });
    }
    return [...found.values()];
  },
};

/** Of a conversation of any size. */
export const removeEverybody = async (
  scope: WriteScope,
  appId: number,
  conversationId: number,
): Promise<string[]> => {
  const { db } = scope;
  const change = await beginChange(scope, appId, conversationId);
  const rows = await db
    .deleteFrom("members")
    .where("app_id", "=", appId)
    .where("conversation_id", "=", conversationId)
    .returning("user_id")
    .execute();
  const removed = rows.map((row) => row.user_id);
  if (removed.length > 0) await addToCount(db, appId, conversationId, -removed.length);
  await rememberPast(db, appId, change, removed);
  return removed;
};

export const memberWrites = {
  async addMembers(scope: WriteScope, appId: number, conversationId: number, userIds: string[]) {
    const change = await beginChange(scope, appId, conversationId);
    const added = await insertMembers(scope.db, appId, change, userIds);
    await forgetPast(scope.db, appId, conversationId, added);
    return added;
  },

  async removeMembers(scope: WriteScope, appId: number, conversationId: number, userIds: string[]) {
    const { db } = scope;
    const change = await beginChange(scope, appId, conversationId);
    const removed: string[] = [];
    for (const list of idLists(userIds)) {
      const rows = await db
        .deleteFrom("members")
        .where("app_id", "=", appId)
        .where("conversation_id", "=", conversationId)
        .where("user_id", "in", list)
        .returning("user_id")
        .execute();
      for (const row of rows) removed.push(row.user_id);
      await forgetHostedMembers(db, appId, conversationId, list);
    }
    if (removed.length > 0) await addToCount(db, appId, conversationId, -removed.length);
    await rememberPast(db, appId, change, removed);
    return removed;
  },
};
