import { parseArgs } from "node:util";
import { type FaultName, faultKind, faultNames, type NodeCount } from "./fault-kinds.ts";

export interface Options {
  seed: number;
  minutes: number;
  nodes: NodeCount;
  /** Empty: all. */
  only: FaultName[];
  isList: boolean;
  isVerbose: boolean;
  isHelp: boolean;
}

const definitions = {
  seed: { type: "string" },
  minutes: { type: "string", default: "1" },
  nodes: { type: "string", default: "3" },
  only: { type: "string", multiple: true },
  list: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const longest = 24 * 60;

export const usage = [
  "npm run faults -- [--nodes 1|3] [--minutes N] [--seed N] [--only FAULT]… [--list] [--verbose]",
  "",
  "  --nodes    1: one node with its embedded store; 3 (default): three over PostgreSQL and NATS",
  "  --minutes  of faults, about (default 1, up to a day; 0.5 is half a minute)",
  "  --seed     draws the same faults, people and rooms as the run that printed it",
  "  --only     this fault only; may be repeated",
  "  --list     the faults, and with --seed what it draws; does nothing else",
  "  --verbose  says what happens while it happens",
].join("\n");

export const listFaults = (): string =>
  faultNames
    .map((name) => {
      const { sentence, nodes } = faultKind(name);
      return `${name.padEnd(16)}${nodes.join(" or ").padEnd(8)}${sentence}`;
    })
    .join("\n");

const numberWithin = (name: string, text: string, min: number, max: number): number => {
  const value = Number(text);
  if (!(value >= min && value <= max)) throw new Error(`--${name} is from ${min} to ${max}, not "${text}"`);
  return value;
};

/** Throws a sentence for a person when an argument is wrong. A missing seed is made of the time. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({ args, options: definitions, strict: true });
  const nodes = Number(values.nodes);
  if (nodes !== 1 && nodes !== 3) throw new Error(`--nodes is 1 or 3, not "${values.nodes}"`);
  const only = (values.only ?? []).map((name) => {
    const found = faultNames.find((known) => known === name);
    if (!found) throw new Error(`there is no fault "${name}"; --list shows them`);
    return found;
  });
  return {
    seed: Math.trunc(
      values.seed === undefined ? Date.now() % 1_000_000 : numberWithin("seed", values.seed, 0, 2 ** 31 - 1),
    ),
    minutes: numberWithin("minutes", values.minutes, 0.05, longest),
    nodes,
    only,
    isList: values.list,
    isVerbose: values.verbose,
    isHelp: values.help,
  };
}
