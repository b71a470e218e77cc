// @ts-check
/**
 * Message ids are nanoseconds since the epoch: 19 digits, more than a double holds. Parlance's are always multiples
 * of 1000, and for those JSON.parse and String give back every digit until the year 2116 (2^62 ns): doubles lie at
 * most 512 apart there, so no other multiple of 1000 is as near. ids.test.ts proves it. They are kept as strings and
 * compared as strings, so nothing here ever calculates with them.
 *
 * @typedef {import("./types.d.ts").MessageId} MessageId
 */

/** Before every message. @type {MessageId} */
export const beginning = "0";

/** After every message: history before this is the newest. It frees us from asking a clock that may be wrong. */
export const farFuture = "4102444800000000000";

/** Numbers come in live frames, strings in history; both end here. @param {unknown} value @returns {MessageId} */
export const toId = (value) => (value === null || value === undefined ? beginning : String(value));

/** The number that goes on the wire; exact for Parlance's ids. @param {MessageId} id */
export const toWire = (id) => Number(id);

/** Negative, zero or positive, as for sort. @param {MessageId} a @param {MessageId} b */
export const compareIds = (a, b) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

/** @param {MessageId} a @param {MessageId} b */
export const isAfter = (a, b) => compareIds(a, b) > 0;

/** @param {MessageId} id */
export const toDate = (id) => new Date(Number(id) / 1e6);
