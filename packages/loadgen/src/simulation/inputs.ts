/** What the simulation starts from: how people behave, what was measured, and what a machine or a team can give. */

export interface Input {
  value: number;
  unit: string;
  /** Where the number is from, or that it is assumed. */
  source: string;
}

/** docs/scaling.md says how each was measured. Any can be changed on the command line, as `name=value`. */
export const inputs = {
  sendsPerMinute: { value: 0.6, unit: "messages a person and minute", source: "assumed" },
  listeners: { value: 20, unit: "people online who hear a message", source: "assumed" },
  marksPerDelivery: { value: 0.05, unit: "read marks moved by readers, a delivery", source: "assumed" },
  connectsPerHour: { value: 4, unit: "connects a person and hour", source: "assumed" },
  connectionsPerNode: { value: 20_000, unit: "connections", source: "19,000 measured in one process" },
  bytesPerConnection: { value: 4_860, unit: "B", source: "benchmarks, idle-19k, over fresh start" },
  nodeBytes: { value: 90e6, unit: "B", source: "the rest of idle-19k's 175 MiB" },
  sendMicros: {
    value: 21,
    unit: "µs of the main thread",
    source: "benchmarks, durable: 0.59 core, 28,300/s",
  },
  publishMicros: { value: 8.1, unit: "µs", source: "bus, one message a turn" },
  hearMicros: { value: 4, unit: "µs", source: "bus, one message a turn" },
  deliverMicros: {
    value: 5.7,
    unit: "µs",
    source: "one write each: Socket.IO on Bun, 175,000/s; 0.35 in full batches",
  },
  markMicros: { value: 530, unit: "µs a read mark", source: "PostgreSQL: four statements made and read" },
  connectMicros: { value: 490, unit: "µs a connect", source: "PostgreSQL: five statements made and read" },
  busBytes: { value: 640, unit: "B a message", source: "a text of 100 characters, sent alone" },
  mainThreadShare: { value: 0.5, unit: "of a core", source: "chosen: the rest is for peaks" },
  natsBytesPerSecond: { value: 625e6, unit: "B/s a server", source: "chosen: half of 10 Gbit/s" },
  appendsPerSecond: { value: 39_000, unit: "a two-core database", source: "PostgreSQL, 1000 rooms" },
  marksPerSecond: { value: 1_000, unit: "a two-core database", source: "PostgreSQL, 1000 rooms" },
  connectReadsPerSecond: {
    value: 1_000,
    unit: "connects, a two-core database",
    source: "PostgreSQL, five readings each",
  },
  rowBytes: { value: 280, unit: "B a message, with indexes", source: "PostgreSQL" },
  walBytes: { value: 740, unit: "B a message", source: "PostgreSQL, 1000 rooms" },
  drainSpreadSeconds: { value: 4, unit: "s", source: "half of PARLANCE_DRAIN_SECONDS" },
} as const satisfies Record<string, Input>;

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
