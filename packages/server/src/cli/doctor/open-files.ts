/** One connection is one open file, so this limit is the limit of connections. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { type Finding, ok, warn } from "./check.ts";

/** The database, logs, libraries and listening sockets need some too. */
const reserved = 100;
const enough = 10_000;

/** Infinity for "unlimited"; null where it can't be known. */
const readLimit = (): number | null => {
  const parse = (text: string | undefined) =>
    text === "unlimited" ? Number.POSITIVE_INFINITY : Number(text);
  try {
    return parse(/^Max open files\s+(\w+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]);
  } catch {
    const { stdout, status } = spawnSync("sh", ["-c", "ulimit -n"], { encoding: "utf8", timeout: 5000 });
    return status === 0 ? parse(stdout.trim()) : null;
  }
};

const withCommas = (count: number): string => count.toLocaleString("en-US");

export const checkOpenFiles = (): Finding => {
  const limit = readLimit();
  if (limit === null || Number.isNaN(limit)) return ok("This system does not tell its limit of open files.");
  if (limit === Number.POSITIVE_INFINITY) return ok("Open files are not limited.");
  const carries = withCommas(Math.max(0, limit - reserved));
  const text = `${withCommas(limit)} open files carry about ${carries} connections.`;
  const raise = "More: `ulimit -n 1000000` before the start, or LimitNOFILE=1000000 in the systemd unit.";
  return limit < enough ? warn(text, raise) : { ...ok(text), advice: raise };
};
