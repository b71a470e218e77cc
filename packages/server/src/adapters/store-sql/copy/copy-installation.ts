/** The whole way of an installation from SQLite to PostgreSQL. May be ended anywhere and run again, any number of times. */

import { DAY, removableBefore } from "../operations/retention.ts";
import { copyMessages } from "./copy-messages.ts";
import { Source } from "./source.ts";
import { syncApps } from "./sync-apps.ts";
import { syncChanged, syncTable } from "./sync-table.ts";
import { apps, kept, messages, smallTables } from "./tables.ts";
import { COMPARED_UP_TO, Target } from "./target.ts";
import { Verification } from "./verify.ts";

export interface CopyOptions {
  /** Of the SQLite database. */
  file: string;
  /** `postgres://…` */
  url: string;
  /** Nothing writes to the source meanwhile: all of it is compared in the end. */
  isAtRest: boolean;
  /** Compare messages that an earlier run has compared, too. */
  compareAll: boolean;
  /** What is being done, in words; called often. */
  onProgress(text: string): void;
}

export interface CopyResult {
  apps: number;
  /** Rows that were written, by table. What was copied and changed since counts as `changed messages`. */
  copied: Record<string, number>;
  removed: Record<string, number>;
  conversations: number;
  messages: number;
  /** Of `messages` those whose checksums were computed now, and not by an earlier run, are later than this tick. */
  comparedAfter: number;
  /** Texts in which the character NUL, which PostgreSQL cannot hold, became U+FFFD. */
  replacedTexts: number;
  copySeconds: number;
  verifySeconds: number;
  differences: string[];
}

export type InstallationCounts = Record<string, { source: number; target: number }>;

const CLOCK_PATIENCE_MS = 10_000;

/**
 * Times and ids go on rising after the switch only if PostgreSQL's clock is past the last one that the source gave,
 * which may have run ahead. Throws a sentence when that is too far away to wait for.
 */
const awaitClock = async (clock: number, target: Target): Promise<void> => {
  const ahead = "select greatest(0, $1 - (extract(epoch from clock_timestamp()) * 1000000)::int8)";
  const milliseconds = Math.ceil((await target.number(ahead, clock)) / 1000);
  if (milliseconds > CLOCK_PATIENCE_MS)
    throw new Error(
      `PostgreSQL's clock is ${Math.ceil(milliseconds / 1000)} s behind the last time in the source. Set the clocks, ` +
        "or start no node before that time, or new sessions and rooms would look older than old ones.",
    );
  if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
};

const add = (counts: Record<string, number>, name: string, count: number): void => {
  if (count > 0) counts[name] = (counts[name] ?? 0) + count;
};

const secondsSince = (begun: number): number => (performance.now() - begun) / 1000;

/** Throws a sentence when the source or the target is not what it must be. */
export const copyInstallation = (options: CopyOptions): Promise<CopyResult> =>
  withBoth(options, (source, target) =>
    target.alone(async () => {
      await target.inspect(source.birth, source.clock);
      await target.makeTables();
      return run(source, target, options);
    }),
  );

/** How many rows there are at the source and at the target, by table, without changing anything. Throws as above. */
export const countInstallation = (options: Pick<CopyOptions, "file" | "url">): Promise<InstallationCounts> =>
  withBoth(options, async (source, target) => {
    const state = await target.inspect(source.birth, source.clock);
    const counts: InstallationCounts = {};
    for (const { name, where = "true" } of [apps, ...smallTables, messages]) {
      const live = name === "apps" ? "t.deleted_at is null" : `${where} and ${isOfLiveApp}`;
      const query = `select count(*) from ${name} t where ${live}`;
      counts[name] = {
        source: source.number(query),
        target: state === "empty" ? 0 : await target.number(query),
      };
    }
    return counts;
  });

const isOfLiveApp = "exists (select 1 from apps a where a.id = t.app_id and a.deleted_at is null)";

const withBoth = async <Result>(
  { file, url }: Pick<CopyOptions, "file" | "url">,
  work: (source: Source, target: Target) => Promise<Result>,
): Promise<Result> => {
  const source = new Source(file);
  try {
    const target = new Target(url);
    try {
      await target.reach();
      return await work(source, target);
    } finally {
      await target.close();
    }
  } finally {
    source.close();
  }
};

const run = async (
  source: Source,
  target: Target,
  { isAtRest, compareAll, onProgress }: CopyOptions,
): Promise<CopyResult> => {
  const begun = performance.now();
  const { clock } = source;
  await target.claim(source.birth);
  const copied: Record<string, number> = {};
  const removed: Record<string, number> = {};
  const ends = { source, target };
  const now = Date.now() * 1000;
  const days = apps.columns.findIndex(({ name }) => name === "retention_days");
  const names = (await syncApps(source, target)).map((row) => {
    const retention = row[days] as number | null;
    const from = retention === null ? 0 : removableBefore(retention, now);
    return { id: Number(row[0]), key: String(row[1]), from, comparedSince: from === 0 ? 0 : from + DAY };
  });
  for (const { id, key, from } of names) {
    for (const table of smallTables) {
      onProgress(`app ${key}: ${table.name}`);
      const synced = await syncTable(kept(table, from), id, ends);
      add(copied, table.name, synced.stored);
      add(removed, table.name, synced.removed);
    }
    await copyMessages(id, from, ends, (count) => {
      add(copied, "messages", count);
      onProgress(`app ${key}: ${copied.messages ?? 0} messages copied`);
    });
    add(copied, "changed messages", await syncChanged(id, from, ends));
  }
  const copySeconds = secondsSince(begun);
  // Plans without statistics would be poor, for the comparison as for the nodes.
  if (Object.keys(copied).length > 0) await target.rows("analyze");

  const verifying = performance.now();
  const verification = new Verification(source, target);
  const comparedAfter = compareAll ? 0 : await target.note(COMPARED_UP_TO);
  for (const app of names) {
    onProgress(`app ${app.key}: comparing messages`);
    await verification.logs(app, comparedAfter, clock);
    if (isAtRest) {
      onProgress(`app ${app.key}: comparing everything else`);
      await verification.rows(app);
    }
  }
  if (isAtRest) await verification.apps();
  const { differences } = verification;
  // What was compared once is not compared again in the short time when nobody can write.
  if (differences.length === 0) await target.keep(COMPARED_UP_TO, clock);
  await target.keep("clock", clock);
  if (isAtRest) await awaitClock(clock, target);
  return {
    apps: names.length,
    copied,
    removed,
    conversations: verification.conversations,
    messages: verification.messages,
    comparedAfter,
    replacedTexts: source.replacedTexts,
    copySeconds,
    verifySeconds: secondsSince(verifying),
    differences,
  };
};
