// @ts-check
/** What the page knows of one room, and how it changes. Nothing here knows the socket or the screen. */
import { beginning, compareIds, isAfter, toId } from "./ids.js";

/**
 * @typedef {import("./types.d.ts").Frame} Frame
 * @typedef {import("./types.d.ts").Message} Message
 * @typedef {import("./types.d.ts").MessageId} MessageId
 * @typedef {import("./types.d.ts").Outgoing} Outgoing
 * @typedef {import("./types.d.ts").RoomInfo} RoomInfo
 * @typedef {import("./types.d.ts").RoomState} RoomState
 */

/** Counts stop here on the wire as well; shown as "99+". */
export const unreadCap = 100;
const keptWhenClosed = 200;

/** @param {RoomInfo} info @param {Outgoing[]} outbox @returns {RoomState} */
export const createRoomState = (info, outbox = []) => ({
  info,
  key: info.chat_room_identifier,
  messages: [],
  hasStart: false,
  isCurrent: false,
  arrivals: null,
  lastId: beginning,
  lastText: "",
  unread: 0,
  marks: new Map(),
  outbox,
});

/** @param {string | null | undefined} customData @returns {Record<string, unknown>} */
const readCustomData = (customData) => {
  try {
    const data = JSON.parse(customData ?? "{}");
    return typeof data === "object" && data !== null ? data : {};
  } catch {
    return {};
  }
};

/** A live frame or an item of history as a message. @param {Frame} frame @returns {Message} */
export const toMessage = (frame) => {
  const author = frame.app_user_identifier ?? null;
  const data = readCustomData(frame.custom_data);
  const name = String(data.display_name ?? author ?? "");
  return {
    id: toId(frame.message_timestamp_identifier),
    author: frame.is_system_message === true || frame.type === "SYSTEM_ROUTABLE" ? null : author,
    name,
    initials: String(data.initials ?? [...name][0] ?? "?"),
    hue: Number(data.hue ?? 0) || 0,
    text: String(frame.message ?? ""),
  };
};

/** Two ascending lists as one, each id once. @param {Message[]} a @param {Message[]} b */
export const mergeMessages = (a, b) => {
  const byId = new Map([...a, ...b].map((message) => [message.id, message]));
  return [...byId.values()].sort((x, y) => compareIds(x.id, y.id));
};

/** @param {RoomState} room */
export const newestId = (room) => room.messages.at(-1)?.id ?? beginning;

/** @param {RoomState} room @param {Message} message */
export const noteLast = (room, message) => {
  if (!isAfter(message.id, room.lastId)) return;
  room.lastId = message.id;
  room.lastText = message.text;
};

/** A message that just came over the socket. @param {RoomState} room @param {Message} message */
export const addLive = (room, message) => {
  noteLast(room, message);
  if (room.arrivals) room.arrivals.push(message);
  else if (room.isCurrent) room.messages = mergeMessages(room.messages, [message]);
};

/** @param {RoomState} room @param {MessageId} id */
export const removeMessage = (room, id) => {
  room.messages = room.messages.filter((message) => message.id !== id);
};

/** Marks only ever move on. @param {RoomState} room @param {string} user @param {MessageId} id */
export const moveMark = (room, user, id) => {
  const mark = room.marks.get(user);
  if (mark === undefined || isAfter(id, mark)) room.marks.set(user, id);
};

/** The connection is gone: live messages may be missed from now on. @param {RoomState} room */
export const goStale = (room) => {
  room.isCurrent = false;
  room.arrivals = null;
};

/** Older messages can be pulled again, so a closed room keeps few. @param {RoomState} room */
export const trimClosed = (room) => {
  if (room.messages.length <= keptWhenClosed) return;
  room.messages = room.messages.slice(-keptWhenClosed);
  room.hasStart = false;
};

/** People who have read up to each message, except its own author. @param {RoomState} room @param {string} me */
export const readersByMessage = (room, me) => {
  /** @type {Map<MessageId, string[]>} */
  const readers = new Map();
  for (const [user, mark] of room.marks) {
    if (user === me) continue;
    const last = room.messages.findLast(({ id }) => !isAfter(id, mark));
    if (!last || last.author === user) continue;
    readers.set(last.id, [...(readers.get(last.id) ?? []), user]);
  }
  return readers;
};
