import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { startPatience } from "../packages/server/src/testing/until.ts";

export { freePort } from "../packages/server/src/testing/free-port.ts";

const main = resolve(import.meta.dir, "../packages/server/src/main.ts");

/** A server in a process of its own, as a supervisor would run it. */
export interface ServerProcess {
  process: ChildProcess;
  /** Resolves with exit code and signal, once all output is there. */
  exited: Promise<[number | null, NodeJS.Signals | null]>;
  /** Everything written to standard output and standard error. */
  output(): string;
}

/** Starts `parlance start` and waits until it can take messages. `env` is all of its environment besides PATH. */
export async function startServerProcess(
  url: string,
  env: Record<string, string>,
  args: readonly string[] = [],
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [main, "start", ...args], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  // Not "exit": that comes before the last of the output.
  const exited = once(child, "close") as ServerProcess["exited"];
  const deadline = Date.now() + startPatience;
  while (!(await isReady(url))) {
    if (child.exitCode === null && child.signalCode === null && Date.now() < deadline) continue;
    child.kill("SIGKILL");
    await exited;
    throw new Error(`The server did not start:\n${output}`);
  }
  return { process: child, exited, output: () => output };
}

async function isReady(url: string): Promise<boolean> {
  try {
    if ((await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) })).ok) return true;
  } catch {}
  await new Promise((resolve) => setTimeout(resolve, 5));
  return false;
}
