/** An installation with a group of one message and an empty database for it, for the tests of a file. */

import { afterAll, beforeAll } from "bun:test";
import { DatabaseSync } from "node:sqlite";
import type { Store } from "../../../ports/store.ts";
import { type PostgresServer, startPostgres } from "../../../testing/postgres-server.ts";
import { type CopyOptions, copyInstallation } from "../copy/copy-installation.ts";
import { openPostgresStore } from "../postgres.ts";
import { newGroup, temporaries, textMessage } from "./temporary.ts";

export const installationPairs = () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres.stop(), 60_000);

  const { newFile, openStore } = temporaries();

  const newPair = async () => {
    const file = await newFile();
    const store = await openStore(file);
    const group = await newGroup(store);
    await group.own.append(textMessage(group.id));
    const database = await postgres.createDatabase();
    const options = { file, url: postgres.url(database) };
    const copy = (change: Partial<CopyOptions> = {}) =>
      copyInstallation({ ...options, isAtRest: true, compareAll: false, onProgress() {}, ...change });
    /** What is refused, in words. */
    const refusal = (change?: Partial<CopyOptions>) =>
      copy(change).then(
        () => "nothing was refused",
        (error: Error) => error.message,
      );
    const query = (text: string) => postgres.query(database, text);
    /** Changes the source behind the store's back. */
    const tamper = (statement: string) => {
      const sqlite = new DatabaseSync(file);
      sqlite.exec(statement);
      sqlite.close();
    };
    const useTarget = async <Result>(work: (target: Store) => Promise<Result>): Promise<Result> => {
      const target = await openPostgresStore({ url: options.url, connections: 2 });
      return work(target).finally(() => target.close());
    };
    return { file, store, ...group, database, options, copy, refusal, query, tamper, useTarget };
  };
  return { newPair, newFile, postgres: () => postgres };
};
