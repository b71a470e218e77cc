import type { Connections } from "./connections.ts";
import { keepMonths } from "./months.ts";
import { LONGEST_DOUBT_MS } from "./write-queue.ts";

const EVERY_MS = 60_000;
const MONTHS_EVERY_MS = 3_600_000;
/** Twice as long as anybody may ask about a commit, since the nodes' clocks need not agree. */
const KEEP_MS = 2 * LONGEST_DOUBT_MS;
/** Rows of one statement, because it shares the disk with everybody's messages. */
const PIECE = 2000;
const PIECES = 20;

const prune = `
  delete from commits where (app_id, id) in
    (select app_id, id from commits where created_at < $1 limit ${PIECE})
  returning 1`;

/** Forgets old commits, a bounded number of them. */
export const pruneCommits = async (connections: Connections, now = Date.now()): Promise<number> => {
  let pruned = 0;
  for (let piece = 0; piece < PIECES; piece++) {
    const before = (now - KEEP_MS) * 1000;
    const rows = await connections.use((connection) => connection.rows(prune, [before]));
    pruned += rows.length;
    if (rows.length < PIECE) break;
  }
  return pruned;
};

/**
 * What a node does for the database now and then: forgets old commits, and makes months of the log long before they
 * begin. Returns how to stop, which waits for what is under way.
 */
export const startUpkeep = (
  connections: Connections,
  onFailure: (error: unknown) => void,
): (() => Promise<unknown>) => {
  let running: Promise<unknown> = Promise.resolve();
  const every = (pauseMs: number, work: () => Promise<unknown>) =>
    setInterval(() => {
      running = running.then(work).catch(onFailure);
    }, pauseMs).unref();
  const timers = [
    every(EVERY_MS, () => pruneCommits(connections)),
    every(MONTHS_EVERY_MS, () => connections.use((connection) => keepMonths(connection))),
  ];
  return () => {
    for (const timer of timers) clearInterval(timer);
    return running;
  };
};
