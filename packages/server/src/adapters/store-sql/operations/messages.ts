/** Reading the log, and hiding from it. Writing to it is `append`, which each database has its own fast way for. */

import type { Conversation, Message, Micros } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import type { WriteScope } from "./write-scope.ts";

export const liveMessages = (db: Db, appId: number) =>
  liveConversations(db, appId)
    .innerJoin("messages as m", (join) =>
      join.onRef("m.app_id", "=", "c.app_id").onRef("m.conversation_id", "=", "c.id"),
    )
    .select([
      "m.conversation_id as conversationId",
      "m.sent_at as sentAt",
      "m.seq",
      "m.sender_id as senderId",
      "m.type",
      "m.content",
      "m.is_counted as isCounted",
      "m.is_active as isActive",
      "m.client_id as clientId",
      "m.mentions",
      "m.quote",
      "m.keys",
      "m.to_users as toUsers",
      "m.recalled",
      "m.is_hidden as isHidden",
      "m.modified_at as modifiedAt",
      "m.change_seq as changeSeq",
    ]);

export type MessageRow = Awaited<ReturnType<ReturnType<typeof liveMessages>["execute"]>>[number];

/** Only what a message has is there: most have nothing but the first lines. */
export const toMessage = (row: MessageRow): Message => {
  const message: Message = {
    conversationId: row.conversationId,
    sentAt: row.sentAt,
    seq: row.seq,
    senderId: row.senderId,
    type: row.type,
    content: row.content,
    isCounted: row.isCounted !== 0,
    isActive: row.isActive === 1,
  };
  if (row.clientId !== null) message.clientId = row.clientId;
  if (row.mentions !== null) message.mentions = JSON.parse(row.mentions);
  if (row.quote !== null) message.quote = JSON.parse(row.quote);
  if (row.toUsers !== null) message.toUserIds = JSON.parse(row.toUsers);
  if (row.changeSeq === null) return message;
  if (row.keys !== null) message.keys = JSON.parse(row.keys);
  if (row.recalled !== 0) message.state = row.recalled === 1 ? "recalled" : "deleted";
  else if (row.isHidden === 1) message.state = "hidden";
  if (row.modifiedAt !== null) message.modifiedAt = row.modifiedAt;
  if (row.changeSeq > 0) message.changeSeq = row.changeSeq;
  return message;
};

export const messageReads = {
  async listMessages(
    db: Db,
    appId: number,
    conversationId: number,
    before: Micros | null,
    limit: number,
  ): Promise<Message[]> {
    const rows = await liveMessages(db, appId)
      .where("m.app_id", "=", appId)
      .where("m.conversation_id", "=", conversationId)
      .$if(before !== null, (query) => query.where("m.sent_at", "<", before as Micros))
      .where("m.is_active", "=", 1)
      .orderBy("m.sent_at", "desc")
      .limit(Math.max(0, limit))
      .execute();
    return rows.map(toMessage);
  },

  async listLastMessages(db: Db, appId: number, conversationIds: number[]): Promise<Message[]> {
    const found: Message[] = [];
    for (const list of idLists(conversationIds)) {
      const rows = await liveMessages(db, appId)
        .where("c.id", "in", list)
        .where("m.sent_at", "=", (query) =>
          query
            .selectFrom("messages as last")
            .select("last.sent_at")
            .where("last.app_id", "=", appId)
            .whereRef("last.conversation_id", "=", "c.id")
            .where("last.is_active", "=", 1)
            .orderBy("last.sent_at", "desc")
            .limit(1),
        )
        .execute();
      for (const row of rows) found.push(toMessage(row));
    }
    return found;
  },

  async findMessages(
    db: Db,
    appId: number,
    sentAt: Micros,
  ): Promise<{ message: Message; conversation: Conversation }[]> {
    const rows = await liveMessages(db, appId)
      .select(["c.kind", "c.key", "c.admission", "c.created_at as createdAt"])
      .where("m.app_id", "=", appId)
      .where("m.sent_at", "=", sentAt)
      .execute();
    return rows.map((row) => {
      const { conversationId: id, kind, key, admission, createdAt } = row;
      return { message: toMessage(row), conversation: { id, kind, key, admission, createdAt } };
    });
  },

  async findMessage(db: Db, appId: number, conversationId: number, sentAt: Micros): Promise<Message | null> {
    const row = await liveMessages(db, appId)
      .where("m.app_id", "=", appId)
      .where("m.conversation_id", "=", conversationId)
      .where("m.sent_at", "=", sentAt)
      .executeTakeFirst();
    return row === undefined ? null : toMessage(row);
  },
};

export const messageWrites = {
  async setMessageActive(
    { db, nextTick }: WriteScope,
    appId: number,
    conversationId: number,
    sentAt: Micros,
    isActive: boolean,
  ): Promise<boolean> {
    const isLive = liveConversations(db, appId).select("c.id").where("c.id", "=", conversationId);
    const row = await db
      .updateTable("messages")
      .set({ is_active: isActive ? 1 : 0 })
      .where("app_id", "=", appId)
      .where("conversation_id", "=", conversationId)
      .where("sent_at", "=", sentAt)
      .where("is_active", "=", isActive ? 0 : 1)
      .where(({ exists }) => exists(isLive))
      .returning("sent_at")
      .executeTakeFirst();
    if (row === undefined) return false;
    // What members see of the conversation has changed: its last message, or how much is unread.
    await db
      .updateTable("conversations")
      .set({ changed_at: await nextTick() })
      .where("app_id", "=", appId)
      .where("id", "=", conversationId)
      .execute();
    return true;
  },
};
