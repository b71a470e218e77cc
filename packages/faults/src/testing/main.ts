/** `npm run faults`: breaks a real installation in every way of the table and checks what it promised. */

import { Dice } from "../plan/dice.ts";
import { describeEpisode, drawPlan } from "../plan/draw-plan.ts";
import { listFaults, readOptions, usage } from "../plan/options.ts";
import { report } from "./report.ts";
import { run } from "./run.ts";
import { findServers } from "./servers.ts";

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const { seed, nodes, only } = options;
  const milliseconds = options.minutes * 60_000;
  if (options.isHelp) {
    console.log(usage);
    return 0;
  }
  if (options.isList) {
    console.log(listFaults());
    const { episodes } = drawPlan(new Dice(seed).named("plan"), nodes, milliseconds, only);
    console.log(`\nSeed ${seed} draws:\n${episodes.map(describeEpisode).join("\n")}`);
    return 0;
  }
  if (nodes > 1) await findServers();
  console.log(`seed ${seed}, ${nodes} node${nodes > 1 ? "s" : ""}, ${options.minutes} minutes of faults`);
  const say = options.isVerbose ? { say: (what: string) => console.log(what) } : {};
  const result = await run({ seed, nodes, milliseconds, only, brokenOff: stopSignal(), ...say });
  console.log(report(result));
  return result.violations.length === 0 ? 0 : 1;
}

/** Rejects at the first signal to stop; a second one ends the process at once. */
const stopSignal = (): Promise<never> =>
  new Promise((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.once(signal, () => reject(new Error(`broken off by ${signal}`)));
  });

try {
  process.exit(await main());
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
}
