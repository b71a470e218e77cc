/** Trouble for the log, each kind once per window: the first time at once, the rest as one sum. */
export class Reports {
  readonly #onFailure: (error: Error) => void;
  /** Times since the kind was last reported, and the sentence that says them. */
  readonly #open = new Map<string, { times: number; sentence: (times: number) => string }>();

  constructor(onFailure: (error: Error) => void) {
    this.#onFailure = onFailure;
  }

  add(kind: string, sentence: (times: number) => string, times = 1): void {
    const open = this.#open.get(kind);
    if (open) {
      open.times += times;
      open.sentence = sentence;
      return;
    }
    this.#open.set(kind, { times: 0, sentence });
    this.#onFailure(new Error(sentence(times)));
  }

  nextWindow(): void {
    for (const [kind, { times, sentence }] of this.#open) {
      if (times === 0) this.#open.delete(kind);
      else {
        this.#open.set(kind, { times: 0, sentence });
        this.#onFailure(new Error(sentence(times)));
      }
    }
  }
}
