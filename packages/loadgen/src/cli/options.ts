import { parseArgs } from "node:util";
import type { Scenario } from "../scenarios/scenario.ts";

export interface Options {
  scenarios: Scenario[];
  isQuick: boolean;
  isJson: boolean;
  /** Null: as the scenario says. */
  runs: number | null;
  /** Measured seconds at saturation; null: as the scale says. */
  seconds: number | null;
  generators: number;
  isHelp: boolean;
}

const definitions = {
  scenario: { type: "string", multiple: true },
  quick: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  runs: { type: "string" },
  seconds: { type: "string" },
  generators: { type: "string", default: "1" },
  help: { type: "boolean", default: false },
} as const;

export const usage = (all: Scenario[]): string =>
  [
    "npm run bench -- [NAME]… [--quick] [--json] [--runs N] [--seconds N] [--generators N]",
    "",
    "  NAME          only scenarios whose name starts so, e.g. cluster; the same as --scenario NAME",
    "  --quick       small and once, in less than a minute: to see that it works, not to quote",
    "  --json        the result as JSON on standard output",
    "  --runs        runs of each scenario (1 to 20)",
    "  --seconds     measured seconds at saturation (1 to 60)",
    "  --generators  generator processes for throughput (1 to 16)",
    "",
    "Scenarios (those with * run only when they are named):",
    ...all.map(({ name, title, onlyWhenNamed }) => `${onlyWhenNamed ? "*" : " "} ${name.padEnd(28)}${title}`),
  ].join("\n");

const numberWithin = (name: string, text: string, min: number, max: number): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max)
    throw new Error(`--${name} is a whole number from ${min} to ${max}, not "${text}"`);
  return value;
};

/** Throws a sentence for a person when an argument is wrong. */
export function readOptions(args: string[], all: Scenario[]): Options {
  const { values, positionals } = parseArgs({
    args,
    options: definitions,
    strict: true,
    allowPositionals: true,
  });
  const wanted = [...positionals, ...(values.scenario ?? [])];
  for (const prefix of wanted)
    if (!all.some(({ name }) => name.startsWith(prefix)))
      throw new Error(
        `no scenario starts with "${prefix}"; there are: ${all.map(({ name }) => name).join(", ")}`,
      );
  return {
    scenarios:
      wanted.length === 0
        ? all.filter(({ onlyWhenNamed }) => !onlyWhenNamed)
        : all.filter(({ name }) => wanted.some((prefix) => name.startsWith(prefix))),
    isQuick: values.quick,
    isJson: values.json,
    runs: values.runs === undefined ? null : numberWithin("runs", values.runs, 1, 20),
    seconds: values.seconds === undefined ? null : numberWithin("seconds", values.seconds, 1, 60),
    generators: numberWithin("generators", values.generators, 1, 16),
    isHelp: values.help,
  };
}
