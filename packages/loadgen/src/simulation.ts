/**
 * Prints what 1, 10 and 100 million people online in one app need: the tables of docs/scaling.md.
 *
 *   node scripts/run-bun.mjs packages/loadgen/src/simulation.ts [name=value …]
 */

import { readValues } from "./simulation/inputs.ts";
import { renderSimulation } from "./simulation/report.ts";

try {
  console.log(renderSimulation(readValues(process.argv.slice(2))));
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}
