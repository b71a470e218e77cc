/** `docs/rongcloud/paths.md`: every known path, and what becomes of it here. */

import type { RongcloudRow } from "../endpoint.ts";
import { type PathState, statesOf } from "./states.ts";

const areaOf = ({ path }: { path: string }): string => path.split("/")[1]?.replace(/\.json$/, "") ?? "";

const cell = (text: string): string => text.replaceAll("|", "\\|");

function noteOf(entry: PathState): string {
  switch (entry.state) {
    case "works":
      return entry.row.path === entry.path ? entry.row.summary : `As \`${entry.row.path}\`.`;
    case "differs":
      return `${entry.row.summary} ${entry.how}`;
    case "not offered":
      return entry.why;
    case "unknown":
      return "";
  }
}

const line = (entry: PathState): string => {
  const method = entry.method === "POST" ? "" : `${entry.method} `;
  return `| ${method}\`${entry.path}\` | ${entry.state} | ${cell(noteOf(entry))} |`;
};

const section = (name: string, entries: readonly PathState[]): string =>
  [`## ${name}`, "", "| path | here | |", "|---|---|---|", ...entries.map(line), ""].join("\n");

/** Rows at paths that neither the documents' list nor an SDK names, as newer documents do. */
const othersOf = (rows: readonly RongcloudRow[], states: readonly PathState[]): PathState[] => {
  const listed = new Set(states.map(({ path }) => path));
  return rows
    .flatMap((row) => [row.path, ...(row.aliases ?? [])].map((path) => ({ row, path })))
    .filter(({ path }) => !listed.has(path))
    .map(({ row, path }) => ({ method: row.method ?? "POST", path, state: "works", row }));
};

export function renderPaths(rows: readonly RongcloudRow[]): string {
  const states = statesOf(rows);
  const all = [...states, ...othersOf(rows, states)].sort((a, b) => (a.path < b.path ? -1 : 1));
  const count = (state: PathState["state"]) => states.filter((entry) => entry.state === state).length;
  const areas = [...Map.groupBy(all, areaOf)].map(([name, entries]) => section(name, entries));
  return `# RongCloud's paths

Every path of RongCloud's list of server calls, and every one that its server SDKs call. POST, if nothing else is said.
This page is made of the table of endpoints (\`npm run reference\`); each works as \`/rongcloud/docs/\` of a running
server says, with [these decisions](decisions) where the original's documents say nothing.

Of ${states.length}: ${count("works")} work, ${count("differs")} differ, ${count("not offered")} are not offered.

${areas.join("\n")}`;
}
