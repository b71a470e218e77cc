/** The thread that writes. */

import { workerData } from "node:worker_threads";
import { sqliteFlavor } from "../migrations/flavor.ts";
import { migrate } from "../migrations/migrate.ts";
import { WRITER_CHECKPOINT_PAGES } from "./checkpoints.ts";
import { type ConnectionOptions, openWriting } from "./connection.ts";
import { openKysely } from "./kysely.ts";
import { serve } from "./serve.ts";
import { BatchWriter } from "./write-batch.ts";

await serve(async () => {
  const database = openWriting(workerData as ConnectionOptions);
  database.exec(`PRAGMA wal_autocheckpoint=${WRITER_CHECKPOINT_PAGES}`);
  await migrate(openKysely(database), sqliteFlavor, async (work) => {
    database.exec("BEGIN IMMEDIATE");
    try {
      await work();
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  });
  const writer = new BatchWriter(database);
  // NOOP only counts pages. A SQLite too old to know it takes it for PASSIVE, which is slower but not wrong.
  const countWal = database.prepare("PRAGMA wal_checkpoint(NOOP)");
  return {
    async run(calls) {
      const begun = performance.now();
      const written = await writer.write(calls);
      const seconds = (performance.now() - begun) / 1000;
      return { ...written, seconds, walPages: Number(countWal.get()?.log) };
    },
    close: () => database.close(),
  };
});
