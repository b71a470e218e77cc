import Type from "typebox";
import type { Core } from "../../../core/core.ts";
import { reportMessage } from "../../../core/messages/report-message.ts";
import { readText } from "../../../core/messages/text-message.ts";
import { ParlanceError } from "../../../errors.ts";
import { type Endpoint, endpoint } from "../../../http/endpoint.ts";
import type { Report } from "../../../ports/store.ts";
import { findRoom } from "../rooms.ts";
import { exactTime, localId, wireId, wireTime } from "../wire-ids.ts";
import { exampleRoom, exampleTime, messageTime, roomIdentifier, userIdentifier } from "./parameters.ts";

const commentLimit = 4096;
const mostPerPage = 100;

function reportItem(core: Core, report: Report) {
  const user = (id: string) => wireId(id, core.app.key);
  return {
    identifier: String(report.id),
    chat_room_identifier: wireId(report.conversationKey, core.app.key),
    message_timestamp_identifier: wireTime(report.sentAt),
    reported_message: readText({ type: report.messageType, content: report.content }),
    app_user_identifier: report.senderId === null ? null : user(report.senderId),
    application_user_identifier: user(report.reporterId),
    report_type: report.reportType,
    message: report.comment,
    created_at: new Date(report.createdAt).toISOString(),
  };
}

const exampleReport = {
  identifier: "1",
  chat_room_identifier: exampleRoom,
  message_timestamp_identifier: exampleTime,
  reported_message: "hello",
  app_user_identifier: "42:demo",
  application_user_identifier: "43:demo",
  report_type: 1,
  message: "Rude.",
  created_at: "2026-01-01T12:00:00.000Z",
};

export const reportEndpoints: Endpoint<Core>[] = [
  endpoint({
    method: "POST",
    path: "/reported-chat-message/",
    summary: "Report a message; the report keeps the message as it is now.",
    params: Type.Object({
      application_user_identifier: userIdentifier,
      chat_room_identifier: roomIdentifier,
      message_timestamp_identifier: messageTime,
      report_type: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 1_000_000,
          description: "Your own number; apps use 1 indecent text, 2 incorrect information, 3 other.",
        }),
      ),
      message: Type.Optional(
        Type.String({ maxLength: commentLimit, description: "What the reporter says." }),
      ),
    }),
    status: 200,
    result: Type.Object({ identifier: Type.String() }),
    refusals: [400, 404],
    example: {
      params: {
        application_user_identifier: "43",
        chat_room_identifier: exampleRoom,
        message_timestamp_identifier: exampleTime,
        report_type: 1,
        message: "Rude.",
      },
      result: { identifier: "1" },
    },
    run: async (core, params) => {
      const conversation = await findRoom(core, params.chat_room_identifier);
      const sentAt = exactTime(BigInt(params.message_timestamp_identifier));
      if (sentAt === null) throw new ParlanceError("messageNotFound");
      const reporterId = localId(params.application_user_identifier, core.app.key);
      const { report_type: reportType = null, message: comment = null } = params;
      const report = await reportMessage(core, { conversation, sentAt, reporterId, reportType, comment });
      return { identifier: String(report.id) };
    },
  }),
  endpoint({
    method: "GET",
    path: "/reported-chat-message/",
    summary: "List reported messages, newest report first.",
    notes: ["Reports stay when the message is hidden and when its chat room is deleted."],
    params: Type.Object({
      before: Type.Optional(
        Type.Integer({ minimum: 1, description: "Only reports older than the one with this identifier." }),
      ),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, description: "How many at most; 20 when absent, 100 at the most." }),
      ),
    }),
    status: 200,
    result: Type.Array(
      Type.Object({
        identifier: Type.String(),
        chat_room_identifier: Type.String(),
        message_timestamp_identifier: Type.String(),
        reported_message: Type.String(),
        app_user_identifier: Type.Union([Type.String(), Type.Null()]),
        application_user_identifier: Type.String(),
        report_type: Type.Union([Type.Integer(), Type.Null()]),
        message: Type.Union([Type.String(), Type.Null()]),
        created_at: Type.String(),
      }),
    ),
    refusals: [400],
    example: { params: { limit: 1 }, result: [exampleReport] },
    run: async (core, { before = null, limit = 20 }) => {
      const reports = await core.store.listReports(before, Math.min(limit, mostPerPage));
      return reports.map((report) => reportItem(core, report));
    },
  }),
];
