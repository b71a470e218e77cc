/** `parlance start`: runs the server until it is told to stop. */

import type { Command } from "commander";
import { startServer } from "../app.ts";
import { loadConfig } from "../config.ts";
import { createLogger } from "../observe/logger.ts";
import { CommandFailed, exitCodes } from "./exit-codes.ts";
import { watchLifeline } from "./lifeline.ts";
import { tell } from "./print.ts";

/** A terminal's Ctrl-C reaches us from the terminal and from every launcher above: that is one wish, not three. */
const sameWishMilliseconds = 500;

/** Whoever supervises us is promised that we are gone by then. */
const lastResortMilliseconds = 9500;

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

const start = async (options: { demo?: true }): Promise<void> => {
  const loaded = loadConfig();
  const config = options.demo ? { ...loaded, demo: true } : loaded;
  const logger = createLogger(config);
  watchLifeline();

  const starting = startServer(config, { logger });
  onStopSignal(async () => {
    setTimeout(() => {
      logger.error("drain did not end in time");
      process.exit(exitCodes.failed);
    }, lastResortMilliseconds);
    try {
      await (await starting).drain();
      process.exit(exitCodes.fine);
    } catch (error) {
      logger.error({ error }, "drain failed");
      process.exit(exitCodes.failed);
    }
  });

  const server = await starting.catch((error: unknown) => {
    throw explainFailure(error, config.port);
  });
  tell(`Parlance is listening on ${server.url}${config.demo ? ` (demo: ${server.url}/demo)` : ""}`);
  return new Promise(() => {});
};

export const addStartCommand = (program: Command): void => {
  program
    .command("start")
    .description("run the server; SIGTERM or Ctrl-C stops it after finishing what was accepted")
    .option("--demo", "serve the demo chat at /demo")
    .action(start);
};
