/**
 * How far each user has read, and how much is left.
 *
 * Unread is arithmetic: counted messages up to the head, minus those up to the mark, minus those after the mark that are
 * not shown any more, plus those after the mark that are for the user among few. Either are few and have an index of
 * their own; for a message that is for everybody nothing is written per recipient, so nothing can drift.
 * With a retention nobody has unread messages before the first that is kept, whose own number says how many those were.
 */

import { sql } from "kysely";
import { ParlanceError } from "../../../errors.ts";
import type { Micros, MovedMark, ReadMark } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import { isFor } from "./messages.ts";
import { DAY, keptSince } from "./retention.ts";
import type { WriteScope } from "./write-scope.ts";

/** How many counted messages of a conversation `c` of an app `a` are past the app's retention; of `is_counted` 2 is none. */
const countPast = (appId: number) => sql<number>`case when a.retention_days is null then 0 else coalesce(
  (select first.counted - (first.is_counted & 1) from messages as first
    where first.app_id = ${appId} and first.conversation_id = c.id and first.sent_at >= ${keptSince(appId)}
    order by first.sent_at limit 1), c.last_counted) end`;

const liveMarks = (db: Db, appId: number) =>
  liveConversations(db, appId)
    .innerJoin("read_marks as r", (join) =>
      join.onRef("r.app_id", "=", "c.app_id").onRef("r.conversation_id", "=", "c.id"),
    )
    .select(["r.user_id as userId", "r.sent_at as sentAt", "r.seq"]);

/** The last message that isn't for others only, at or before a time, not before another. Never a change. */
const findLast = (
  db: Db,
  appId: number,
  conversationId: number,
  userId: string,
  { upTo, from }: { upTo: Micros; from: Micros },
) =>
  liveConversations(db, appId)
    .innerJoin("messages as m", (join) =>
      join.onRef("m.app_id", "=", "c.app_id").onRef("m.conversation_id", "=", "c.id"),
    )
    .select(["m.sent_at", "m.seq", "m.counted"])
    .where("m.app_id", "=", appId)
    .where("m.conversation_id", "=", conversationId)
    .where("m.sent_at", "<=", upTo)
    .where("m.sent_at", ">=", from)
    .where("m.sent_at", ">=", keptSince(appId))
    .where("m.change_of", "is", null)
    .where(isFor(userId))
    .orderBy("m.sent_at", "desc")
    .limit(1)
    .executeTakeFirst();

/**
 * Where the log is stored by month, a statement that could be about any month is planned for each, and that takes longer
 * than to run it. So marks, which come as often as messages, look into a month or two first.
 */
const RECENT = 31 * DAY;

export const readMarkReads = {
  async listReadMarks(db: Db, appId: number, conversationId: number, limit: number): Promise<ReadMark[]> {
    return liveMarks(db, appId)
      .where("r.conversation_id", "=", conversationId)
      .orderBy("r.user_id")
      .limit(Math.max(0, limit))
      .execute();
  },

  async findReadMarks(db: Db, appId: number, conversationIds: number[], userId: string) {
    const found: (ReadMark & { conversationId: number })[] = [];
    for (const list of idLists(conversationIds)) {
      const rows = await liveMarks(db, appId)
        .select("r.conversation_id as conversationId")
        .where("r.conversation_id", "in", list)
        .where("r.user_id", "=", userId)
        .execute();
      found.push(...rows);
    }
    return found;
  },

  async countUnread(db: Db, appId: number, conversationIds: number[], userId: string, cap: number) {
    const unread = new Map<number, number>();
    for (const list of idLists(conversationIds)) {
      const rows = await liveConversations(db, appId)
        .leftJoin("read_marks as r", (join) =>
          join
            .onRef("r.app_id", "=", "c.app_id")
            .onRef("r.conversation_id", "=", "c.id")
            .on("r.user_id", "=", userId),
        )
        .where("c.id", "in", list)
        .select(["c.id", "c.last_counted as total", "r.counted as read", countPast(appId).as("past")])
        // In the index's own words, or it would not be used.
        .select(
          sql<number>`(select count(*) from messages h
            where h.app_id = ${appId} and h.conversation_id = c.id and h.is_active = 0 and h.is_counted = 1
              and h.sent_at > coalesce(r.sent_at, 0) and h.sent_at >= ${keptSince(appId)})`.as("hidden"),
        )
        .select(
          sql<number>`(select count(*) from recipients x join messages d
              on d.app_id = x.app_id and d.conversation_id = x.conversation_id and d.sent_at = x.sent_at
            where x.app_id = ${appId} and x.conversation_id = c.id and x.user_id = ${userId}
              and x.sent_at > coalesce(r.sent_at, 0) and x.sent_at >= ${keptSince(appId)}
              and d.is_active = 1 and d.is_counted = 2)`.as("directed"),
        )
        .execute();
      for (const { id, total, read, past, hidden, directed } of rows)
        unread.set(id, total - Math.max(read ?? 0, past) - Number(hidden) + Number(directed));
    }
    return conversationIds.map((id) => Math.min(cap, unread.get(id) ?? 0));
  },
};

export const readMarkWrites = {
  async moveReadMark(
    { db }: WriteScope,
    appId: number,
    conversationId: number,
    userId: string,
    upTo: Micros,
  ): Promise<MovedMark | null> {
    const recent = Math.min(upTo, Date.now() * 1000) - RECENT;
    const last =
      (await findLast(db, appId, conversationId, userId, { upTo, from: recent })) ??
      (await findLast(db, appId, conversationId, userId, { upTo, from: 0 }));
    if (last === undefined) return null;

    const moved = await db
      .insertInto("read_marks")
      .values({ app_id: appId, conversation_id: conversationId, user_id: userId, ...last })
      .onConflict((conflict) =>
        conflict
          .columns(["app_id", "conversation_id", "user_id"])
          .doUpdateSet(last)
          .where("read_marks.sent_at", "<", last.sent_at),
      )
      .returning("seq")
      .executeTakeFirst();
    if (moved !== undefined) return { userId, sentAt: last.sent_at, seq: last.seq, hasMoved: true };

    const standing = await liveMarks(db, appId)
      .where("r.conversation_id", "=", conversationId)
      .where("r.user_id", "=", userId)
      .executeTakeFirst();
    if (standing === undefined) throw new ParlanceError("conversationNotFound");
    return { ...standing, hasMoved: false };
  },
};
