// @ts-check
/** Keeps what is on its way over a reload of the tab. */

/**
 * @typedef {import("./types.d.ts").Outgoing} Outgoing
 * @typedef {import("./types.d.ts").RoomState} RoomState
 */

/** @param {string} key */
const nameOf = (key) => `parlance-demo-outbox:${key}`;

/** @param {RoomState} room */
export const keepOutbox = ({ key, outbox }) => {
  if (outbox.length === 0) sessionStorage.removeItem(nameOf(key));
  else sessionStorage.setItem(nameOf(key), JSON.stringify(outbox));
};

/** @param {string} key @returns {Outgoing[]} */
export const recallOutbox = (key) => {
  try {
    const kept = JSON.parse(sessionStorage.getItem(nameOf(key)) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
};
