/**
 * Checkpoints copy the write-ahead log into the database file. Left to SQLite's default they come every 1000 pages, in
 * the middle of somebody's commit, and are the p99. So the reading thread copies in the background, and because the log
 * can start again from its beginning only at a moment when all of it is copied, the writer copies the small rest itself
 * once the log is long.
 *
 * The bounds trade the length of the log (128 MiB, which a restart has to read) for pages that are copied again and
 * again: with 1000 and 16,000 pages 1000 rooms of 2 took 24,000 durable sends a second on two cores, with these 28,000,
 * with twice as many no more. SQLite's default could not keep up with half of that.
 */

import type { DatabaseSync } from "node:sqlite";

/** The log is copied in the background when this many pages of 4 KiB are new in it. */
export const READER_CHECKPOINT_PAGES = 8000;
/** The writer finishes the copy after a commit when the log is this long. Bounds the log under constant load. */
export const WRITER_CHECKPOINT_PAGES = 32_000;

/** The name of the operation in the reading thread. */
export const CHECKPOINT = "checkpoint";

/** Copies what can be copied without disturbing anyone; returns how many pages of the log are copied. */
export const takeCheckpoint = (database: DatabaseSync): number =>
  Number(database.prepare("PRAGMA wal_checkpoint(PASSIVE)").get()?.checkpointed);

/** On the main thread: decides when to checkpoint, from what the writer says of the log; one at a time. */
export class CheckpointSchedule {
  readonly #checkpoint: () => Promise<unknown>;
  #copiedPages = 0;
  #isRunning = false;

  constructor(checkpoint: () => Promise<unknown>) {
    this.#checkpoint = checkpoint;
  }

  onCommit(walPages: number): void {
    // Shorter than what was copied: the log has begun again.
    if (walPages < this.#copiedPages) this.#copiedPages = 0;
    if (this.#isRunning || walPages - this.#copiedPages < READER_CHECKPOINT_PAGES) return;
    this.#isRunning = true;
    this.#checkpoint()
      .then((copied) => {
        this.#copiedPages = Number(copied);
      })
      // A checkpoint that failed costs nothing but a longer log; the next commit asks again.
      .catch(() => {})
      .finally(() => {
        this.#isRunning = false;
      });
  }
}
