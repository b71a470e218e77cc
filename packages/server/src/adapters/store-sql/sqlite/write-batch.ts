import type { DatabaseSync } from "node:sqlite";
import type { NewMessage } from "../../../ports/store.ts";
import { selectHead } from "../operations/live-conversations.ts";
import { type Write, writes } from "../operations/tables.ts";
import type { WriteScope } from "../operations/write-scope.ts";
import type { Schema } from "../schema.ts";
import { Appender } from "./append.ts";
import { Clock } from "./clock.ts";
import { describeFailure, isDatabaseFailure } from "./failures.ts";
import { openKysely } from "./kysely.ts";
import { type Call, encodeError, type Results } from "./wire.ts";

export type WrittenBatch = Results | { failure: string };

/**
 * Runs batches of writes, each in one transaction with one fsync. A refused write harms no other: appends are single
 * statements, everything else runs in a savepoint. When the database itself fails, the whole batch is undone and every
 * write of it refused as `unavailable`.
 */
export class BatchWriter {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  readonly #appender: Appender;
  readonly #scope: WriteScope;

  constructor(database: DatabaseSync, now?: () => number) {
    this.#database = database;
    this.#clock = new Clock(database, now);
    this.#appender = new Appender(database, this.#clock);
    const db = openKysely<Schema>(database);
    this.#scope = {
      db,
      nextTick: () => this.#clock.next(),
      nextSentAt: (last) => this.#clock.next(last),
      // There is one writing transaction at a time.
      holdHead: (appId, id) => selectHead(db, appId, id).executeTakeFirst(),
      holdUser: () => {},
      months: null,
      holdApp: () => {},
    };
  }

  /** Never throws. */
  async write(calls: Call[]): Promise<WrittenBatch> {
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      this.#clock.begin();
      const batch: Results = { results: [], errors: {} };
      for (const [index, call] of calls.entries()) {
        const isAppend = call[0] === "append";
        // Outside of the next block: what fails here is not this call's fault, and spoils the batch.
        if (!isAppend) this.#appender.flush();
        batch.results[index] = null;
        try {
          batch.results[index] = isAppend ? this.#append(call) : await this.#inSavepoint(call);
        } catch (error) {
          if (isDatabaseFailure(error)) throw error;
          batch.errors[index] = encodeError(error);
        }
      }
      this.#appender.flush();
      this.#clock.save();
      this.#database.exec("COMMIT");
      return batch;
    } catch (error) {
      this.#undo();
      return { failure: `The database refused ${calls.length} writes: ${describeFailure(error)}.` };
    }
  }

  #append([, appId, message]: Call): unknown {
    return this.#appender.append(appId as number, message as NewMessage);
  }

  async #inSavepoint([name, ...args]: Call): Promise<unknown> {
    const write = (writes as unknown as Record<string, Write | undefined>)[name];
    if (write === undefined) throw new Error(`There is no write called ${name}.`);
    this.#database.exec("SAVEPOINT one");
    try {
      const result = await write(this.#scope, ...args);
      this.#database.exec("RELEASE one");
      return result;
    } catch (error) {
      if (!isDatabaseFailure(error)) this.#database.exec("ROLLBACK TO one; RELEASE one");
      throw error;
    }
  }

  #undo(): void {
    this.#appender.forget();
    this.#clock.forget();
    try {
      this.#database.exec("ROLLBACK");
    } catch {
      // SQLite rolls back by itself on some failures, and then there is no transaction left to end.
    }
  }
}
