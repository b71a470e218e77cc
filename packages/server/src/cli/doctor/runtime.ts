import { spawnSync } from "node:child_process";
import { type Finding, ok, warn } from "./check.ts";

const oldestNode = 20;

/** Node only launches, so its absence is no trouble to a server that runs. */
export const checkRuntime = (): Finding => {
  const { bun } = process.versions;
  const runtime = bun ? `Bun ${bun}` : `Node ${process.versions.node}`;
  const found = spawnSync("node", ["--version"], { encoding: "utf8", timeout: 5000 }).stdout?.trim() ?? "";
  const major = Number(/^v(\d+)/.exec(found)?.[1]);
  if (found === "") return ok(`${runtime}; no Node on the path.`);
  return major >= oldestNode
    ? ok(`${runtime}, launched by Node ${found.slice(1)}.`)
    : warn(`${runtime}; Node ${found.slice(1)} is too old.`, `Install Node ${oldestNode} or newer.`);
};
