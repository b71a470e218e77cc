/** `parlance backup FILE`: a consistent copy of the database while everything goes on. */

import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { databaseFile, isEmbedded } from "../adapters/open-store.ts";
import { loadConfig } from "../config.ts";
import { CommandFailed } from "./exit-codes.ts";
import { print } from "./print.ts";
import { withStore } from "./with-store.ts";

const backUp = async (path: string): Promise<void> => {
  const file = resolve(path);
  if (existsSync(file)) throw new CommandFailed(`${file} exists already; a backup never overwrites.`);
  if (!existsSync(dirname(file))) throw new CommandFailed(`The folder ${dirname(file)} does not exist.`);
  const config = loadConfig();
  const source = databaseFile(config);
  if (isEmbedded(config) && !existsSync(source))
    throw new CommandFailed(`There is no database at ${resolve(source)} (PARLANCE_DATA).`);
  const started = performance.now();
  await withStore((store) =>
    store.backup(file).catch((error: Error) => {
      throw new CommandFailed(error.message);
    }),
  );
  const megabytes = (statSync(file).size / 1e6).toFixed(1);
  print(`Wrote ${file}: ${megabytes} MB in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
};

export const addBackupCommand = (program: Command): void => {
  program
    .command("backup")
    .description("write a consistent copy of the database, while the server runs")
    .argument("<file>", "where to; must not exist")
    .action(backUp);
};
