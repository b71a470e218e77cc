/** Every block of docs/client.md works; tests/client-package.test.ts has the compiler read them. */

import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cacheFaults } from "./cache/cache.contract.ts";
import type { Cache } from "./cache/cache.ts";
import { ParlanceError } from "./error.ts";
import { msgpack } from "./msgpack.ts";
import { guideBlocks } from "./testing/guide-blocks.ts";
import { runExample } from "./testing/run-example.ts";

/** What the guide takes from other packages, as far as it does. */
const others = {
  ParlanceError,
  msgpack,
  AppState: {
    addEventListener: (_: string, changed: (state: string) => void) => {
      for (const state of ["inactive", "background", "active"]) changed(state);
    },
  },
  useSyncExternalStore: (listen: (changed: () => void) => () => void, read: () => unknown) => {
    listen(() => {})();
    expect(read()).toBe(read());
    return read();
  },
};

describe("the guide's block", () => {
  for (const { heading, number, code } of guideBlocks)
    test(`${number}, ${heading}`, () => runExample(code.replace(/^export /gm, ""), others));
});

/** The part of expo-sqlite that the guide uses. */
class ExpoDatabase {
  #database: Database;

  constructor(file: string) {
    this.#database = new Database(file);
  }

  execSync(sql: string): void {
    this.#database.run(sql);
  }

  async getAllAsync(sql: string, ...values: string[]): Promise<unknown[]> {
    return this.#database.query(sql).all(...values);
  }

  async runAsync(sql: string, ...values: string[]): Promise<void> {
    this.#database.query(sql).run(...values);
  }

  async withTransactionAsync(act: () => Promise<void>): Promise<void> {
    this.#database.run("BEGIN");
    try {
      await act();
      this.#database.run("COMMIT");
    } catch (error) {
      this.#database.run("ROLLBACK");
      throw error;
    }
  }

  async closeAsync(): Promise<void> {
    this.#database.close();
  }
}

test("the guide's cache does what a cache has to do", async () => {
  const folder = mkdtempSync(join(tmpdir(), "parlance-cache-"));
  const { code } = guideBlocks.find(({ code }) => code.includes("class SqliteCache")) as { code: string };
  const take = (SqliteCache: new (database: ExpoDatabase) => Cache) =>
    cacheFaults(() => new SqliteCache(new ExpoDatabase(join(folder, "cache.db"))));
  let faults: string[] | null = null;
  const done = async (Class: Parameters<typeof take>[0]) => {
    faults = await take(Class);
  };
  await runExample(`${code.replace(/^export /gm, "")}\nawait done(SqliteCache);`, { done });
  rmSync(folder, { recursive: true });
  expect(faults as string[] | null).toEqual([]);
});
