/** What a node asks when it may have missed something: where logs end, what came since, who is still who. */

import type { Head, LogStart, Membership } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { livePlaces } from "./chatroom-places.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import { liveMembers } from "./members.ts";
import { keptSince } from "./retention.ts";

export const catchUpReads = {
  async findHeads(db: Db, appId: number, conversationIds: number[]): Promise<Head[]> {
    const heads: Head[] = [];
    for (const list of idLists(conversationIds)) {
      const rows = await liveConversations(db, appId, list)
        .select(["c.id", "c.kind", "c.key", "c.admission", "c.created_at as createdAt"])
        .select(["c.last_seq as seq", "c.last_sent_at as sentAt"])
        .execute();
      for (const { seq, sentAt, ...conversation } of rows) heads.push({ conversation, seq, sentAt });
    }
    return heads;
  },

  async findLogStarts(db: Db, appId: number, conversationIds: number[]): Promise<LogStart[]> {
    const starts: LogStart[] = [];
    for (const list of idLists(conversationIds)) {
      const rows = await liveConversations(db, appId, list)
        .leftJoin("messages as m", (join) =>
          join
            .onRef("m.app_id", "=", "c.app_id")
            .onRef("m.conversation_id", "=", "c.id")
            .on("m.sent_at", "=", (query) =>
              query
                .selectFrom("messages as first")
                .select("first.sent_at")
                .where("first.app_id", "=", appId)
                .whereRef("first.conversation_id", "=", "c.id")
                .where("first.sent_at", ">=", keptSince(appId))
                .orderBy("first.sent_at")
                .limit(1),
            ),
        )
        .select(["c.id", "c.last_seq", "m.seq", "m.sent_at"])
        .execute();
      for (const { id, last_seq, seq, sent_at } of rows)
        starts.push({ conversationId: id, seq: seq ?? last_seq + 1, sentAt: sent_at });
    }
    return starts;
  },

  async findOpenSessions(db: Db, appId: number, tokenHashes: string[]): Promise<string[]> {
    const open: string[] = [];
    for (const list of idLists(tokenHashes)) {
      const rows = await db
        .selectFrom("sessions")
        .select("token_hash")
        .where("app_id", "=", appId)
        .where("token_hash", "in", list)
        .execute();
      for (const row of rows) open.push(row.token_hash);
    }
    return open;
  },

  async listMembershipsOf(db: Db, appId: number, userIds: string[]): Promise<Membership[]> {
    const found: Membership[] = [];
    for (const list of idLists(userIds)) {
      const rows = await liveMembers(db, appId)
        .select(["m.user_id as userId", "m.conversation_id as conversationId"])
        .where("m.app_id", "=", appId)
        .where("m.user_id", "in", list)
        .union(
          livePlaces(db, appId)
            .select(["m.user_id as userId", "m.conversation_id as conversationId"])
            .where("m.user_id", "in", list),
        )
        .execute();
      found.push(...rows);
    }
    return found;
  },
};
