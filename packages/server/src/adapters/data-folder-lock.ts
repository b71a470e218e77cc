import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StartRefused } from "../errors.ts";

/**
 * Keeps a second server out of a data folder: two would store side by side without hearing each other's messages.
 * The lock is SQLite's on a file of its own, so it goes with the process, however that ends. Returns how to let go.
 * Throws `StartRefused` when another server holds it.
 */
export function lockDataFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(dataDir, "server.lock"));
  try {
    lock.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch {
    lock.close();
    throw new StartRefused(
      `Another Parlance runs on the data in ${dataDir}; PARLANCE_DATA chooses another folder.`,
    );
  }
  return () => lock.close();
}
