import { readLimits } from "../limits.ts";
import type { Outcome } from "../report.ts";
import { type Context, fullScale, quickScale, type Scenario } from "../scenarios/scenario.ts";
import type { Options } from "./options.ts";

/** Runs the scenarios one after the other; a failure ends its scenario, never the others. */
export async function runScenarios(options: Options, say: (line: string) => void): Promise<Outcome[]> {
  const scale = { ...(options.isQuick ? quickScale : fullScale) };
  if (options.seconds !== null) scale.saturationMillis = options.seconds * 1000;
  const limits = readLimits();
  say(`limits: ${limits.openFiles} open files a process, ${limits.sourcePorts} source ports a destination`);

  const outcomes: Outcome[] = [];
  for (const scenario of options.scenarios) {
    const outcome: Outcome = {
      scenario: scenario.name,
      title: scenario.title,
      runs: [],
      notes: [],
      failure: null,
    };
    const context: Context = {
      scale,
      limits,
      generators: options.generators,
      memory: new Map(),
      note: (text) => outcome.notes.push(text),
      progress: (text) => say(`  ${text}`),
    };
    outcomes.push(outcome);
    await runOne(scenario, context, outcome, options, say);
  }
  return outcomes;
}

async function runOne(
  scenario: Scenario,
  context: Context,
  outcome: Outcome,
  options: Options,
  say: (line: string) => void,
): Promise<void> {
  const runs = options.runs ?? (options.isQuick ? 1 : scenario.runs);
  for (let run = 1; run <= runs; run++) {
    const began = performance.now();
    try {
      const samples = await scenario.run(context);
      outcome.runs.push(samples);
      const first = samples[0];
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      say(
        `${scenario.name} ${run}/${runs}: ${first?.measure} ${Math.round(first?.value ?? 0)} (took ${seconds} s)`,
      );
    } catch (error) {
      outcome.failure = (error as Error).message;
      say(`${scenario.name} ${run}/${runs} failed: ${outcome.failure}`);
      return;
    }
  }
}
