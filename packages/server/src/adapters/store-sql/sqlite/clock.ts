import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Micros } from "../../../ports/store.ts";

/**
 * Ticks: microseconds since the epoch that rise and are never given twice, whatever the wall clock does. The last one
 * given is kept in the database with the writes that used it, and read again when another process has written.
 */
export class Clock {
  readonly #now: () => number;
  readonly #dataVersion: StatementSync;
  readonly #load: StatementSync;
  readonly #save: StatementSync;
  #seenVersion: unknown;
  #saved: Micros = 0;
  #last: Micros = 0;

  constructor(database: DatabaseSync, now: () => number = Date.now) {
    this.#now = now;
    this.#dataVersion = database.prepare("PRAGMA data_version");
    this.#load = database.prepare("SELECT value FROM meta WHERE name = 'clock'");
    this.#save = database.prepare("UPDATE meta SET value = ? WHERE name = 'clock'");
  }

  /** At the beginning of a transaction. SQLite changes `data_version` only for commits of other connections. */
  begin(): void {
    const version = this.#dataVersion.get()?.data_version;
    if (version === this.#seenVersion) return;
    this.#seenVersion = version;
    this.#last = Math.max(this.#last, Number(this.#load.get()?.value));
  }

  next(above: Micros = 0): Micros {
    this.#last = Math.max(this.#now() * 1000, this.#last + 1, above + 1);
    return this.#last;
  }

  /** At the end of a transaction. */
  save(): void {
    if (this.#last === this.#saved) return;
    this.#save.run(this.#last);
    this.#saved = this.#last;
  }

  /** After a rollback: what was saved may be gone. */
  forget(): void {
    this.#saved = 0;
    this.#seenVersion = undefined;
  }
}
