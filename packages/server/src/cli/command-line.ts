/** `parlance …`: which commands there are, and how their failures become sentences and exit codes. */

import { Command, CommanderError } from "commander";
import { BusNotOpened } from "../adapters/open-bus.ts";
import { StoreNotOpened } from "../adapters/open-store.ts";
import { ConfigError } from "../config.ts";
import { ParlanceError, StartRefused } from "../errors.ts";
import { addAppCommands } from "./app-commands.ts";
import { addBackupCommand } from "./backup-command.ts";
import { addConfigCommand } from "./config-command.ts";
import { addDoctorCommand } from "./doctor-command.ts";
import { CommandFailed, exitCodes, UsageError } from "./exit-codes.ts";
import { addMigrateCommand } from "./migrate-command.ts";
import { addNodesCommand } from "./nodes-command.ts";
import { addOpenApiCommand } from "./openapi-command.ts";
import { tell } from "./print.ts";
import { addStartCommand } from "./start-command.ts";
import { version } from "./version.ts";

/** Errors whose message is all that the person at the terminal needs. */
const spokenFor = [CommandFailed, StoreNotOpened, BusNotOpened, StartRefused];

const buildProgram = (): Command => {
  const program = new Command("parlance")
    .description(
      "The chat service you run yourself. Settings come from the environment: see `parlance config`.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "explain a command")
    .helpCommand("help [command]", "explain a command")
    .showHelpAfterError("(parlance --help lists the commands)")
    .exitOverride();
  addStartCommand(program);
  addAppCommands(program);
  addNodesCommand(program);
  addDoctorCommand(program);
  addConfigCommand(program);
  addBackupCommand(program);
  addMigrateCommand(program);
  addOpenApiCommand(program);
  return program;
};

/** Details of a refusal name what is wrong, in a sentence or a list of them each. */
const explain = (error: ParlanceError): string => {
  const details = (error.details.fields ?? error.details) as Record<string, unknown>;
  const sentences = Object.values(details)
    .flat()
    .filter((detail) => typeof detail === "string");
  return sentences.length > 0 ? sentences.join("\n") : error.message;
};

const report = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
  if (error instanceof UsageError || error instanceof ConfigError) {
    tell(error.message);
    return exitCodes.usage;
  }
  if (error instanceof ParlanceError) tell(explain(error));
  else if (spokenFor.some((kind) => error instanceof kind)) tell((error as Error).message);
  else tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCodes.failed;
};

/** `parlance config | head`: who reads has seen enough, which is no failure of ours. */
const isReaderGone = (error: unknown): boolean => (error as NodeJS.ErrnoException | null)?.code === "EPIPE";

/** Resolves to the exit code; `args` are those after the program's name. */
export const runCommandLine = async (args: readonly string[]): Promise<number> => {
  process.stdout.on("error", (error) => {
    if (isReaderGone(error)) process.exit(exitCodes.fine);
  });
  try {
    await buildProgram().parseAsync(args, { from: "user" });
    return exitCodes.fine;
  } catch (error) {
    return isReaderGone(error) ? exitCodes.fine : report(error);
  }
};
