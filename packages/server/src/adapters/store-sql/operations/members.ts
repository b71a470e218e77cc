/** Who belongs to which conversation. */

import type { Db } from "../schema.ts";
import { livePlaces } from "./chatroom-places.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations, requireConversation } from "./live-conversations.ts";
import type { WriteScope } from "./write-scope.ts";

/** Returns those who were not members before. */
export const insertMembers = async (
  db: Db,
  appId: number,
  conversationId: number,
  userIds: string[],
): Promise<string[]> => {
  const added: string[] = [];
  for (const list of idLists(userIds)) {
    const rows = await db
      .insertInto("members")
      .values(list.map((userId) => ({ app_id: appId, conversation_id: conversationId, user_id: userId })))
      .onConflict((conflict) => conflict.doNothing())
      .returning("user_id")
      .execute();
    for (const row of rows) added.push(row.user_id);
  }
  return added;
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

  async listMemberships(db: Db, appId: number, userId: string): Promise<number[]> {
    const rows = await liveMembers(db, appId)
      .select("m.conversation_id")
      .where("m.user_id", "=", userId)
      .union(livePlaces(db, appId).select("m.conversation_id").where("m.user_id", "=", userId))
      .execute();
    return rows.map((row) => row.conversation_id);
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
      .executeTakeFirst();
    return row !== undefined;
  },
};

export const memberWrites = {
  async addMembers({ db }: WriteScope, appId: number, conversationId: number, userIds: string[]) {
    await requireConversation(db, appId, conversationId);
    return insertMembers(db, appId, conversationId, userIds);
  },

  async removeMembers({ db }: WriteScope, appId: number, conversationId: number, userIds: string[]) {
    await requireConversation(db, appId, conversationId);
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
    }
    return removed;
  },
};
