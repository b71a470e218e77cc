/** `parlance start`: runs the server until it is told to stop. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { localUrl, startServer } from "../app.ts";
import { type Config, loadConfig } from "../config.ts";
import { createLogger, type Logger } from "../observe/logger.ts";
import { CommandFailed, exitCodes } from "./exit-codes.ts";
import { watchLifeline } from "./lifeline.ts";
import { tell } from "./print.ts";
import { mostWorkers, startWorkers } from "./workers/supervise.ts";
import { joinSupervisor } from "./workers/worker-line.ts";

/** A terminal's Ctrl-C reaches us from the terminal and from every launcher above: that is one wish, not three. */
const sameWishMilliseconds = 500;

/** Whoever supervises us is promised that we are gone by then. */
const lastResortMilliseconds = 9500;
const lastResortOfWorkers = 9900;

/** Calls `stop` at the first SIGTERM or SIGINT, and leaves at once at the next one. */
const onStopSignal = (stop: () => Promise<void>): void => {
  let askedAt: number | null = null;
  const asked = () => {
    if (askedAt === null) {
      askedAt = performance.now();
      void stop();
    } else if (performance.now() - askedAt > sameWishMilliseconds) process.exit(exitCodes.failed);
  };
  process.on("SIGTERM", asked);
  process.on("SIGINT", asked);
};

const explainFailure = (error: unknown, port: number): unknown => {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall === "mkdir" && error instanceof Error)
    return new CommandFailed(
      `The data folder cannot be made: ${error.message}. PARLANCE_DATA chooses another one.`,
    );
  switch (code) {
    case "EADDRINUSE":
      return new CommandFailed(`Port ${port} is taken; PARLANCE_PORT chooses another one, 0 any free one.`);
    case "EACCES":
      return new CommandFailed(
        `Port ${port} may not be opened by this user; PARLANCE_PORT chooses another one.`,
      );
    case "EADDRNOTAVAIL":
      return new CommandFailed("This machine does not have the address that PARLANCE_HOST names.");
    default:
      return error;
  }
};

interface StartFlags {
  demo?: true;
  workers?: number;
  /** Set by `--workers` for each of them: which one this is. */
  worker?: number;
}

const wholeNumber =
  (most: number) =>
  (text: string): number => {
    const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (count < 1 || count > most)
      throw new InvalidArgumentError(`must be a whole number from 1 to ${most}.`);
    return count;
  };

/** Drains what runs, or is about to, at the first signal, and ends the process. */
const drainOnSignal = (logger: Logger, drain: () => Promise<void>, lastResort: number): void =>
  onStopSignal(async () => {
    setTimeout(() => {
      logger.error("drain did not end in time");
      process.exit(exitCodes.failed);
    }, lastResort);
    try {
      await drain();
      process.exit(exitCodes.fine);
    } catch (error) {
      logger.error({ error }, "drain failed");
      process.exit(exitCodes.failed);
    }
  });

const forEver = new Promise<never>(() => {});

const runServer = async (config: Config, logger: Logger, worker: number | undefined): Promise<void> => {
  const tellSupervisor = worker === undefined ? null : joinSupervisor();
  const starting = startServer(config, { logger, sharesPort: worker !== undefined });
  drainOnSignal(logger, async () => (await starting).drain(), lastResortMilliseconds);
  const server = await starting.catch((error: unknown) => {
    throw explainFailure(error, config.port);
  });
  if (tellSupervisor) tellSupervisor();
  else tell(`Parlance is listening on ${server.url}${config.demo ? ` (demo: ${server.url}/demo)` : ""}`);
  return forEver;
};

const runWorkers = async (count: number, config: Config, logger: Logger): Promise<void> => {
  const starting = startWorkers(count, config, logger);
  drainOnSignal(logger, async () => (await starting).drain(), lastResortOfWorkers);
  const workers = await starting.catch((error: unknown) => {
    throw explainFailure(error, config.port);
  });
  void workers.listening.then(() =>
    tell(`Parlance is listening on ${localUrl(config.host, config.port)} with ${count} workers`),
  );
  await workers.givenUp;
  await workers.drain().catch(() => {});
  throw new CommandFailed("A worker does not stay up; the others were stopped.");
};

const start = async ({ demo, workers, worker }: StartFlags): Promise<void> => {
  const loaded = loadConfig();
  const config = demo ? { ...loaded, demo: true } : loaded;
  const logger = createLogger(config);
  watchLifeline();
  if (workers !== undefined) await runWorkers(workers, config, logger);
  else await runServer(config, worker === undefined ? logger : logger.child({ worker }), worker);
};

export const addStartCommand = (program: Command): void => {
  program
    .command("start")
    .description("run the server; SIGTERM or Ctrl-C stops it after finishing what was accepted")
    .option("--demo", "serve the demo chat at /demo")
    .option(
      "--workers <count>",
      "so many processes on one port, over PostgreSQL and NATS",
      wholeNumber(mostWorkers),
    )
    .addOption(new Option("--worker <number>").argParser(wholeNumber(mostWorkers)).hideHelp())
    .action(start);
};
