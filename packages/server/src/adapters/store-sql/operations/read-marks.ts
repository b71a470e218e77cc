/**
 * How far each user has read, and how much is left: arithmetic between running numbers (`unreadOf`). Nothing is written
 * per recipient, so nothing can drift.
 */

import { ParlanceError } from "../../../errors.ts";
import type { Micros, MovedMark, ReadMark } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { rowOf } from "./by-key.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import { isFor } from "./messages.ts";
import { DAY, keptSince } from "./retention.ts";
import { unreadOf } from "./visible-messages.ts";
import type { WriteScope } from "./write-scope.ts";

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
      const rows = await liveConversations(db, appId, list)
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
        .select(["c.id", unreadOf({ appId, userId }).as("count")])
        .execute();
      for (const { id, count } of rows) unread.set(id, Number(count));
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
    const recent = Math.min(upTo, Date.now() * 1000) - RECENT;
    const last =
      (await findLast(db, appId, conversationId, userId, { upTo, from: recent })) ??
      (await findLast(db, appId, conversationId, userId, { upTo, from: 0 }));
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
