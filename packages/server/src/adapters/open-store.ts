import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import type { Store, StoreStats } from "../ports/store.ts";
import { openSqliteStore } from "./store-sql/sqlite.ts";

/** Where the embedded database lies. */
export const databaseFile = (config: Pick<Config, "dataDir">): string =>
  join(config.dataDir, "parlance.sqlite");

/** The store can't be opened; its message says why and what to do. */
export class StoreNotOpened extends Error {}

const explain = (error: unknown, dataDir: string): StoreNotOpened => {
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreNotOpened(
    `${reason.replace(/\.?$/, ".")} PARLANCE_DATA names the data folder; it is ${dataDir}.`,
  );
};

/**
 * Opens the store that the settings name, for the server and for the command line beside it. Makes the data folder,
 * readable for its owner alone, and the database where they are missing. `onFailure` hears of trouble that belongs to
 * no call, for the log.
 * Throws `StoreNotOpened`.
 */
export const openStore = async (
  config: Pick<Config, "dataDir">,
  stats?: StoreStats,
  onFailure?: (error: Error) => void,
): Promise<Store> => {
  try {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    return await openSqliteStore({
      file: databaseFile(config),
      ...(stats ? { stats } : {}),
      ...(onFailure ? { onFailure } : {}),
    });
  } catch (error) {
    throw explain(error, config.dataDir);
  }
};
