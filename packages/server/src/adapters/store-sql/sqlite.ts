/** The embedded store: SQLite in two threads, one that writes and one that reads. */

import { Worker } from "node:worker_threads";
import { ParlanceError } from "../../errors.ts";
import { OutcomeUnknown } from "../../ports/outcome-unknown.ts";
import type { Store, StoreStats } from "../../ports/store.ts";
import { makeAppStores, makeDirectory, makeNodes, makePushes, type StoreCalls } from "./handles.ts";
import { CHECKPOINT, CheckpointSchedule } from "./sqlite/checkpoints.ts";
import type { ConnectionOptions } from "./sqlite/connection.ts";
import { DatabaseThread } from "./sqlite/thread.ts";
import type { Reply } from "./sqlite/wire.ts";

export interface SqliteStoreOptions {
  /** Created when it does not exist, readable by its owner only; its folder must exist. */
  file: string;
  /** Writes, and reads, that may wait at once; one more is refused as `unavailable`. Default 50,000. */
  maxQueue?: number;
  /** How long a commit waits while another process writes. Default 5000. */
  busyTimeoutMs?: number;
  /** The file grows no further; writes that would need more are refused as `unavailable`. Default: the disk's limit. */
  maxBytes?: number;
  stats?: StoreStats;
  /** For the log: the database refused a whole batch, or a thread ended by itself. Never called in a call's own stack. */
  onFailure?(error: Error): void;
}

const DEFAULT_QUEUE = 50_000;
const DEFAULT_BUSY_TIMEOUT_MS = 5000;
/** Writes in one commit. */
const WRITE_BATCH = 500;
/** Fewer, because the answers of a batch of reads come when the last of them is done. */
const READ_BATCH = 16;

/** Rejects with a plain sentence when the file cannot be used. */
export const openSqliteStore = async (options: SqliteStoreOptions): Promise<Store> => {
  const { file, maxQueue = DEFAULT_QUEUE, busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS, maxBytes } = options;
  const data: ConnectionOptions = { file, busyTimeoutMs, maxBytes };
  const onDeath = (error: Error) => options.onFailure?.(error);

  const start = async (name: string, maxBatch: number, onReply: (reply: Reply, calls: number) => void) => {
    try {
      const url = new URL(`./sqlite/${name}.worker.ts`, import.meta.url);
      return await DatabaseThread.start({ url, data, maxQueue, maxBatch, onReply, onDeath });
    } catch (error) {
      throw new Error(`Cannot open the database ${file}: ${error instanceof Error ? error.message : error}`);
    }
  };

  const writer = await start("writer", WRITE_BATCH, ({ failure, seconds, walPages }, writes) => {
    checkpoints.onCommit(walPages);
    if (failure === undefined) options.stats?.onCommit?.(writes, seconds);
    else options.onFailure?.(new Error(failure));
  });
  const reader = await start("reader", READ_BATCH, () => {}).catch(async (error) => {
    await writer.close();
    throw error;
  });
  const checkpoints = new CheckpointSchedule(() => reader.call([CHECKPOINT]));

  const calls = {
    read: (name: string, ...args: unknown[]) => reader.call([name, ...args]).catch(asRead),
    write: (name: string, ...args: unknown[]) => writer.call([name, ...args]),
  } as unknown as StoreCalls;

  const backups = new Set<Promise<void>>();
  let closing: Promise<void> | undefined;
  return {
    apps: makeDirectory(calls),
    nodes: makeNodes(calls),
    pushes: makePushes(calls),
    forApp: makeAppStores(calls),
    async check() {
      await Promise.all([calls.read("readRevision"), calls.write("touch")]);
    },
    async backup(target) {
      if (closing !== undefined) throw new ParlanceError("unavailable");
      const running = copyDatabase({ file, target, busyTimeoutMs });
      const settled = running.catch(() => {}).finally(() => backups.delete(settled));
      backups.add(settled);
      await running;
    },
    close() {
      closing ??= (async () => {
        writer.refuse();
        reader.refuse();
        await Promise.all([reader.close(), ...backups]);
        // Last, because the last connection to close moves the whole write-ahead log into the file.
        await writer.close();
      })();
      return closing;
    },
  };
};

/** A read leaves nothing behind that one might not know of. */
const asRead = (error: unknown): never => {
  throw error instanceof OutcomeUnknown ? new ParlanceError("unavailable") : error;
};

const copyDatabase = async (data: { file: string; target: string; busyTimeoutMs: number }): Promise<void> => {
  const worker = new Worker(new URL("./sqlite/backup.worker.ts", import.meta.url), { workerData: data });
  const refusal = await new Promise<string | null>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  await worker.terminate();
  if (refusal !== null) throw new Error(`Cannot back up the database: ${refusal}.`);
};
