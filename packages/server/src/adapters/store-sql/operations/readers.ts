/**
 * Who has read a message: members who were there before it and whose mark stands on it or after it. Both tables are
 * walked along their primary keys within one conversation. An index of marks by position would answer faster, and would
 * have to move with every mark that does.
 */

import { sql } from "kysely";
import type { Micros } from "../../../ports/store.ts";
import type { Reader, ReaderCounts } from "../../../ports/store-readers.ts";
import type { Db } from "../schema.ts";
import { liveConversations } from "./live-conversations.ts";
import { oneByOne } from "./one-by-one.ts";
import { keptSince } from "./retention.ts";

/** The members `me` who count for message `m`: of one that is for some only those. */
const audience = (db: Db, appId: number, conversationId: number, sentAt: Micros) =>
  liveConversations(db, appId)
    .innerJoin("messages as m", (join) =>
      join.onRef("m.app_id", "=", "c.app_id").onRef("m.conversation_id", "=", "c.id"),
    )
    .innerJoin("members as me", (join) =>
      join
        .onRef("me.app_id", "=", "m.app_id")
        .onRef("me.conversation_id", "=", "m.conversation_id")
        .onRef("me.joined_seq", "<", "m.seq"),
    )
    .where("c.id", "=", conversationId)
    .where("m.app_id", "=", appId)
    .where("m.conversation_id", "=", conversationId)
    .where("m.sent_at", "=", sentAt)
    .where("m.sent_at", ">=", keptSince(appId))
    .where("m.change_of", "is", null)
    .where(
      sql<boolean>`(m.to_users is null or exists (
        select 1 from recipients x where x.app_id = m.app_id and x.conversation_id = m.conversation_id
          and x.user_id = me.user_id and x.sent_at = m.sent_at ${oneByOne}))`,
    )
    .where("me.app_id", "=", appId)
    .where("me.conversation_id", "=", conversationId)
    .where(({ eb, or, ref }) =>
      or([eb("m.sender_id", "is", null), eb("m.sender_id", "<>", ref("me.user_id"))]),
    );

const readers = (...of: Parameters<typeof audience>) =>
  audience(...of).innerJoin("read_marks as r", (join) =>
    join
      .onRef("r.app_id", "=", "me.app_id")
      .onRef("r.conversation_id", "=", "me.conversation_id")
      .onRef("r.user_id", "=", "me.user_id")
      .onRef("r.seq", ">=", "m.seq"),
  );

export const readerReads = {
  async listReaders(
    db: Db,
    appId: number,
    conversationId: number,
    sentAt: Micros,
    afterUserId: string | null,
    limit: number,
  ): Promise<Reader[]> {
    return readers(db, appId, conversationId, sentAt)
      .select(["r.user_id as userId", "r.sent_at as sentAt", "r.changed_at as readAt"])
      .$if(afterUserId !== null, (query) => query.where("me.user_id", ">", afterUserId as string))
      .orderBy("me.user_id")
      .limit(Math.max(0, limit))
      .execute();
  },

  async countReaders(db: Db, appId: number, conversationId: number, sentAt: Micros): Promise<ReaderCounts> {
    const count = async (query: typeof audience | typeof readers) => {
      const row = await query(db, appId, conversationId, sentAt)
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      return Number(row.count);
    };
    return { read: await count(readers), members: await count(audience) };
  },
};
