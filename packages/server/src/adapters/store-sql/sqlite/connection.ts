import { chmodSync, closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

export interface ConnectionOptions {
  file: string;
  /** How long a statement waits for another process's lock. */
  busyTimeoutMs: number;
  /** Refuse to grow beyond this; undefined is no limit but the disk. */
  maxBytes?: number | undefined;
}

const PAGE_SIZE = 4096;
const CACHE_KIB = 64 * 1024;

/**
 * Creates the file for its owner only; SQLite gives the same mode to the write-ahead log. A file that is there is not
 * opened: closing it again would drop the locks that other connections of this process have on it.
 */
const createFile = (file: string): void => {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
};

/** Changing the journal mode does not wait for locks by itself, and only the first process has to change it. */
const enterWal = (database: DatabaseSync, timeoutMs: number): void => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      const row = database.prepare("PRAGMA journal_mode=WAL").get();
      if (row?.journal_mode === "wal") return;
      throw new Error("This file system cannot hold a write-ahead log (a network folder?).");
    } catch (error) {
      const isBusy = error instanceof Error && "errcode" in error && error.errcode === 5;
      if (!isBusy || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
};

/** The connection that writes: creates the file if need be. */
export const openWriting = ({ file, busyTimeoutMs, maxBytes }: ConnectionOptions): DatabaseSync => {
  createFile(file);
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA busy_timeout=${busyTimeoutMs}; PRAGMA page_size=${PAGE_SIZE}`);
  enterWal(database, busyTimeoutMs);
  // Only now is it known to be a database, and not some other file that was named by mistake.
  chmodSync(file, 0o600);
  database.exec(`
    PRAGMA synchronous=FULL;
    PRAGMA foreign_keys=ON;
    PRAGMA cache_size=-${CACHE_KIB};
    PRAGMA temp_store=MEMORY;
  `);
  if (maxBytes !== undefined) database.exec(`PRAGMA max_page_count=${Math.floor(maxBytes / PAGE_SIZE)}`);
  return database;
};

/** The connection that reads, and moves the write-ahead log into the file (which `query_only` allows). */
export const openReading = ({ file, busyTimeoutMs }: ConnectionOptions): DatabaseSync => {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA busy_timeout=${busyTimeoutMs};
    PRAGMA synchronous=FULL;
    PRAGMA cache_size=-${CACHE_KIB};
    PRAGMA temp_store=MEMORY;
    PRAGMA query_only=ON;
  `);
  return database;
};
