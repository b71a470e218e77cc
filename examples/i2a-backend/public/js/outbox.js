// @ts-check
/**
 * Messages on their way. The protocol has no client ids and no acknowledgement but the echo, so an echo is matched by
 * its text to the oldest message that was sent and is still open, and whatever was sent before the line dropped is
 * looked for in history before it is sent again. That way nothing is lost, and nothing doubled.
 *
 * What this can't tell apart: the same text sent from another device of the same person while the line was down.
 */
import { isAfter } from "./ids.js";

/**
 * @typedef {import("./types.d.ts").Message} Message
 * @typedef {import("./types.d.ts").MessageId} MessageId
 * @typedef {import("./types.d.ts").Outgoing} Outgoing
 * @typedef {import("./types.d.ts").RoomState} RoomState
 */

/** Per room; more than that is refused while the line is down. */
export const maxOutgoing = 50;

/** @param {RoomState} room @param {string} text @returns {Outgoing | null} null: too many are waiting */
export const queueText = (room, text) => {
  if (room.outbox.length >= maxOutgoing) return null;
  /** @type {Outgoing} */
  const item = { localId: crypto.randomUUID(), text, state: "waiting", after: "0", at: Date.now() };
  room.outbox.push(item);
  return item;
};

/** @param {Outgoing} item @param {MessageId} newest the newest message of the room that is known now */
export const markSent = (item, newest) => {
  item.state = "sent";
  item.at = Date.now();
  item.after = newest;
};

/**
 * Takes the item that this message of one's own is the echo of off the outbox. A connection keeps order, so what is
 * still open can only have a greater id.
 *
 * @param {RoomState} room @param {Message} message
 */
export const settleEcho = (room, message) => {
  const index = room.outbox.findIndex(
    ({ state, text, after }) => state !== "waiting" && text === message.text && isAfter(message.id, after),
  );
  if (index < 0) return false;
  room.outbox.splice(index, 1);
  for (const item of room.outbox.slice(index)) {
    if (item.state !== "waiting" && isAfter(message.id, item.after)) item.after = message.id;
  }
  return true;
};

/**
 * After history was pulled: settles what had arrived, and queues the rest again, in order. If it `givesUp`, the
 * connection stood all the time and the rest must have been refused, so the person decides.
 *
 * @param {RoomState} room @param {string} me @param {boolean} givesUp
 */
export const settleFromHistory = (room, me, givesUp) => {
  for (const message of room.messages) {
    if (message.author === me) settleEcho(room, message);
  }
  for (const item of room.outbox) {
    if (item.state === "sent") item.state = givesUp ? "failed" : "waiting";
  }
};

/** How far back history must be pulled to settle everything. @param {RoomState} room @returns {MessageId | null} */
export const oldestUnsettled = (room) =>
  room.outbox.reduce(
    (oldest, { state, after }) =>
      state === "waiting" || (oldest !== null && isAfter(after, oldest)) ? oldest : after,
    /** @type {MessageId | null} */ (null),
  );
