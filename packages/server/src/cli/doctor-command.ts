/** `parlance doctor`: looks at what a server needs from its machine, and says what to do where it lacks. */

import type { Command } from "commander";
import { type Config, loadConfig } from "../config.ts";
import type { Finding } from "./doctor/check.ts";
import { checkDataFolder, checkDiskSync } from "./doctor/data-folder.ts";
import { checkClock, checkDatabase } from "./doctor/database.ts";
import { checkOpenFiles } from "./doctor/open-files.ts";
import { checkEphemeralPorts, checkPort } from "./doctor/port.ts";
import { checkRuntime } from "./doctor/runtime.ts";
import { CommandFailed } from "./exit-codes.ts";
import { print, printJson } from "./print.ts";

const checks: readonly [name: string, check: (config: Config) => Finding | Promise<Finding>][] = [
  ["runtime", checkRuntime],
  ["data folder", ({ dataDir }) => checkDataFolder(dataDir)],
  ["disk", ({ dataDir }) => checkDiskSync(dataDir)],
  ["clock", checkClock],
  ["database", checkDatabase],
  ["open files", checkOpenFiles],
  ["port", checkPort],
  ["outgoing ports", checkEphemeralPorts],
];

const indent = " ".repeat(22);

const printFinding = (name: string, { verdict, text, advice }: Finding): void => {
  print(`${verdict.padEnd(4)}  ${name.padEnd(14)}  ${text}`);
  if (advice) print(`${indent}${advice}`);
};

const examine = async ({ json }: { json?: true }): Promise<void> => {
  const config = loadConfig();
  const rows: ({ check: string } & Finding)[] = [];
  for (const [name, check] of checks) {
    const finding = await check(config);
    rows.push({ check: name, ...finding });
    if (!json) printFinding(name, finding);
  }
  if (json) printJson(rows);
  const failed = rows.filter(({ verdict }) => verdict === "fail").length;
  if (failed > 0) throw new CommandFailed(`${failed} of ${rows.length} checks failed.`);
};

export const addDoctorCommand = (program: Command): void => {
  program
    .command("doctor")
    .description("check disk, open files, ports, database and clock, and say what to do")
    .option("--json", "print JSON for programs")
    .action(examine);
};
