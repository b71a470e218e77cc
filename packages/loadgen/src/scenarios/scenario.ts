import type { Limits } from "../limits.ts";
import type { Sample } from "../report.ts";

/** How long and how large. One for thorough runs, one for a quick look. */
export interface Scale {
  warmUpMillis: number;
  saturationMillis: number;
  halfLoadWarmUpMillis: number;
  halfLoadMillis: number;
  rampMillis: number;
  /** How long clients whose server died wait at most before they try again. */
  returnSpreadMillis: number;
  /** Between readings of memory, of which five in a row must be alike. */
  restPollMillis: number;
  /** Numbers of connections are multiplied by this. */
  size: number;
  /** Characters of a message's text. */
  textLength: number;
}

export const fullScale: Scale = {
  warmUpMillis: 1500,
  saturationMillis: 5000,
  halfLoadWarmUpMillis: 1000,
  halfLoadMillis: 4000,
  rampMillis: 700,
  returnSpreadMillis: 1000,
  restPollMillis: 500,
  size: 1,
  textLength: 100,
};

export const quickScale: Scale = {
  warmUpMillis: 200,
  saturationMillis: 600,
  halfLoadWarmUpMillis: 100,
  halfLoadMillis: 500,
  rampMillis: 150,
  returnSpreadMillis: 100,
  restPollMillis: 100,
  size: 0.05,
  textLength: 100,
};

export interface Context {
  scale: Scale;
  limits: Limits;
  /** Generator processes for throughput. */
  generators: number;
  /** What the first run found out, for the runs after it. */
  memory: Map<string, number>;
  note(text: string): void;
  progress(text: string): void;
}

export interface Scenario {
  name: string;
  /** First column of the table. */
  title: string;
  /** Runs when nobody asks for a number. */
  runs: number;
  /** Left out unless somebody asks for it: it needs more than this repository, or much time. */
  onlyWhenNamed?: boolean;
  run(context: Context): Promise<Sample[]>;
}
