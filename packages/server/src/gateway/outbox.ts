import type { OutgoingFrame } from "../ports/transport.ts";
import { type Connection, noFrames } from "./connection.ts";

export interface OutboxStats {
  /** Characters queued since the last flush, over all connections. */
  queuedBytes: number;
  framesWritten: number;
}

/**
 * Frames wait here until the end of the turn of the event loop, then every connection's leave in one write. Under
 * load a turn carries many messages, so the number of writes falls as the load rises, and a quiet server waits for
 * nothing.
 */
export class Outbox {
  readonly #maxWaitingBytes: number;
  #dirty: Connection[] = [];
  #isScheduled = false;
  #afterFlush: (() => void)[] = [];
  readonly stats: OutboxStats = { queuedBytes: 0, framesWritten: 0 };

  constructor(maxWaitingBytes: number) {
    this.#maxWaitingBytes = maxWaitingBytes;
  }

  /**
   * `size` is the length of all frames together, counted once by who made them: characters of texts, because counting
   * their bytes costs as much as sending them, and what was handed to the socket is counted in bytes again.
   */
  add(connection: Connection, frames: readonly OutgoingFrame[], size: number): void {
    if (connection.state !== "open") return;
    if (connection.pending === noFrames) {
      connection.pending = [...frames];
      this.#dirty.push(connection);
    } else {
      for (const frame of frames) connection.pending.push(frame);
    }
    connection.pendingSize += size;
    this.stats.queuedBytes += size;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#flush());
  }

  /** Calls back once what is queued now has been written. */
  onFlushed(callback: () => void): void {
    this.#afterFlush.push(callback);
  }

  flushNow(connection: Connection): void {
    if (connection.pending !== noFrames) this.#write(connection);
  }

  #flush(): void {
    const dirty = this.#dirty;
    const afterFlush = this.#afterFlush;
    this.#dirty = [];
    this.#afterFlush = [];
    this.#isScheduled = false;
    this.stats.queuedBytes = 0;
    for (const connection of dirty) this.flushNow(connection);
    for (const callback of afterFlush) callback();
  }

  #write(connection: Connection): void {
    const { socket, pending, pendingSize } = connection;
    connection.dropPending();
    if (!socket || connection.state !== "open") return;
    // The slow-reader rule: who still has not taken earlier frames may let only so much wait. A reader that is up to
    // date gets what there is, so that one large answer is no offence.
    const waiting = socket.waitingBytes();
    const isSlow = waiting > 0 && waiting + pendingSize > this.#maxWaitingBytes;
    if (isSlow || !socket.send(pending)) connection.close("slowReader");
    else this.stats.framesWritten += pending.length;
  }
}
