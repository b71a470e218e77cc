// @ts-check
/** Last messages and unread counts for the list of rooms, ten rooms a question as the protocol allows. */
import { toId } from "./ids.js";
import { noteLast } from "./room-state.js";

/**
 * @typedef {import("./socket.js").ChatSocket} ChatSocket
 * @typedef {import("./types.d.ts").RoomState} RoomState
 */

const maxPerQuestion = 10;

/** @param {ChatSocket} socket @param {RoomState[]} rooms regular ones that the user is in */
export const askOverview = async (socket, rooms) => {
  for (let start = 0; start < rooms.length; start += maxPerQuestion) {
    const some = new Map(rooms.slice(start, start + maxPerQuestion).map((room) => [room.key, room]));
    const chat_room_identifiers = [...some.keys()];
    const [last, unread] = await Promise.all([
      socket.ask({ type: "GET_LAST_CHAT_ROOM_MESSAGE", chat_room_identifiers }),
      socket.ask({ type: "GET_UNREAD_MESSAGES_COUNT", chat_room_identifiers }),
    ]);
    for (const item of last.payload ?? []) {
      const room = some.get(item.chat_room_identifier);
      if (!room) continue;
      room.lastId = toId(item.message_timestamp_identifier);
      room.lastText = item.last_message_text ?? "";
      const newest = room.isCurrent ? room.messages.at(-1) : undefined;
      if (newest) noteLast(room, newest);
    }
    for (const item of unread.payload ?? []) {
      const room = some.get(item.chat_room_identifier);
      if (room) room.unread = item.unread_messages_count;
    }
  }
};
