/**
 * Reading what is shown of the log. Writing to it is `append`, which each database has its own fast way for, and `change`.
 */

import { type ExpressionBuilder, sql } from "kysely";
import type { Conversation, Message, Micros } from "../../../ports/store.ts";
import type { MessageView } from "../../../ports/store-entries.ts";
import type { Db, MessagesTable } from "../schema.ts";
import { isSinceRegistered } from "./everybody.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import { isHeardBy, readTraits } from "./message-traits.ts";
import { oneByOne } from "./one-by-one.ts";
import { keptSince } from "./retention.ts";

/** Of a message `m`. */
export const messageColumns = [
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
  "m.key_times as keyTimes",
  "m.traits",
  "m.to_users as toUsers",
  "m.recalled",
  "m.is_hidden as isHidden",
  "m.modified_at as modifiedAt",
  "m.change_seq as changeSeq",
] as const;

export const liveMessages = (db: Db, appId: number) =>
  liveConversations(db, appId)
    .innerJoin("messages as m", (join) =>
      join.onRef("m.app_id", "=", "c.app_id").onRef("m.conversation_id", "=", "c.id"),
    )
    .where("m.sent_at", ">=", keptSince(appId))
    .select(messageColumns);

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
  if (row.keys !== null) message.keys = JSON.parse(row.keys);
  if (row.traits !== 0) readTraits(row.traits, message);
  if (row.changeSeq === null) return message;
  if (row.keyTimes !== null) message.keyTimes = JSON.parse(row.keyTimes);
  if (row.recalled !== 0) message.state = row.recalled === 1 ? "recalled" : "deleted";
  else if (row.isHidden === 1) message.state = "hidden";
  if (row.modifiedAt !== null) message.modifiedAt = row.modifiedAt;
  if (row.changeSeq > 0) message.changeSeq = row.changeSeq;
  return message;
};

type Rows = ExpressionBuilder<{ m: MessagesTable }, "m">;

/** Of `m`, message or change: it is for everybody, or the user is among those it is for. */
export const isFor = (userId: string | null) =>
  userId === null
    ? sql<boolean>`m.to_users is null`
    : sql<boolean>`(m.to_users is null or exists (
        select 1 from recipients x where x.app_id = m.app_id and x.conversation_id = m.conversation_id
          and x.user_id = ${userId} and x.sent_at = coalesce(m.change_of, m.sent_at) ${oneByOne}))`;

/** Of conversation of `m`: up to where the user has cleared it. */
const clearedBy = (userId: string) => sql<Micros>`coalesce((
      select w.cleared_up_to from conversation_settings w
      where w.app_id = m.app_id and w.conversation_id = m.conversation_id and w.user_id = ${userId}), 0)`;

/** Of message `m`. */
const isOwnOrNotCleared = (userId: string) =>
  sql<boolean>`(coalesce(m.sender_id, '') = ${userId} or m.sent_at > ${clearedBy(userId)})`;

/** Of `m`, message or change, of conversation `c`: the user was one by then, and has neither cleared nor deleted it. */
export const isLeftTo = (appId: number, userId: string) =>
  sql<boolean>`(${isSinceRegistered(appId, userId, sql`coalesce(m.change_of, m.sent_at)`)} and coalesce(m.change_of, m.sent_at) > ${clearedBy(userId)}
    and not exists (
      select 1 from own_deletions o
      where o.app_id = m.app_id and o.conversation_id = m.conversation_id and o.user_id = ${userId}
        and o.sent_at = coalesce(m.change_of, m.sent_at) ${oneByOne}))`;

/** Of `m`: what this view shows. Changes are never active, and never recalled. */
const isShownIn =
  (appId: number, { userId = null, withRecalled = false, after }: MessageView) =>
  ({ and, or, eb }: Rows) =>
    and([
      withRecalled
        ? or([
            eb("m.is_active", "=", sql.lit(1)),
            and([eb("m.recalled", "=", sql.lit(1)), eb("m.is_hidden", "=", sql.lit(0))]),
          ])
        : eb("m.is_active", "=", sql.lit(1)),
      isFor(userId),
      ...(userId === null ? [] : [isLeftTo(appId, userId), isHeardBy("m", userId)]),
      ...(after === undefined ? [] : [eb("m.sent_at", ">", after)]),
    ]);

export const messageReads = {
  async listMessages(
    db: Db,
    appId: number,
    conversationId: number,
    before: Micros | null,
    limit: number,
    view?: MessageView,
  ): Promise<Message[]> {
    const rows = await liveMessages(db, appId)
      .where("m.app_id", "=", appId)
      .where("m.conversation_id", "=", conversationId)
      .$if(before !== null, (query) => query.where("m.sent_at", "<", before as Micros))
      .where((rows) => isShownIn(appId, view ?? {})(rows as unknown as Rows))
      .orderBy("m.sent_at", view?.isForward ? "asc" : "desc")
      .limit(Math.max(0, limit))
      .execute();
    return rows.map(toMessage);
  },

  async listLastMessages(
    db: Db,
    appId: number,
    conversationIds: number[],
    view?: MessageView,
  ): Promise<Message[]> {
    const found: Message[] = [];
    for (const list of idLists(conversationIds)) {
      const rows = await liveMessages(db, appId)
        .where("c.id", "in", list)
        .where("m.sent_at", "=", (query) =>
          query
            .selectFrom("messages as m")
            .select("m.sent_at")
            .where("m.app_id", "=", appId)
            .whereRef("m.conversation_id", "=", "c.id")
            .where((rows) => isShownIn(appId, view ?? {})(rows as unknown as Rows))
            .orderBy("m.sent_at", "desc")
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
      .where("m.change_of", "is", null)
      .execute();
    return rows.map((row) => {
      const { conversationId: id, kind, key, admission, createdAt } = row;
      return { message: toMessage(row), conversation: { id, kind, key, admission, createdAt } };
    });
  },

  async findMessage(
    db: Db,
    appId: number,
    conversationId: number,
    sentAt: Micros,
    userId: string | null = null,
  ): Promise<Message | null> {
    const row = await liveMessages(db, appId)
      .$if(userId !== null, (query) => query.where(isOwnOrNotCleared(userId as string)))
      .where("m.app_id", "=", appId)
      .where("m.conversation_id", "=", conversationId)
      .where("m.sent_at", "=", sentAt)
      .where("m.change_of", "is", null)
      .executeTakeFirst();
    return row === undefined ? null : toMessage(row);
  },
};
