import type { Connection } from "./connection.ts";

export interface InboxBounds {
  framesPerMinute: number;
  /** Bytes that may wait behind a frame that is being answered. */
  maxBytes: number;
}

const minute = 60_000;
/** Frames above the rate that are told so in any case: who learns of it may have that many under way. */
const leastDeclined = 200;

/**
 * Frames of one connection are handled in the order they came, one at a time: the runtime can't pause a peer and runs
 * handlers side by side, so order, bound and rate are kept here.
 */
export function receiveFrame(connection: Connection, frame: string | Uint8Array, bounds: InboxBounds): void {
  if (connection.state !== "open" || connection.isDeaf) return;
  if (countFrame(connection) > bounds.framesPerMinute) decline(connection, frame, bounds.framesPerMinute);
  else if (connection.inbox) wait(connection, connection.inbox, frame, bounds.maxBytes);
  else handle(connection, frame);
}

function wait(
  connection: Connection,
  inbox: (string | Uint8Array)[],
  frame: string | Uint8Array,
  maxBytes: number,
): void {
  if (connection.inboxBytes + frame.length > maxBytes) {
    void connection.closeInOrder("inboxFull");
    return;
  }
  connection.inboxBytes += frame.length;
  // The runtime reuses the memory of binary frames.
  inbox.push(typeof frame === "string" ? frame : frame.slice());
}

function handle(connection: Connection, frame: string | Uint8Array): void {
  const answer = connection.dialect.receive(connection, frame);
  if (!answer) return;
  connection.inbox = [];
  connection.answering = answer.then(() => handleWaiting(connection));
}

async function handleWaiting(connection: Connection): Promise<void> {
  const waiting = connection.inbox ?? [];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (connection.state !== "open") break;
    connection.inboxBytes -= next.length;
    await connection.dialect.receive(connection, next);
  }
  connection.inbox = null;
  connection.answering = null;
}

/** Returns which frame of this minute it is. */
function countFrame(connection: Connection): number {
  const now = Date.now();
  if (now - connection.windowStart >= minute) {
    connection.windowStart = now;
    connection.framesInWindow = 0;
  }
  return ++connection.framesInWindow;
}

/** A frame above the rate takes no effect. Whose dialect can say so goes on, unless they heed it not at all. */
function decline(connection: Connection, frame: string | Uint8Array, framesPerMinute: number): void {
  const declined = connection.framesInWindow - framesPerMinute;
  const { dialect } = connection;
  if (!dialect.decline || declined > Math.max(framesPerMinute, leastDeclined))
    void connection.closeInOrder("tooManyFrames");
  else dialect.decline(connection, frame, Math.max(1, connection.windowStart + minute - Date.now()));
}
