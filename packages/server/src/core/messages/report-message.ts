import type { Conversation, Report } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { findMessage } from "./find-message.ts";

export interface ReportMessage {
  conversation: Conversation;
  sentAt: number;
  reporterId: string;
  reportType: number | null;
  comment: string | null;
}

/** Keeps the report together with the message as it is now. Throws `messageNotFound`. */
export async function reportMessage(core: Core, input: ReportMessage): Promise<Report> {
  const { conversation, ...rest } = input;
  await findMessage(core, conversation, input.sentAt, input.reporterId);
  const report = await core.store.createReport({ ...rest, conversationId: conversation.id });
  core.log.info(
    { user: input.reporterId, conversation: conversation.key, report: report.id },
    "message reported",
  );
  return report;
}
