/** Time that passes only when it is told to, so that hours of back-off take no time and every run is the same. */

interface Timer {
  at: number;
  order: number;
  run: () => void;
}

/** All that promises wait for is done, unless it waits for a timer. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class VirtualClock {
  /** Milliseconds. */
  now = 1_767_225_600_000;
  #timers = new Map<number, Timer>();
  #order = 0;

  setTimeout = (run: () => void, milliseconds: number): number => {
    const order = ++this.#order;
    this.#timers.set(order, { at: this.now + Math.max(0, milliseconds), order, run });
    return order;
  };

  clearTimeout = (timer: unknown): void => {
    this.#timers.delete(timer as number);
  };

  /** Lets that much time pass. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      await settled();
      const next = this.#next();
      if (!next || next.at > end) break;
      this.now = Math.max(this.now, next.at);
      this.#timers.delete(next.order);
      next.run();
    }
    this.now = end;
  }

  /** Lets time pass until the condition holds. Throws when it doesn't within an hour. */
  async until(condition: () => boolean, step = 10): Promise<void> {
    const end = this.now + 3_600_000;
    await settled();
    while (!condition()) {
      if (this.now > end) throw new Error("It did not happen within an hour.");
      await this.pass(step);
    }
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers.values())
      if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
    return next;
  }
}

/** Numbers from 0 to 1 by a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
