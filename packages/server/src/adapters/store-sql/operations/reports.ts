/** Reports of messages. They keep a copy of what they are about, and outlive it. */

import { ParlanceError } from "../../../errors.ts";
import type { NewReport, Report } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { requireConversation } from "./live-conversations.ts";
import { messageReads } from "./messages.ts";
import type { WriteScope } from "./write-scope.ts";

export const reportReads = {
  async listReports(db: Db, appId: number, before: number | null, limit: number): Promise<Report[]> {
    return db
      .selectFrom("reports")
      .select([
        "id",
        "conversation_id as conversationId",
        "conversation_key as conversationKey",
        "sent_at as sentAt",
        "sender_id as senderId",
        "message_type as messageType",
        "content",
        "reporter_id as reporterId",
        "report_type as reportType",
        "comment",
        "created_at as createdAt",
      ])
      .where("app_id", "=", appId)
      .$if(before !== null, (query) => query.where("id", "<", before as number))
      .orderBy("id", "desc")
      .limit(Math.max(0, limit))
      .execute();
  },
};

export const reportWrites = {
  /** Throws `conversationNotFound` or `messageNotFound`. A hidden message can be reported too. */
  async createReport({ db, nextTick }: WriteScope, appId: number, report: NewReport): Promise<Report> {
    const { conversationId, sentAt, reporterId, reportType, comment } = report;
    const { key } = await requireConversation(db, appId, conversationId);
    const message = await messageReads.findMessage(db, appId, conversationId, sentAt);
    if (message === null) throw new ParlanceError("messageNotFound");
    const created: Report = {
      id: await nextTick(),
      conversationId,
      conversationKey: key,
      sentAt,
      senderId: message.senderId,
      messageType: message.type,
      content: message.content,
      reporterId,
      reportType,
      comment,
      createdAt: Date.now(),
    };
    await db
      .insertInto("reports")
      .values({
        app_id: appId,
        id: created.id,
        conversation_id: conversationId,
        conversation_key: key,
        sent_at: sentAt,
        sender_id: created.senderId,
        message_type: created.messageType,
        content: created.content,
        reporter_id: reporterId,
        report_type: reportType,
        comment,
        created_at: created.createdAt,
      })
      .execute();
    return created;
  },
};
