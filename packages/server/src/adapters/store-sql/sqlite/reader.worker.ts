/** The thread that reads. The write-ahead log lets it run beside the writer, and it takes checkpoints off its hands. */

import { workerData } from "node:worker_threads";
import { ParlanceError } from "../../../errors.ts";
import { type Read, reads } from "../operations/tables.ts";
import type { Schema } from "../schema.ts";
import { CHECKPOINT, takeCheckpoint } from "./checkpoints.ts";
import { type ConnectionOptions, openReading } from "./connection.ts";
import { isDatabaseFailure } from "./failures.ts";
import { openKysely } from "./kysely.ts";
import { serve } from "./serve.ts";
import { encodeError, type Results } from "./wire.ts";

await serve(async () => {
  const database = openReading(workerData as ConnectionOptions);
  const db = openKysely<Schema>(database);
  const operations = {
    ...reads,
    [CHECKPOINT]: async () => takeCheckpoint(database),
  } as unknown as Record<string, Read | undefined>;
  return {
    async run(calls) {
      const begun = performance.now();
      const batch: Results = { results: [], errors: {} };
      for (const [index, [name, ...args]] of calls.entries()) {
        batch.results[index] = null;
        try {
          const read = operations[name];
          if (read === undefined) throw new Error(`There is no read called ${name}.`);
          batch.results[index] = await read(db, ...args);
        } catch (error) {
          const isDown = isDatabaseFailure(error);
          batch.errors[index] = encodeError(isDown ? new ParlanceError("unavailable") : error);
        }
      }
      return { ...batch, seconds: (performance.now() - begun) / 1000, walPages: 0 };
    },
    close: () => database.close(),
  };
});
