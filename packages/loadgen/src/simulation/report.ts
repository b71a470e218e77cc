import { type InputName, inputs, type Values } from "./inputs.ts";
import { mostPeople, type Need, type Routing, simulate } from "./model.ts";

/** Three digits are all that such a model has. */
export const short = (value: number): string => {
  if (value === Number.POSITIVE_INFINITY) return "not possible";
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toLocaleString("en", { maximumFractionDigits: digits, maximumSignificantDigits: 3 });
};

const units = ["", "k", "M", "G", "T", "P"];

const bytes = (value: number): string => {
  if (!Number.isFinite(value)) return "not possible";
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(value) / 3)));
  return `${short(value / 1000 ** power)} ${units[power]}B`;
};

const percent = (value: number): string => `${short(value * 100)} %`;

const inDoubt = (people: number, values: Values): Need => simulate(people, values, "everyNode");

const rows: readonly [label: string, cell: (need: Need, values: Values) => string][] = [
  ["messages/s", ({ messages }) => short(messages)],
  ["deliveries/s", ({ deliveries }) => short(deliveries)],
  ["connects/s", ({ connects }) => short(connects)],
  ["read marks/s", ({ marks }) => short(marks)],
  ["nodes for the sockets", ({ nodesForSockets }) => short(nodesForSockets)],
  ["nodes for the CPU", ({ nodesForCpu }) => short(nodesForCpu)],
  ["**nodes**", ({ nodes }) => `**${short(nodes)}**`],
  ["memory of a node at rest", ({ nodeMemory, nodes }) => (Number.isFinite(nodes) ? bytes(nodeMemory) : "–")],
  ["events/s each node hears", ({ heard }) => short(heard)],
  ["main thread spent on hearing", ({ hearingShare }) => percent(hearingShare)],
  ["NATS sends", ({ busOut }) => (Number.isFinite(busOut) ? `${bytes(busOut)}/s` : "–")],
  [
    "**NATS servers**",
    ({ natsServers }) => (Number.isFinite(natsServers) ? `**${short(natsServers)}**` : "–"),
  ],
  ["if every node heard everything: nodes", ({ people }, values) => short(inDoubt(people, values).nodes)],
  ["… main thread spent on hearing", ({ people }, values) => percent(inDoubt(people, values).hearingShare)],
  ["… NATS servers", ({ people }, values) => short(inDoubt(people, values).natsServers)],
  ["database: cores busy with appends", ({ forAppends }) => short(forAppends)],
  ["… with read marks", ({ forMarks }) => short(forMarks)],
  ["… with connects", ({ forConnects }) => short(forConnects)],
  ["**cores of the database**", ({ databaseCores }) => `**${short(databaseCores)}**`],
  ["write-ahead log of messages", ({ wal }) => `${bytes(wal)}/s`],
  ["rows of messages, a day at this rate", ({ rowsPerDay }) => bytes(rowsPerDay)],
  ["connects/s while one node drains", ({ drainConnects }) => short(drainConnects)],
  ["… cores of the database busy with them", ({ forDrain }) => short(forDrain)],
  ["everybody back after all were sent away", ({ everybodyBack }) => `${short(everybodyBack)} s`],
];

const crowds = [1e6, 10e6, 100e6];

const walls: readonly [what: string, holds: (need: Need) => boolean, routing?: Routing][] = [
  ["one NATS server's line is full", ({ natsServers }) => natsServers <= 1],
  ["… if every node heard everything", ({ natsServers }) => natsServers <= 1, "everyNode"],
  ["a database server of 64 cores is full", ({ databaseCores }) => databaseCores <= 64],
  [
    "a main thread can do nothing but hear, if every node heard everything",
    ({ nodes }) => Number.isFinite(nodes),
    "everyNode",
  ],
];

const table = (lines: readonly (readonly string[])[]): string =>
  lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Three Markdown tables: what went in, what comes out, where the walls stand. */
export function renderSimulation(values: Values): string {
  const needs = crowds.map((people) => simulate(people, values));
  const given = (Object.keys(inputs) as InputName[]).map((name) => {
    const { unit, source, value } = inputs[name];
    return [`\`${name}\``, short(values[name]), unit, values[name] === value ? source : "yours"];
  });
  return [
    table([["input", "value", "unit", "from"], ["---", "---:", "---", "---"], ...given]),
    table([
      ["people online in one app", ...crowds.map((people) => `${people / 1e6} million`)],
      ["---", ...crowds.map(() => "---:")],
      ...rows.map(([label, cell]) => [label, ...needs.map((need) => cell(need, values))]),
    ]),
    table([
      ["wall", "people online in one app"],
      ["---", "---:"],
      ...walls.map(([what, holds, routing]) => [what, short(mostPeople(holds, values, routing))]),
    ]),
  ].join("\n\n");
}
