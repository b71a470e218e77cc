/** `npm run bench`: starts servers and generators on this machine, measures, and prints one table. */
import { readOptions, usage } from "./cli/options.ts";
import { runScenarios } from "./cli/run.ts";
import { warnOfForeignLoad } from "./foreign-load.ts";
import { describeMachine, machineLine } from "./machine.ts";
import { cleanUpAtExit } from "./processes.ts";
import { renderNotes, renderTable, toRows } from "./report.ts";
import { scenarios } from "./scenarios/table.ts";

const args = process.argv.slice(2);
/** Progress goes where it cannot disturb a result that is piped into a file. */
const say = (line: string) => process.stderr.write(`${line}\n`);

function parse() {
  try {
    return readOptions(args, scenarios);
  } catch (error) {
    say((error as Error).message);
    process.exit(2);
  }
}

const options = parse();
if (options.isHelp) {
  console.log(usage(scenarios));
  process.exit(0);
}

cleanUpAtExit();
const command = ["npm run bench", ...(args.length > 0 ? ["--", ...args] : [])].join(" ");
const machine = describeMachine();
say(machineLine(machine));
const warning = await warnOfForeignLoad();
if (warning !== null) say(warning);
const began = performance.now();
const outcomes = await runScenarios(options, say);
const minutes = ((performance.now() - began) / 60_000).toFixed(1);

if (options.isJson) {
  const date = new Date().toISOString();
  const notes = [...(warning === null ? [] : [warning]), ...renderNotes(outcomes)];
  console.log(JSON.stringify({ date, machine, command, rows: outcomes.flatMap(toRows), notes }, null, 2));
} else {
  console.log(`\n${renderTable(outcomes)}\n`);
  for (const note of renderNotes(outcomes)) console.log(`- ${note}`);
  if (warning !== null) console.log(`- ${warning}`);
  console.log(`\nMachine: ${machineLine(machine)}`);
  console.log(`Command: ${command}   (${new Date().toISOString()}, ${minutes} minutes)`);
  console.log(
    "CPU is in cores: all threads, and in parentheses the busiest one; generator and server share them.",
  );
}
process.exit(outcomes.every(({ failure }) => failure === null) ? 0 : 1);
