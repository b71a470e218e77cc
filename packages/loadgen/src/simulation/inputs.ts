/** What the simulation starts from: how people behave, what was measured, and what a machine or a team can give. */

import { figures } from "./figures.ts";

export interface Input {
  value: number;
  unit: string;
  /** Where the number is from, or that it is assumed. */
  source: string;
}

/** How people behave: nobody has measured them. */
const assumed = {
  sendsPerMinute: { value: 0.6, unit: "messages a person and minute", source: "assumed" },
  listeners: { value: 20, unit: "people online who hear a message", source: "assumed" },
  marksPerDelivery: { value: 0.05, unit: "read marks moved by readers, a delivery", source: "assumed" },
  connectsPerHour: { value: 4, unit: "connects a person and hour", source: "assumed" },
} as const satisfies Record<string, Input>;

/** How much of a machine is to be used. */
const chosen = {
  mainThreadShare: { value: 0.5, unit: "of a core", source: "chosen: the rest is for peaks" },
  databaseShare: {
    value: 0.5,
    unit: "of the database's cores",
    source: "chosen: the rest is for peaks, checkpoints and vacuum",
  },
  natsBytesPerSecond: { value: 625e6, unit: "B/s a server", source: "chosen: half of 10 Gbit/s" },
  drainSpreadSeconds: { value: 4, unit: "s", source: "half of PARLANCE_DRAIN_SECONDS" },
} as const satisfies Record<string, Input>;

/** Any can be changed on the command line, as `name=value`. */
export const inputs = { ...assumed, ...figures, ...chosen } as const satisfies Record<string, Input>;

export type InputName = keyof typeof inputs;
export type Values = Record<InputName, number>;

export const defaults = (): Values =>
  Object.fromEntries(Object.entries(inputs).map(([name, { value }]) => [name, value])) as Values;

/** Reads `name=value` words over the defaults. Throws a sentence for what is no input or no positive number. */
export const readValues = (words: readonly string[]): Values => {
  const values = defaults();
  for (const word of words) {
    const [name = "", text = ""] = word.split("=");
    if (!(name in inputs)) throw new Error(`${name} is none of ${Object.keys(inputs).join(", ")}.`);
    const value = Number(text);
    if (text === "" || !Number.isFinite(value) || value <= 0)
      throw new Error(`${name} must be a number above 0.`);
    values[name as InputName] = value;
  }
  return values;
};
