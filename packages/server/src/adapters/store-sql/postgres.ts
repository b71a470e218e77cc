/** The store for many nodes: PostgreSQL 15 or newer. */

import { ParlanceError } from "../../errors.ts";
import type { NewMessage, Store, StoreStats } from "../../ports/store.ts";
import { makeAppStores, makeDirectory, type StoreCalls } from "./handles.ts";
import { type Read, reads } from "./operations/tables.ts";
import { type Append, storeEach } from "./postgres/append.ts";
import { Connections, type ConnectionsOptions } from "./postgres/connections.ts";
import { describeFailure, kindOf, toRefusal } from "./postgres/failures.ts";
import { laneOf } from "./postgres/lanes.ts";
import { migrateDatabase } from "./postgres/migrate-database.ts";
import { startPruning } from "./postgres/prune.ts";
import { retrying } from "./postgres/retry.ts";
import { Slots } from "./postgres/slots.ts";
import { requireStorable, requireStorableMessage } from "./postgres/storable.ts";
import { runWrite } from "./postgres/transaction.ts";
import { WriteQueue } from "./postgres/write-queue.ts";

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`, with the parameters that the driver knows, e.g. `?sslmode=require`. */
  url: string;
  /** Most connections at once, at least 2; some are for appends alone, so that slow reads never delay a message. */
  connections: number;
  stats?: StoreStats;
  /** For the log: the database refused writes, or a connection was lost. Never called in a call's own stack. */
  onFailure?(error: Error): void;
  /** PostgreSQL ends a statement that takes longer. Default 5000. */
  statementTimeoutMs?: number;
  /** How long a call is tried again while connections are lost, before it is `unavailable`. Default 5000. */
  patienceMs?: number;
  /** Writes, and reads, that may wait at once; one more is refused as `unavailable`. Default 50,000. */
  maxQueue?: number;
}

const DEFAULT_TIMEOUT_MS = 5000;
const DEFAULT_PATIENCE_MS = 5000;
const DEFAULT_QUEUE = 50_000;
const CONNECT_TIMEOUT_MS = 3000;
/** Another node may be at it for as long. */
const MIGRATION_TIMEOUT_MS = 600_000;

/**
 * Measured on two cores with 10 conversations, thousands of appends a second: one batch in flight 52, two 84, three 87,
 * four 85.
 */
const batchesOf = (connections: number): number => Math.max(1, Math.min(4, Math.floor(connections / 3)));

/**
 * For the append statement, whose joins all look up single rows by key: the plan never depends on statistics of tables
 * that were still empty when it was made.
 */
const appendSession = [
  "plan_cache_mode=force_generic_plan",
  "enable_seqscan=off",
  "enable_hashjoin=off",
  "enable_mergejoin=off",
];

const placeOf = (url: string): string => {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || 5432}${pathname}`;
};

const WRITE_WEIGHT = 100;

/** Roughly the characters of a write; an id in a list counts as 40. */
const weighTexts = (args: readonly unknown[]): number => {
  let weight = 0;
  for (const value of args)
    if (typeof value === "string") weight += value.length;
    else if (Array.isArray(value)) weight += 40 * value.length;
    else if (typeof value === "object" && value !== null) weight += weighTexts(Object.values(value));
  return weight;
};

/** Roughly the characters of a message. */
const weigh = ({ content, type, senderId, clientId, mentions, quote, toUserIds }: NewMessage): number => {
  const said = content.length + type.length + (senderId?.length ?? 0) + (clientId?.length ?? 0);
  if (mentions == null && quote == null && toUserIds == null) return WRITE_WEIGHT + said;
  return WRITE_WEIGHT + said + weighTexts([mentions?.userIds, quote, toUserIds]);
};

/** Rejects with a plain sentence when the database cannot be used. */
export const openPostgresStore = async (options: PostgresStoreOptions): Promise<Store> => {
  const { url, stats } = options;
  const patienceMs = options.patienceMs ?? DEFAULT_PATIENCE_MS;
  const maxQueue = options.maxQueue ?? DEFAULT_QUEUE;
  const maxBatches = batchesOf(options.connections);
  const maxOthers = Math.max(1, options.connections - maxBatches);
  let closing: Promise<void> | undefined;
  const report = (error: unknown, writes?: number): void => {
    // An idle connection that ends after us is nobody's loss.
    if (closing !== undefined && writes === undefined) return;
    const what = writes === undefined ? "lost a connection" : `refused ${writes} writes`;
    options.onFailure?.(new Error(`The database ${what}: ${describeFailure(error)}.`));
  };
  const settings: ConnectionsOptions = {
    url,
    max: maxOthers,
    statementTimeoutMs: options.statementTimeoutMs ?? DEFAULT_TIMEOUT_MS,
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    onFailure: (error) => report(error),
  };
  const within = () => performance.now() + patienceMs;

  const first = new Connections({ ...settings, max: 1, statementTimeoutMs: MIGRATION_TIMEOUT_MS });
  try {
    await retrying(within(), () => migrateDatabase(first));
  } catch (error) {
    throw new Error(`Cannot open the database ${placeOf(url)}: ${describeFailure(error)}`);
  } finally {
    await first.close();
  }

  const forAppends = new Connections({ ...settings, max: maxBatches, session: appendSession });
  const connections = new Connections(settings);
  const slots = new Slots(maxOthers, 2 * maxQueue);
  const queue = new WriteQueue({
    maxBatches,
    maxQueue,
    patienceMs,
    async storeBatch(appends, deadline) {
      const begun = performance.now();
      const outcomes = await storeEach(forAppends, appends, deadline);
      stats?.onCommit?.(appends.length, (performance.now() - begun) / 1000);
      return outcomes;
    },
    onFailure: report,
  });
  const stopPruning = startPruning(connections, report);

  const read = async (name: string, ...args: unknown[]): Promise<unknown> => {
    if (closing !== undefined) throw new ParlanceError("unavailable");
    requireStorable(name, args);
    const operation = (reads as unknown as Record<string, Read>)[name] as Read;
    try {
      return await slots.run(() =>
        retrying(within(), () => connections.use(({ db }) => operation(db, ...args))),
      );
    } catch (error) {
      if (kindOf(error) === "connection" || kindOf(error) === "database") report(error);
      throw toRefusal(error);
    }
  };
  const write = async (name: string, ...args: unknown[]): Promise<unknown> => {
    const lane = laneOf(name, args);
    if (name === "append") {
      const [appId, message] = args as [number, NewMessage];
      requireStorableMessage(message);
      const append: Append = { appId, message };
      return queue.add(lane, append, weigh(message));
    }
    requireStorable(name, args);
    const run = async (deadline: number) => {
      const begun = performance.now();
      const result = await runWrite(connections, name, args, deadline);
      stats?.onCommit?.(1, (performance.now() - begun) / 1000);
      return result;
    };
    return queue.add(lane, (deadline) => slots.run(() => run(deadline)), WRITE_WEIGHT + weighTexts(args));
  };
  const calls = { read, write } as unknown as StoreCalls;

  return {
    apps: makeDirectory(calls),
    forApp: makeAppStores(calls),
    async check() {
      await Promise.all([calls.read("readRevision"), calls.write("touch")]);
    },
    async backup() {
      if (closing !== undefined) throw new ParlanceError("unavailable");
      throw new Error(
        `The data are in PostgreSQL, which brings its own tool: \`pg_dump --format=custom --file=FILE\` with the address ${placeOf(url)}.`,
      );
    },
    close() {
      closing ??= (async () => {
        queue.refuse();
        await Promise.all([queue.drain(), slots.drain(), stopPruning()]);
        await Promise.all([connections.close(), forAppends.close()]);
      })();
      return closing;
    },
  };
};
