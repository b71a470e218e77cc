/** Milliseconds. */
const window = 200;
/** Chatrooms whose windows are remembered; older ones are over. */
const mostRemembered = 10_000;

interface Window {
  startedAt: number;
  high: number;
  low: number;
}

/**
 * How many messages a chatroom takes: `most` in 200 ms, half of them for messages of high priority alone. What is above
 * that is dropped, the newest first, so that a room that boils stays readable. Each node counts what it sends and what
 * it hears of the others' sends, which is late by as long as those take to come.
 */
export class MessageRate {
  readonly #most: number;
  readonly #now: () => number;
  readonly #windows = new Map<number, Window>();
  #isOwn = false;

  constructor(most: number, now: () => number = () => performance.now()) {
    this.#most = most;
    this.#now = now;
  }

  /** Chatrooms that are remembered now. */
  get size(): number {
    return this.#windows.size;
  }

  /** Null: it has a place. Else the milliseconds until there may be one again. */
  admit(conversationId: number, isHigh = true): number | null {
    const open = this.#open(conversationId);
    const half = Math.ceil(this.#most / 2);
    const shared = Math.max(0, open.high - half) + open.low;
    const hasPlace = isHigh
      ? open.high + open.low < this.#most && (open.high < half || shared < this.#most - half)
      : shared < this.#most - half;
    if (!hasPlace) return Math.ceil(open.startedAt + window - this.#now());
    if (isHigh) open.high++;
    else open.low++;
    return null;
  }

  /** Runs what publishes a message that was counted when it was admitted: hearing it counts nothing. */
  whilePublishing(publish: () => void): void {
    this.#isOwn = true;
    try {
      publish();
    } finally {
      this.#isOwn = false;
    }
  }

  /** A message of the chatroom came by. */
  heard(conversationId: number): void {
    if (!this.#isOwn) this.#open(conversationId).high++;
  }

  #open(conversationId: number): Window {
    const now = this.#now();
    const known = this.#windows.get(conversationId);
    if (known && now < known.startedAt + window) return known;
    this.#windows.delete(conversationId);
    if (this.#windows.size >= mostRemembered) this.#forget(now);
    const fresh = { startedAt: now, high: 0, low: 0 };
    this.#windows.set(conversationId, fresh);
    return fresh;
  }

  /** The map is in the order of the windows' beginnings. */
  #forget(now: number): void {
    for (const [id, { startedAt }] of this.#windows) {
      if (now < startedAt + window && this.#windows.size < 2 * mostRemembered) break;
      this.#windows.delete(id);
    }
  }
}
