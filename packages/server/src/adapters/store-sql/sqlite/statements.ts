import type { DatabaseSync, StatementSync } from "node:sqlite";

export interface CachedStatement {
  statement: StatementSync;
  /** Yields rows, so that it is run with `all`. */
  isReader: boolean;
}

/**
 * Prepared statements by their text, at most `limit`; the one unused for longest goes. Operations have few texts
 * (`idLists` sees to that), so in practice nothing ever goes.
 */
export class StatementCache {
  readonly #database: DatabaseSync;
  readonly #limit: number;
  readonly #byText = new Map<string, CachedStatement>();

  constructor(database: DatabaseSync, limit = 500) {
    this.#database = database;
    this.#limit = limit;
  }

  prepare(text: string): CachedStatement {
    let cached = this.#byText.get(text);
    if (cached === undefined) {
      const statement = this.#database.prepare(text);
      cached = { statement, isReader: statement.columns().length > 0 };
      if (this.#byText.size >= this.#limit) {
        for (const oldest of this.#byText.keys()) {
          this.#byText.delete(oldest);
          break;
        }
      }
    } else {
      this.#byText.delete(text);
    }
    this.#byText.set(text, cached);
    return cached;
  }
}
