import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config.ts";
import type { Store, StoreStats } from "../ports/store.ts";
import { openPostgresStore } from "./store-sql/postgres.ts";
import { openSqliteStore } from "./store-sql/sqlite.ts";

/** Where the embedded database lies. */
export const databaseFile = (config: Pick<Config, "dataDir">): string =>
  join(config.dataDir, "parlance.sqlite");

/** The store can't be opened; its message says why and what to do. */
export class StoreNotOpened extends Error {}

/** Which of the settings it takes; without `store` it is the embedded one. */
export type StoreSettings = Pick<Config, "dataDir"> &
  Partial<Pick<Config, "store" | "storeConnections" | "storeSeconds">>;

const EMBEDDED = "sqlite";
const DEFAULT_CONNECTIONS = 10;
const DEFAULT_SECONDS = 5;

/** True when the data are in the data folder, and not with a server that other nodes use, too. */
export const isEmbedded = ({ store = EMBEDDED }: Partial<Pick<Config, "store">>): boolean =>
  store === EMBEDDED;

const explain = (error: unknown, { dataDir, store }: StoreSettings): StoreNotOpened => {
  const reason = error instanceof Error ? error.message : String(error);
  const setting =
    store === undefined || store === EMBEDDED
      ? `PARLANCE_DATA names the data folder; it is ${dataDir}.`
      : "PARLANCE_STORE names the database.";
  return new StoreNotOpened(`${reason.replace(/\.?$/, ".")} ${setting}`);
};

/**
 * Opens the store that the settings name, for the server and for the command line beside it. The embedded one makes the
 * data folder, readable for its owner alone, and the database where they are missing; PostgreSQL's database must be
 * there, and gets its tables. `onFailure` hears of trouble that belongs to no call, for the log.
 * Throws `StoreNotOpened`.
 */
export const openStore = async (
  config: StoreSettings,
  stats?: StoreStats,
  onFailure?: (error: Error) => void,
): Promise<Store> => {
  const hooks = { ...(stats ? { stats } : {}), ...(onFailure ? { onFailure } : {}) };
  const { dataDir, store = EMBEDDED, storeConnections = DEFAULT_CONNECTIONS } = config;
  const patienceMs = 1000 * (config.storeSeconds ?? DEFAULT_SECONDS);
  try {
    if (store !== EMBEDDED)
      return await openPostgresStore({
        url: store,
        connections: storeConnections,
        patienceMs,
        doubtMs: 2 * patienceMs,
        ...hooks,
      });
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return await openSqliteStore({ file: databaseFile(config), ...hooks });
  } catch (error) {
    throw explain(error, config);
  }
};
