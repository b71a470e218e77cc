// @ts-check
/** Pulling history: what was missed, and what is older. Missed messages are not replayed, so this closes the gaps. */
import { beginning, compareIds, farFuture, isAfter, toWire } from "./ids.js";
import { mergeMessages, newestId, noteLast, toMessage } from "./room-state.js";

/**
 * @typedef {import("./socket.js").ChatSocket} ChatSocket
 * @typedef {import("./types.d.ts").Message} Message
 * @typedef {import("./types.d.ts").MessageId} MessageId
 * @typedef {import("./types.d.ts").RoomState} RoomState
 */

const firstPage = 40;
const pageSize = 100;
/** A gap longer than this is not closed: the old messages are dropped and can be scrolled to again. */
const maxPages = 8;

/** Ascending, strictly before `before`. @param {ChatSocket} socket @param {string} key @param {MessageId} before @param {number} limit */
const pull = async (socket, key, before, limit) => {
  const { payload = [] } = await socket.ask({
    type: "GET_HISTORY",
    chat_room_identifier: key,
    from_message_timestamp_identifier: toWire(before),
    limit,
  });
  return {
    messages: payload.map(toMessage).sort((a, b) => compareIds(a.id, b.id)),
    isLast: payload.length < limit,
  };
};

/**
 * Pulls the newest messages back to what is held already, or to `atLeast` if that is further back.
 * Live messages that come meanwhile are kept aside and merged at the end.
 *
 * @param {ChatSocket} socket @param {RoomState} room @param {MessageId | null} [atLeast]
 */
export const pullNewest = async (socket, room, atLeast = null) => {
  const held = newestId(room);
  const goal = atLeast !== null && isAfter(held, atLeast) ? atLeast : held;
  /** @type {Message[]} */
  const arrivals = [];
  room.arrivals = arrivals;
  try {
    /** @type {Message[]} */
    let pulled = [];
    let before = farFuture;
    let isLast = false;
    let meets = false;
    for (let page = 0; page < maxPages && !isLast && !meets; page += 1) {
      const limit = page === 0 ? firstPage : pageSize;
      const answer = await pull(socket, room.key, before, limit);
      pulled = mergeMessages(answer.messages, pulled);
      isLast = answer.isLast;
      before = pulled[0]?.id ?? before;
      meets = goal === beginning || !isAfter(before, goal);
    }
    if (isLast || !meets || goal === beginning) {
      // The pulled pages are all there is to know, so they replace what was held.
      room.messages = [];
      room.hasStart = isLast;
    }
    room.messages = mergeMessages(mergeMessages(room.messages, pulled), arrivals);
    const last = room.messages.at(-1);
    if (last) noteLast(room, last);
    // Unless the connection was lost meanwhile, in which case somebody else cleared it.
    room.isCurrent = room.arrivals === arrivals;
  } finally {
    if (room.arrivals === arrivals) room.arrivals = null;
  }
};

/** @param {ChatSocket} socket @param {RoomState} room */
export const pullOlder = async (socket, room) => {
  const oldest = room.messages[0];
  if (!oldest || room.hasStart) return;
  const { messages, isLast } = await pull(socket, room.key, oldest.id, pageSize / 2);
  // What was held may have been replaced or trimmed meanwhile; then this page doesn't join on any more.
  if (room.messages[0]?.id !== oldest.id) return;
  room.messages = mergeMessages(messages, room.messages);
  room.hasStart = isLast;
};

/** The newest message of a mass room, where the list's other questions are not allowed. @param {ChatSocket} socket @param {RoomState} room */
export const pullLast = async (socket, room) => {
  const last = (await pull(socket, room.key, farFuture, 1)).messages[0];
  if (last) noteLast(room, last);
};
