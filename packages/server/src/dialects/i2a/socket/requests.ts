import { listHistory } from "../../../core/messages/list-history.ts";
import { readText } from "../../../core/messages/text-message.ts";
import { listReadMarks } from "../../../core/reading/list-read-marks.ts";
import { markRead } from "../../../core/reading/mark-read.ts";
import { countUnread, listLastMessages } from "../../../core/reading/overview.ts";
import type { Connection } from "../../../gateway/connection.ts";
import { historyItem } from "../history-item.ts";
import { timeBefore, timeUpTo, wireId, wireTime } from "../wire-ids.ts";
import {
  admittedRoom,
  type Frame,
  optionalCount,
  regularRoom,
  requireRoomIdentifiers,
  requireString,
  requireTime,
  wireRoom,
} from "./frame-fields.ts";
import { readMarkFrame } from "./live-frames.ts";
import { routeMessage } from "./route-message.ts";

/** Answers a frame; a promise holds back the connection's next one. Throws what `errorFrameFor` turns into a frame. */
type RequestHandler = (connection: Connection, frame: Frame) => Promise<void> | undefined;

/** Every frame a client may send. */
export const requests: Record<string, RequestHandler> = {
  ROUTABLE: routeMessage,
  GET_HISTORY: getHistory,
  SET_LAST_MESSAGE_READ: setLastMessageRead,
  GET_LAST_MESSAGES_READ: getLastMessagesRead,
  GET_LAST_CHAT_ROOM_MESSAGE: getLastChatRoomMessage,
  GET_UNREAD_MESSAGES_COUNT: getUnreadMessagesCount,
};

const historyByDefault = 20;
const roomsPerUnreadCount = 10;
const roomsPerLastMessage = 100;

async function getHistory(connection: Connection, frame: Frame): Promise<void> {
  const identifier = requireString(frame, "chat_room_identifier");
  const before = timeBefore(requireTime(frame, "from_message_timestamp_identifier"));
  const limit = optionalCount(frame, "limit", historyByDefault);
  await connection.afterAppends();
  const { core, user } = connection;
  const room = await admittedRoom(connection, identifier);
  const entries = await listHistory(core, room, { userId: user.userId, before, limit });
  reply(connection, {
    type: frame.type,
    chat_room_identifier: wireRoom(core, room),
    payload: entries.map((entry) => historyItem(core, room, entry)),
  });
}

async function setLastMessageRead(connection: Connection, frame: Frame): Promise<void> {
  const identifier = requireString(frame, "chat_room_identifier");
  const upTo = timeUpTo(requireTime(frame, "message_timestamp_identifier"));
  await connection.afterAppends();
  const { core, user } = connection;
  const room = await regularRoom(connection, identifier, frame.type);
  const { userId, userData } = user;
  const mark = await markRead(core, { conversation: room, userId, userData, upTo });
  // Everybody hears of a mark that moved. One that stayed where it was is told to the asker alone, who would wait
  // for an answer otherwise.
  if (!mark?.hasMoved) connection.send(readMarkFrame(core, room, userId, mark?.sentAt ?? upTo, userData));
}

async function getLastMessagesRead(connection: Connection, frame: Frame): Promise<void> {
  const identifier = requireString(frame, "chat_room_identifier");
  await connection.afterAppends();
  const { core } = connection;
  const room = await regularRoom(connection, identifier, frame.type);
  const chat_room_identifier = wireRoom(core, room);
  const readers = await listReadMarks(core, room);
  reply(connection, {
    type: frame.type,
    chat_room_identifier,
    payload: readers.map(({ mark, userData }) => ({
      chat_room_identifier,
      app_user_identifier: wireId(mark.userId, core.app.key),
      message_timestamp_identifier: wireTime(mark.sentAt),
      custom_data: userData,
    })),
  });
}

async function getLastChatRoomMessage(connection: Connection, frame: Frame): Promise<void> {
  const identifiers = requireRoomIdentifiers(frame, roomsPerLastMessage);
  await connection.afterAppends();
  const { core, user } = connection;
  const rooms = await Promise.all(identifiers.map((id) => regularRoom(connection, id, frame.type)));
  const entries = await listLastMessages(core, rooms, user.userId);
  // Written by hand because the time is a number here, and too long for a double.
  const items = entries.map(({ conversation, message, hasUnread }) => {
    const room = JSON.stringify(wireRoom(core, conversation));
    const text = JSON.stringify(message && readText(message));
    const time = message ? wireTime(message.sentAt) : null;
    return `{"chat_room_identifier":${room},"last_message_text":${text},"message_timestamp_identifier":${time},"has_unread_messages":${hasUnread}}`;
  });
  connection.send(`{"type":"GET_LAST_CHAT_ROOM_MESSAGE","payload":[${items.join(",")}]}`);
}

async function getUnreadMessagesCount(connection: Connection, frame: Frame): Promise<void> {
  const identifiers = requireRoomIdentifiers(frame, roomsPerUnreadCount);
  await connection.afterAppends();
  const { core, user } = connection;
  const rooms = await Promise.all(identifiers.map((id) => regularRoom(connection, id, frame.type)));
  const counts = await countUnread(core, rooms, user.userId);
  reply(connection, {
    type: frame.type,
    payload: rooms.map((room, index) => ({
      chat_room_identifier: wireRoom(core, room),
      unread_messages_count: counts[index] ?? 0,
    })),
  });
}

function reply(connection: Connection, frame: Record<string, unknown>): void {
  connection.send(JSON.stringify(frame));
}
