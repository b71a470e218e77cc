import Type from "typebox";
import type { Core } from "../../../core/core.ts";
import { listHistory } from "../../../core/messages/list-history.ts";
import { assertMessageSize, sendMessage } from "../../../core/messages/send-message.ts";
import { setMessageActive } from "../../../core/messages/set-message-active.ts";
import { textContent, textType } from "../../../core/messages/text-message.ts";
import { ParlanceError } from "../../../errors.ts";
import { type Endpoint, endpoint } from "../../../http/endpoint.ts";
import { historyItem } from "../history-item.ts";
import { findRoom } from "../rooms.ts";
import { exactTime, timeBefore, wireTime } from "../wire-ids.ts";
import { exampleRoom, exampleTime, messageTime, roomIdentifier } from "./parameters.ts";

const pageByDefault = 20;

async function setActive(core: Core, time: string, isActive: boolean): Promise<Record<string, never>> {
  const sentAt = exactTime(BigInt(time));
  const found = sentAt === null ? [] : await core.store.findMessages(sentAt);
  if (found.length === 0) throw new ParlanceError("messageNotFound");
  for (const { message, conversation } of found)
    await setMessageActive(core, conversation, message, isActive);
  return {};
}

async function sendSystemMessage(core: Core, identifier: string, text: string) {
  assertMessageSize(core, text);
  const { message } = await sendMessage(core, {
    conversation: await findRoom(core, identifier),
    senderId: null,
    senderData: null,
    type: textType,
    content: textContent(text),
    marksRead: false,
  });
  return { message_timestamp_identifier: wireTime(message.sentAt) };
}

export const messageEndpoints: Endpoint<Core>[] = [
  endpoint({
    method: "GET",
    path: "/chat-room/{chat_room_identifier}/messages/",
    summary: "Read a chat room's messages, newest first.",
    notes: [
      "Pages like GET_HISTORY on the socket: pass the oldest id you hold as timestamp_from to get what came before it.",
      "Messages that were set inactive are left out.",
    ],
    params: Type.Object({
      chat_room_identifier: roomIdentifier,
      timestamp_from: Type.Optional(
        Type.String({
          format: "nanoseconds",
          description: "Nanoseconds; only messages strictly before it. Absent: from the newest on.",
        }),
      ),
      limit: Type.Optional(
        Type.Integer({ minimum: 1, description: "How many at most; 20 when absent, 100 at the most." }),
      ),
    }),
    status: 200,
    result: Type.Array(
      Type.Object({
        chat_room_identifier: Type.String(),
        message: Type.String(),
        message_timestamp_identifier: Type.String(),
        is_system_message: Type.Boolean(),
        app_user_identifier: Type.Optional(Type.String()),
        custom_data: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      }),
    ),
    refusals: [400, 404],
    example: {
      params: { chat_room_identifier: exampleRoom, limit: 1 },
      result: [
        {
          chat_room_identifier: exampleRoom,
          message: "hello",
          message_timestamp_identifier: exampleTime,
          is_system_message: false,
          app_user_identifier: "42:demo",
          custom_data: '{"display_name":"Ann"}',
        },
      ],
    },
    run: async (core, { chat_room_identifier, timestamp_from, limit = pageByDefault }) => {
      const room = await findRoom(core, chat_room_identifier);
      const before = timestamp_from === undefined ? null : timeBefore(BigInt(timestamp_from));
      const entries = await listHistory(core, room, { before, limit });
      return entries.map((entry) => historyItem(core, room, entry));
    },
  }),
  endpoint({
    method: "POST",
    path: "/system-message/send-system-message/",
    summary: "Send a system message to a chat room; it is stored, and members see it at once.",
    params: Type.Object({
      chat_room_identifier: roomIdentifier,
      message: Type.String({ minLength: 1, description: "The text, up to the deployment's message size." }),
    }),
    status: 200,
    result: Type.Object({ message_timestamp_identifier: Type.String() }),
    refusals: [400, 404],
    example: {
      params: { chat_room_identifier: exampleRoom, message: "Bob joined." },
      result: { message_timestamp_identifier: exampleTime },
    },
    run: (core, params) => sendSystemMessage(core, params.chat_room_identifier, params.message),
  }),
  endpoint({
    method: "POST",
    path: "/chat-message/{message_timestamp_identifier}/set-active/",
    summary: "Hide a message from history, or show it again; connected members are told.",
    params: Type.Object({
      message_timestamp_identifier: messageTime,
      is_active: Type.Boolean({ description: "False hides the message, true shows it again." }),
    }),
    status: 200,
    result: Type.Object({}),
    refusals: [400, 404],
    example: { params: { message_timestamp_identifier: exampleTime, is_active: false }, result: {} },
    run: (core, params) => setActive(core, params.message_timestamp_identifier, params.is_active),
  }),
];
