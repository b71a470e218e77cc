/**
 * `parlance start --workers N`: N equal nodes as processes on one port, which the system shares out among them, so that one
 * machine's cores are used. To the rest of a cluster each is a node like any other. Linux; other systems let several
 * processes listen, too, but send all connections to one of them.
 */

import { once } from "node:events";
import { createServer } from "node:net";
import { isEmbedded } from "../../adapters/open-store.ts";
import type { Config } from "../../config.ts";
import type { Logger } from "../../observe/logger.ts";
import { CommandFailed, UsageError } from "../exit-codes.ts";
import { Worker } from "./worker.ts";

export const mostWorkers = 256;

/** Above a worker's own last resort, below the ten seconds that whoever supervises us is promised. */
const lastResortMilliseconds = 9800;

/** Throws `UsageError` when these settings leave nothing to share. */
export const assertSharable = (config: Config): void => {
  const lacking = [
    ...(isEmbedded(config) ? ["PARLANCE_STORE must name a PostgreSQL database"] : []),
    ...(config.bus === "local" ? ["PARLANCE_BUS a NATS server"] : []),
  ];
  if (lacking.length > 0)
    throw new UsageError(`--workers needs a store and a bus that processes share: ${lacking.join(", ")}.`);
  if (config.port === 0)
    throw new UsageError(
      "--workers needs a port that all of them know; PARLANCE_PORT=0 is another for each.",
    );
  if (config.demo)
    throw new UsageError("The demo runs in one process; --workers and the demo exclude each other.");
};

/** Throws as listening would. Workers share a port with anybody who wants to, so that is asked before the first. */
const assertPortIsFree = async ({ host, port }: Config): Promise<void> => {
  const probe = createServer();
  probe.listen({ host, port, exclusive: true });
  await once(probe, "listening");
  probe.close();
  await once(probe, "close");
};

export interface Workers {
  /** Resolves when all have listened once; rejects when one never will. */
  listening: Promise<void>;
  /** Resolves when one ended for good. */
  givenUp: Promise<void>;
  /** Drains all at once; resolves when they are gone. Throws when one did not end well, or in time. */
  drain(): Promise<void>;
}

export const startWorkers = async (count: number, config: Config, logger: Logger): Promise<Workers> => {
  assertSharable(config);
  await assertPortIsFree(config);
  const listening = Promise.withResolvers<void>();
  const givenUp = Promise.withResolvers<void>();
  let missing = count;
  const events = {
    onListening() {
      if (--missing === 0) listening.resolve();
    },
    onGivenUp: () => givenUp.resolve(),
  };
  const workers = Array.from({ length: count }, (_, index) => new Worker(index + 1, logger, events));
  const drain = async () => {
    const lastResort = setTimeout(() => {
      for (const worker of workers) worker.kill();
    }, lastResortMilliseconds);
    const ends = await Promise.all(workers.map((worker) => worker.stop()));
    clearTimeout(lastResort);
    const bad = workers.filter((_, index) => !ends[index]).map(({ number }) => number);
    if (bad.length > 0) throw new CommandFailed(`Workers did not end well: ${bad.join(", ")}.`);
  };
  return { listening: listening.promise, givenUp: givenUp.promise, drain };
};
