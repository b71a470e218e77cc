import { ParlanceError } from "../../../errors.ts";

/** At most `count` pieces of work at once; at most `maxWaiting` wait for their turn, and one more is `unavailable`. */
export class Slots {
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #onIdle: (() => void) | undefined;
  #underWay = 0;

  constructor(count: number, maxWaiting: number) {
    this.#free = count;
    this.#maxWaiting = maxWaiting;
  }

  /** Work whose turn comes after `deadline` (of `performance.now()`) is `unavailable` and not begun. */
  async run<Result>(work: () => Promise<Result>, deadline: number): Promise<Result> {
    this.#underWay++;
    try {
      await this.#take();
      try {
        if (performance.now() > deadline) throw new ParlanceError("unavailable");
        return await work();
      } finally {
        this.#give();
      }
    } finally {
      if (--this.#underWay === 0) this.#onIdle?.();
    }
  }

  /** Resolves when nothing is under way or waiting. To be called when nothing more comes. */
  async drain(): Promise<void> {
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  async #take(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    if (this.#waiting.length >= this.#maxWaiting) throw new ParlanceError("unavailable");
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
