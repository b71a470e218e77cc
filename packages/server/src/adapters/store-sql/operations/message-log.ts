/** What was said in a whole app, read along the index of its messages' times. */

import { ParlanceError } from "../../../errors.ts";
import type { Conversation, Micros, Millis } from "../../../ports/store.ts";
import type { MessageLogPage } from "../../../ports/store-message-log.ts";
import type { Db } from "../schema.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import { type MessageRow, messageColumns, toMessage } from "./messages.ts";
import { keptSince } from "./retention.ts";
import type { WriteScope } from "./write-scope.ts";

const LARGEST_PIECE = 1000;

const findConversations = async (
  db: Db,
  appId: number,
  ids: number[],
): Promise<Map<number, Conversation>> => {
  const found = new Map<number, Conversation>();
  for (const list of idLists(ids)) {
    const rows = await liveConversations(db, appId, list)
      .select(["c.id", "c.kind", "c.key", "c.admission", "c.created_at as createdAt"])
      .execute();
    for (const row of rows) found.set(row.id, row);
  }
  return found;
};

type Row = MessageRow & { changeOf: Micros | null };

const entriesOf = (db: Db, appId: number) =>
  db
    .selectFrom("messages as m")
    .select(messageColumns)
    .select("m.change_of as changeOf")
    .where("m.app_id", "=", appId)
    .where("m.sent_at", ">=", keptSince(appId));

const isShown = ({ changeOf, isActive, recalled, isHidden }: Row): boolean =>
  changeOf === null && (isActive === 1 || (recalled === 1 && isHidden === 0));

export const messageLogReads = {
  async listAppMessages(
    db: Db,
    appId: number,
    { from, to }: { from: Micros; to: Micros },
    limit: number,
  ): Promise<MessageLogPage> {
    const most = Math.max(1, limit);
    const rows = await entriesOf(db, appId)
      .where("m.sent_at", ">=", from)
      .where("m.sent_at", "<", to)
      .orderBy("m.sent_at")
      .limit(most)
      .execute();
    const end = rows.length < most ? null : (rows.at(-1) as Row).sentAt;
    if (end !== null) {
      // Two conversations may have taken the same moment: a page ends behind it.
      const known = new Set(rows.filter(({ sentAt }) => sentAt === end).map((row) => row.conversationId));
      const same = await entriesOf(db, appId).where("m.sent_at", "=", end).execute();
      rows.push(...same.filter((row) => !known.has(row.conversationId)));
    }
    const shown = rows.filter(isShown);
    const conversations = await findConversations(
      db,
      appId,
      shown.map(({ conversationId }) => conversationId),
    );
    return {
      messages: shown.flatMap((row) => {
        const conversation = conversations.get(row.conversationId);
        return conversation ? { message: toMessage(row), conversation } : [];
      }),
      next: end === null ? null : end + 1,
    };
  },

  async isLogHourRemoved(db: Db, appId: number, beginsAt: Millis): Promise<boolean> {
    const row = await db
      .selectFrom("removed_log_hours")
      .select("begins_at")
      .where("app_id", "=", appId)
      .where("begins_at", "=", beginsAt)
      .executeTakeFirst();
    return row !== undefined;
  },
};

export const messageLogWrites = {
  async removeLogHour(
    { db }: WriteScope,
    appId: number,
    beginsAt: Millis,
    forgetBefore: Millis,
  ): Promise<void> {
    await db
      .deleteFrom("removed_log_hours")
      .where("app_id", "=", appId)
      .where("begins_at", "<", forgetBefore)
      .execute();
    await db
      .insertInto("removed_log_hours")
      .values({ app_id: appId, begins_at: beginsAt })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  },

  /**
   * The rows go at once, as those that are past a retention do, and readers bear a log without its beginning. At most
   * 1000 a call, whatever `limit` says, because others wait for the commit.
   */
  async clearLog(
    { db }: WriteScope,
    appId: number,
    conversationId: number,
    upTo: Micros,
    limit: number,
  ): Promise<number> {
    const room = Math.min(limit, LARGEST_PIECE);
    const found = await liveConversations(db, appId)
      .select("c.kind")
      .where("c.id", "=", conversationId)
      .executeTakeFirst();
    if (found === undefined) throw new ParlanceError("conversationNotFound");
    if (found.kind !== "chatroom" || room <= 0) return 0;
    const last = await db
      .selectFrom("messages")
      .select("sent_at as sentAt")
      .where("app_id", "=", appId)
      .where("conversation_id", "=", conversationId)
      .where("sent_at", "<=", upTo)
      .orderBy("sent_at")
      .limit(1)
      .offset(room - 1)
      .executeTakeFirst();
    const { numDeletedRows } = await db
      .deleteFrom("messages")
      .where("app_id", "=", appId)
      .where("conversation_id", "=", conversationId)
      .where("sent_at", "<=", last?.sentAt ?? upTo)
      .executeTakeFirst();
    return Number(numDeletedRows);
  },
};
