/** Does the database open, beside a running server or without one, and does the clock agree with what is in it? */

import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { databaseFile, isEmbedded, openStore } from "../../adapters/open-store.ts";
import type { Config } from "../../config.ts";
import { type Finding, fail, ok } from "./check.ts";

type Place = Pick<Config, "dataDir"> & Partial<Pick<Config, "store" | "storeConnections">>;

const readVersions = (file: string): { tables: unknown; sqlite: unknown } => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const tables = database.prepare("select max(version) as version from migrations").get()?.version;
    return { tables, sqlite: database.prepare("select sqlite_version() as version").get()?.version };
  } finally {
    database.close();
  }
};

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.?$/, ".");

/** PostgreSQL: whatever may be wrong is in the sentence of whoever could not open it. */
const checkServer = async (config: Place): Promise<Finding> => {
  try {
    const store = await openStore(config);
    try {
      await store.check();
      const apps = (await store.apps.list()).length;
      return ok(`PostgreSQL answers and commits; ${apps} ${apps === 1 ? "app" : "apps"}.`);
    } finally {
      await store.close();
    }
  } catch (error) {
    return fail(reasonOf(error), "Is the server running, and are name and password right?");
  }
};

export const checkDatabase = async (config: Place): Promise<Finding> => {
  if (!isEmbedded(config)) return checkServer(config);
  const file = databaseFile(config);
  if (!existsSync(file)) return ok("There is no database yet; the first start makes it.");
  try {
    const store = await openStore(config);
    try {
      await store.check();
      const apps = (await store.apps.list()).length;
      const { tables, sqlite } = readVersions(file);
      const megabytes = (statSync(file).size / 1e6).toFixed(1);
      return ok(
        `${megabytes} MB, ${apps} ${apps === 1 ? "app" : "apps"}; tables at version ${tables}, SQLite ${sqlite}.`,
      );
    } finally {
      await store.close();
    }
  } catch (error) {
    return fail(
      `${resolve(file)} does not open: ${reasonOf(error)}`,
      "Is the folder the right one, and was it written by a newer Parlance? Else restore a backup.",
    );
  }
};

/** Clocks of machines that share a disk may differ by moments. */
const tolerance = 5000;

/** Message times come from the clock and must rise: one that was set back would make every new message look old. */
export const checkClock = (config: Place, now = Date.now()): Finding => {
  const program = statSync(new URL(import.meta.url)).mtimeMs;
  const file = databaseFile(config);
  const written = [file, `${file}-wal`].filter(existsSync).map((path) => statSync(path).mtimeMs);
  const newest = Math.max(program, ...written);
  const time = new Date(now).toISOString();
  return newest > now + tolerance
    ? fail(
        `The clock says ${time}, but ${written.includes(newest) ? "the database was written" : "this program was installed"} later.`,
        "Set the clock and keep it set: `timedatectl set-ntp true`.",
      )
    : ok(`The clock says ${time}.`);
};
