/** Names in one reading. */
const most = 500;

/**
 * Asks the store about many together: while a reading is under way those who come gather for the next. A reading always
 * begins after the call, so what was stored before the call is in its answer. Throws what the reading throws.
 */
export class Gathered<Name, Answer> {
  readonly #read: (names: Name[]) => Promise<(name: Name) => Answer>;
  #waiting = new Map<Name, PromiseWithResolvers<Answer>>();
  #isReading = false;

  /** `read` returns what the answer for each of the names is. */
  constructor(read: (names: Name[]) => Promise<(name: Name) => Answer>) {
    this.#read = read;
  }

  ask(name: Name): Promise<Answer> {
    let asked = this.#waiting.get(name);
    if (!asked) {
      asked = Promise.withResolvers();
      this.#waiting.set(name, asked);
      // Those of one turn go together.
      if (!this.#isReading) queueMicrotask(() => this.#readAll());
    }
    return asked.promise;
  }

  async #readAll(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#waiting.size > 0) {
      const some: [Name, PromiseWithResolvers<Answer>][] = [];
      for (const asked of this.#waiting) {
        if (some.length === most) break;
        this.#waiting.delete(asked[0]);
        some.push(asked);
      }
      try {
        const answerFor = await this.#read(some.map(([name]) => name));
        for (const [name, { resolve }] of some) resolve(answerFor(name));
      } catch (error) {
        for (const [, { reject }] of some) reject(error);
      }
    }
    this.#isReading = false;
  }
}
