/** `parlance migrate`: from one node to many. Copies the embedded database to PostgreSQL, beside the running server. */

import { existsSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { lockDataFolder } from "../adapters/data-folder-lock.ts";
import { databaseFile } from "../adapters/open-store.ts";
import {
  type CopyResult,
  copyInstallation,
  countInstallation,
} from "../adapters/store-sql/copy/copy-installation.ts";
import { storeAddress } from "../config/store-address.ts";
import { loadConfig } from "../config.ts";
import { CommandFailed, UsageError } from "./exit-codes.ts";
import { watchLifeline } from "./lifeline.ts";
import { columns, print, tell } from "./print.ts";

interface MigrateOptions {
  from?: string;
  to?: string;
  dryRun?: true;
  compareAll?: true;
}

const fromAddress = (value: string): string => {
  const path = /^sqlite:(?:\/\/)?(.+)$/.exec(value)?.[1];
  if (path === undefined) throw new InvalidArgumentError("It must be sqlite:FOLDER or sqlite:FILE.");
  return path;
};

/** Checked here, because what the command line's parser refuses it repeats, and this may hold a password. */
const requirePostgres = (value: string): string => {
  try {
    const address = storeAddress({ env: ["PARLANCE_STORE"], sentence: "" }).parse(value);
    if (address === value && value !== "sqlite") return address;
  } catch {
    // Said below.
  }
  throw new UsageError("--to: It must be postgres://user:password@host:port/database.");
};

/** Nothing is made here: a mistyped name must not become an empty installation. */
const findFile = (path: string): string => {
  if (!existsSync(path)) throw new CommandFailed(`There is no ${resolve(path)}.`);
  const file = statSync(path).isDirectory() ? databaseFile({ dataDir: path }) : path;
  if (!existsSync(file)) throw new CommandFailed(`There is no database at ${resolve(file)}.`);
  return resolve(file);
};

/** Keeps a server from starting on the source meanwhile; null when one runs. A copy by another name has no server. */
const holdStill = (file: string): (() => void) | null => {
  const folder = dirname(file);
  if (basename(file) !== basename(databaseFile({ dataDir: folder }))) return () => {};
  try {
    return lockDataFolder(folder);
  } catch {
    return null;
  }
};

const PROGRESS_MS = 2000;

/** Says what is being done, now and then. */
const occasionally = () => {
  let next = performance.now() + PROGRESS_MS;
  return (text: string) => {
    if (performance.now() < next) return;
    next = performance.now() + PROGRESS_MS;
    tell(text);
  };
};

const grouped = (number: number): string => number.toLocaleString("en-US");

const listed = (counts: Record<string, number>): string => {
  const parts = Object.entries(counts).map(([name, count]) => `${grouped(count)} ${name.replace("_", " ")}`);
  return parts.length === 0 ? "nothing" : parts.join(", ");
};

const printCopied = ({ apps, copied, removed, copySeconds, replacedTexts }: CopyResult): void => {
  const rate = (copied.messages ?? 0) / copySeconds;
  const pace = rate >= 1 ? `, ${grouped(Math.round(rate))} messages a second` : "";
  print(`Copied ${listed(copied)} of ${apps} apps in ${copySeconds.toFixed(1)} s${pace}.`);
  if (Object.keys(removed).length > 0) print(`Removed what is gone at the source: ${listed(removed)}.`);
  if (replacedTexts > 0)
    print("Some texts had the character NUL, which PostgreSQL cannot hold; it became U+FFFD.");
};

const copy = async (file: string, url: string, options: MigrateOptions): Promise<void> => {
  const letGo = holdStill(file);
  const isAtRest = letGo !== null;
  if (!isAtRest) tell("A server runs on the source. Most is copied now, the rest when it is stopped.");
  try {
    const result = await copyInstallation({
      file,
      url,
      isAtRest,
      compareAll: options.compareAll === true,
      onProgress: occasionally(),
    });
    printCopied(result);
    const { differences, conversations, messages, verifySeconds } = result;
    if (differences.length > 0)
      throw new CommandFailed(
        `${differences.join("\n")}\nThe copy differs from the source, so start no node on it. Run again; if this stays, make the target database anew.`,
      );
    const duration = `in ${verifySeconds.toFixed(1)} s`;
    if (isAtRest) {
      print(`verified: ${grouped(conversations)} conversations, ${grouped(messages)} messages (${duration})`);
      print("Nodes may start now, with PARLANCE_STORE and PARLANCE_BUS set.");
    } else {
      print(`Compared the messages that were there at the start, ${duration}: no difference.`);
      print("Now stop the server and run this again: it copies what came since, and verifies everything.");
    }
  } finally {
    letGo?.();
  }
};

const printCounts = async (file: string, url: string): Promise<void> => {
  const counts = Object.entries(await countInstallation({ file, url }));
  const rows = counts.map(([name, { source, target }]) => [name, String(source), String(target)]);
  print(columns([["ROWS", "SOURCE", "TARGET"], ...rows]));
};

const migrate = async (options: MigrateOptions): Promise<void> => {
  watchLifeline();
  const config = loadConfig();
  const url = options.to === undefined ? config.store : requirePostgres(options.to);
  if (url === "sqlite")
    throw new UsageError("Where to? --to or PARLANCE_STORE names the PostgreSQL database.");
  const file = findFile(options.from ?? config.dataDir);
  try {
    await (options.dryRun ? printCounts(file, url) : copy(file, url, options));
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) throw new CommandFailed(error.message);
    throw error;
  }
};

export const addMigrateCommand = (program: Command): void => {
  program
    .command("migrate")
    .description(
      "copy the embedded database to PostgreSQL: beside the running server, then once it is stopped",
    )
    .option("--from <sqlite:PATH>", "data folder or database file; the data folder if absent", fromAddress)
    .option("--to <postgres://…>", "a database of its own; PARLANCE_STORE if absent")
    .option("--dry-run", "only count what there is on both sides")
    .option("--compare-all", "compare messages again that an earlier run has compared")
    .action(migrate);
};
