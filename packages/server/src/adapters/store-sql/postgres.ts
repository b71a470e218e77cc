/** The store for many nodes: PostgreSQL 15 or newer. */

import { ParlanceError } from "../../errors.ts";
import type { NewMessage, Store, StoreStats } from "../../ports/store.ts";
import { makeAppStores, makeDirectory, makeNodes, makePushes, type StoreCalls } from "./handles.ts";
import { type Read, reads } from "./operations/tables.ts";
import type { Patience } from "./postgres/batch.ts";
import { Connections, type ConnectionsOptions } from "./postgres/connections.ts";
import { describeFailure, kindOf, toRefusal } from "./postgres/failures.ts";
import { type GroupedCalls, type GroupName, groups } from "./postgres/groups.ts";
import { laneOf } from "./postgres/lanes.ts";
import { migrateDatabase } from "./postgres/migrate-database.ts";
import { retrying } from "./postgres/retry.ts";
import { Slots } from "./postgres/slots.ts";
import { requireStorable, requireStorableMark, requireStorableMessage } from "./postgres/storable.ts";
import { certainWrites, runWrite } from "./postgres/transaction.ts";
import { startUpkeep } from "./postgres/upkeep.ts";
import { WriteQueue } from "./postgres/write-queue.ts";

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`, with the parameters that the driver knows, e.g. `?sslmode=require`. */
  url: string;
  /** Most connections at once, at least 2; some are for grouped writes alone, so that slow reads never delay a message. */
  connections: number;
  stats?: StoreStats;
  /** For the log: the database refused writes, or a connection was lost. Never called in a call's own stack. */
  onFailure?(error: Error): void;
  /** PostgreSQL ends a statement that takes longer. Default 5000. */
  statementTimeoutMs?: number;
  /** How long a call is tried again while connections are lost, before it is `unavailable`. Default 5000. */
  patienceMs?: number;
  /** How much longer a call may wait to hear whether it was stored, before it is `OutcomeUnknown`. Default 10,000. */
  doubtMs?: number;
  /** Writes, and reads, that may wait at once; one more is refused as `unavailable`. Default 50,000. */
  maxQueue?: number;
}

const DEFAULT_TIMEOUT_MS = 5000;
const DEFAULT_PATIENCE_MS = 5000;
const DEFAULT_DOUBT_MS = 10_000;
const DEFAULT_QUEUE = 50_000;
const CONNECT_TIMEOUT_MS = 3000;
/** Another node may be at it for as long. */
const MIGRATION_TIMEOUT_MS = 600_000;

/**
 * Measured on two cores with 10 conversations, thousands of appends a second: one batch in flight 52, two 84, three 87,
 * four 85.
 */
const batchesOf = (connections: number): number => Math.max(1, Math.min(4, Math.floor(connections / 3)));

/** Whatever is looked for has an index; a small table that is read whole is soon a large one. */
export const everySession = ["enable_seqscan=off"];

/**
 * For the grouped writes, whose joins all look up single rows by key: the plan never depends on statistics of tables
 * that were still empty when it was made.
 */
export const groupSession = [
  ...everySession,
  "plan_cache_mode=force_generic_plan",
  "enable_hashjoin=off",
  "enable_mergejoin=off",
];

/**
 * These take the appends' connections and wait for no slot: however many readings queue up when a crowd comes back, they
 * must not make a node that lives look dead.
 */
const urgent: ReadonlySet<string> = new Set(["takeLease", "renewLease", "endLease", "listLiveLeases"]);

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
const weigh = (message: NewMessage): number => {
  const { content, type, senderId, clientId, mentions, quote, toUserIds, keys, push } = message;
  const wished = push?.wish?.length ?? 0;
  const said = content.length + type.length + (senderId?.length ?? 0) + (clientId?.length ?? 0) + wished;
  if (mentions == null && quote == null && toUserIds == null && keys === undefined)
    return WRITE_WEIGHT + said;
  return WRITE_WEIGHT + said + weighTexts([mentions?.userIds, quote, toUserIds, keys]);
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

  const forGroups = new Connections({ ...settings, max: maxBatches, session: groupSession });
  const connections = new Connections({ ...settings, session: everySession });
  const slots = new Slots(maxOthers, 2 * maxQueue);
  const queue = new WriteQueue({
    maxBatches,
    maxQueue,
    patienceMs,
    doubtMs: options.doubtMs ?? DEFAULT_DOUBT_MS,
    async storeBatch(name, calls, patience) {
      const begun = performance.now();
      const outcomes = await groups[name].store(forGroups, calls as never[], patience);
      stats?.onCommit?.(calls.length, (performance.now() - begun) / 1000);
      return outcomes;
    },
    onFailure: report,
    onDoubt: (writes) =>
      options.onFailure?.(
        new Error(`The database does not say whether it stored ${writes} writes; it is asked until it does.`),
      ),
  });
  const stopUpkeep = startUpkeep(connections, report);

  const read = async (name: string, ...args: unknown[]): Promise<unknown> => {
    if (closing !== undefined) throw new ParlanceError("unavailable");
    requireStorable(name, args);
    const operation = (reads as unknown as Record<string, Read>)[name] as Read;
    try {
      const deadline = within();
      const call = (pool: Connections) =>
        retrying(deadline, () => pool.use(({ db }) => operation(db, ...args)));
      return await (urgent.has(name) ? call(forGroups) : slots.run(() => call(connections), deadline));
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
      return queue.group(lane, name, { appId, message }, weigh(message));
    }
    requireStorable(name, args);
    const weight = WRITE_WEIGHT + weighTexts(args);
    if (name === "moveReadMark") requireStorableMark(args);
    if (Object.hasOwn(groups, name))
      return queue.group(lane, name as GroupName, args as GroupedCalls["moveReadMark"], weight);
    const run = async (patience: Patience, pool = connections) => {
      const begun = performance.now();
      const result = await runWrite(pool, name, args, patience);
      stats?.onCommit?.(1, (performance.now() - begun) / 1000);
      return result;
    };
    const work = (patience: Patience) =>
      urgent.has(name) ? run(patience, forGroups) : slots.run(() => run(patience), patience.deadline);
    return queue.run(lane, work, weight, certainWrites.has(name));
  };
  const calls = { read, write } as unknown as StoreCalls;

  return {
    apps: makeDirectory(calls),
    nodes: makeNodes(calls),
    pushes: makePushes(calls),
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
        await Promise.all([queue.drain(), slots.drain(), stopUpkeep()]);
        await Promise.all([connections.close(), forGroups.close()]);
      })();
      return closing;
    },
  };
};
