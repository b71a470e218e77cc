/** The command line's first step; `cli/command-line.ts` says what there is. */

import { runCommandLine } from "./cli/command-line.ts";

const code = await runCommandLine(process.argv.slice(2));
// A start that failed half-way may have left something open that would keep the process here.
if (code !== 0) process.exit(code);
