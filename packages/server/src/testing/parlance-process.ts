/** The real launcher as a child process, for tests. */

import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { startPatience } from "./until.ts";

export const launcher = fileURLToPath(new URL("../../bin/parlance.mjs", import.meta.url));

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface ParlanceProcess {
  child: ChildProcess;
  /** Resolves when the process ended, whatever its code. */
  finished: Promise<Finished>;
  /** Resolves with the first match on either stream; rejects when the process ends before, or a minute passes. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Nothing of the tests' own settings leaks in. */
export const cleanEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PARLANCE_|PORT$)/.test(name)));

/** Collects what a child writes to its piped streams, and waits for it. */
export const watchProcess = (child: ChildProcessByStdio<null, Readable, Readable>): ParlanceProcess => {
  const seen = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      seen[name] += text;
    });
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...seen }));
  });
  const waitFor = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const settle = (settled: () => void) => {
        clearTimeout(timer);
        for (const stream of [child.stdout, child.stderr]) stream.off("data", look);
        settled();
      };
      const look = () => {
        const match = pattern.exec(seen.stdout) ?? pattern.exec(seen.stderr);
        if (match) settle(() => resolve(match));
      };
      const giveUp = (why: string) => settle(() => reject(new Error(`${why}: ${seen.stdout}${seen.stderr}`)));
      const timer = setTimeout(giveUp, startPatience, `no ${pattern} within a minute`);
      for (const stream of [child.stdout, child.stderr]) stream.on("data", look);
      void finished.then(
        () => giveUp(`ended without ${pattern}`),
        (error) => giveUp(`not started (${error.message})`),
      );
      look();
    });
  return { child, finished, waitFor };
};

export const spawnParlance = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ParlanceProcess =>
  watchProcess(
    spawn("node", [launcher, ...args], {
      env: { ...cleanEnvironment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );

/** Runs a command that ends by itself. */
export const runParlance = (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Finished> => spawnParlance(args, env).finished;
