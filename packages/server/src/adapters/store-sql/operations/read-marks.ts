/**
 * How far each user has read, and how much is left.
 *
 * Unread is arithmetic: counted messages up to the head, minus those up to the mark, minus the hidden ones between the
 * two. The hidden ones are few and have an index of their own; nothing is written per recipient, so nothing can drift.
 */

import { ParlanceError } from "../../../errors.ts";
import type { Micros, MovedMark, ReadMark } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import type { WriteScope } from "./write-scope.ts";

const liveMarks = (db: Db, appId: number) =>
  liveConversations(db, appId)
    .innerJoin("read_marks as r", (join) =>
      join.onRef("r.app_id", "=", "c.app_id").onRef("r.conversation_id", "=", "c.id"),
    )
    .select(["r.user_id as userId", "r.sent_at as sentAt", "r.seq"]);

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
        .select(["c.id", "c.last_counted as total", "r.counted as read"])
        .select((query) =>
          query
            .selectFrom("messages as hidden")
            .select(({ fn }) => fn.countAll<number>().as("count"))
            .where("hidden.app_id", "=", appId)
            .whereRef("hidden.conversation_id", "=", "c.id")
            .where("hidden.is_active", "=", 0)
            .where("hidden.is_counted", "=", 1)
            .where("hidden.sent_at", ">", ({ fn, ref, lit }) => fn.coalesce(ref("r.sent_at"), lit(0)))
            .as("hidden"),
        )
        .execute();
      for (const { id, total, read, hidden } of rows)
        unread.set(id, total - (read ?? 0) - Number(hidden ?? 0));
    }
    return conversationIds.map((id) => Math.min(cap, unread.get(id) ?? 0));
  },
};

export const readMarkWrites = {
  async moveReadMark(
    { db, nextTick }: WriteScope,
    appId: number,
    conversationId: number,
    userId: string,
    upTo: Micros,
  ): Promise<MovedMark | null> {
    const last = await liveConversations(db, appId)
      .innerJoin("messages as m", (join) =>
        join.onRef("m.app_id", "=", "c.app_id").onRef("m.conversation_id", "=", "c.id"),
      )
      .select(["m.sent_at", "m.seq", "m.counted"])
      .where("m.app_id", "=", appId)
      .where("m.conversation_id", "=", conversationId)
      .where("m.sent_at", "<=", upTo)
      .orderBy("m.sent_at", "desc")
      .limit(1)
      .executeTakeFirst();
    if (last === undefined) return null;

    const mark = { ...last, changed_at: await nextTick() };
    const moved = await db
      .insertInto("read_marks")
      .values({ app_id: appId, conversation_id: conversationId, user_id: userId, ...mark })
      .onConflict((conflict) =>
        conflict
          .columns(["app_id", "conversation_id", "user_id"])
          .doUpdateSet(mark)
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
