/**
 * Copies the database while it is in use, in a thread that lives as long as the copy takes. `VACUUM INTO` reads one
 * snapshot; SQLite's page-by-page backup would start over at every commit of another connection and, on a busy server,
 * never end. Until it is done the write-ahead log cannot start again and grows.
 */

import { closeSync, fsyncSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { openReading } from "./connection.ts";
import { describeFailure } from "./failures.ts";

const { file, target, busyTimeoutMs } = workerData as { file: string; target: string; busyTimeoutMs: number };

/** Returns what went wrong, or null. */
const copy = (): string | null => {
  let descriptor: number;
  try {
    // Created here, so that nobody else's file is ever written to and nobody else can read the copy.
    descriptor = openSync(target, "wx", 0o600);
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    return isThere ? `${target} exists already; name a file that does not exist` : describeFailure(error);
  }
  try {
    const database = openReading({ file, busyTimeoutMs });
    // SQLite counts the copy as a change, though the database itself is only read.
    database.exec("PRAGMA query_only=OFF");
    database.prepare("VACUUM INTO ?").run(target);
    database.close();
    fsyncSync(descriptor);
    // The copy's name is on disk only when its folder is.
    const folder = openSync(dirname(target), "r");
    fsyncSync(folder);
    closeSync(folder);
    return null;
  } catch (error) {
    rmSync(target, { force: true });
    return describeFailure(error);
  } finally {
    closeSync(descriptor);
  }
};

parentPort?.postMessage(copy());
