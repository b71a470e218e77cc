/** What becomes of every path that RongCloud's back ends know. */

import { readFileSync } from "node:fs";
import type { RongcloudRow } from "../endpoint.ts";
import { differences, notOffered, refusingRows } from "./reasons.ts";

export interface KnownPath {
  method: string;
  path: string;
}

export type PathState = KnownPath &
  (
    | { state: "works"; row: RongcloudRow }
    | { state: "differs"; row: RongcloudRow; how: string }
    | { state: "not offered"; why: string }
    /** A fault of ours: `reasons.ts` has to say why, or a row has to answer. */
    | { state: "unknown" }
  );

/** `known-paths.txt`: those of the documents and of six official SDKs. */
export const knownPaths: readonly KnownPath[] = readFileSync(
  new URL("known-paths.txt", import.meta.url),
  "utf8",
)
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [method = "", path = ""] = line.split(" ");
    return { method, path };
  });

const answers = ({ path, method }: KnownPath, row: RongcloudRow): boolean =>
  (row.method ?? "POST") === method && (row.path === path || (row.aliases ?? []).includes(path));

export function statesOf(
  rows: readonly RongcloudRow[],
  paths: readonly KnownPath[] = knownPaths,
): PathState[] {
  return paths.map((known) => {
    const row = rows.find((one) => answers(known, one) && !refusingRows.has(one.path));
    if (row !== undefined) {
      const how = differences[row.path];
      return how === undefined ? { ...known, state: "works", row } : { ...known, state: "differs", row, how };
    }
    const why = notOffered.find(({ paths: pattern }) => pattern.test(known.path))?.why;
    return why === undefined ? { ...known, state: "unknown" } : { ...known, state: "not offered", why };
  });
}
