import type { Micros } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";

/** What a writing operation works with: an open transaction, and the database's source of ids and times. */
export interface WriteScope {
  db: Db;
  /** Microseconds since the epoch, above every tick given before, also when the wall clock steps back. */
  nextTick(): Micros;
}
