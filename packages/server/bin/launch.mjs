/**
 * Runs a TypeScript file with the Bun that package-lock.json pins, from plain Node: a fresh machine has nothing else.
 * The Bun process takes this one's place where Node can do that; otherwise it is a child that gets our signals, whose
 * exit code becomes ours, and that ends when we are killed in a way that leaves no time to tell it.
 */

import { spawn } from "node:child_process";
import { chmodSync, existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** Until bun's install script has run, a text of a few bytes stands in the binary's place. */
const isBinary = (file) => existsSync(file) && statSync(file).size > 1_000_000;

/** Where npm does not run install scripts, the package for this platform still holds the binary. */
const platformBinaries = (modules) => {
  const scope = join(modules, "@oven");
  if (!existsSync(scope)) return [];
  return readdirSync(scope)
    .filter((name) => name.startsWith("bun-"))
    .flatMap((name) => ["bun", "bun.exe"].map((file) => join(scope, name, "bin", file)));
};

/** Path of the pinned Bun below `modules` (absent: where Node finds it). Throws with what to do if there is none. */
export const findBun = (modules) => {
  let folder = modules && join(modules, "bun");
  try {
    folder ??= dirname(require.resolve("bun/package.json"));
  } catch {
    throw new Error("Bun is not installed here; run `npm ci` first.");
  }
  const file = [join(folder, "bin", "bun.exe"), ...platformBinaries(dirname(folder))].find(isBinary);
  if (file === undefined)
    throw new Error(`Bun has no binary for ${process.platform}-${process.arch} here; run \`npm ci\` again.`);
  if (process.platform !== "win32" && (statSync(file).mode & 0o111) === 0) chmodSync(file, 0o755);
  return file;
};

/** Neither a `.env` beside the server nor a missing package may change what runs. */
const bunFlags = ["--no-env-file", "--no-install"];

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"];

/** npm's shell dies of a signal without passing it on, so below npm the end of the parent is the signal. */
const isBelowNpm = ["start", "npx"].includes(process.env.npm_lifecycle_event ?? "");
const parentLookMilliseconds = 200;

const onParentGone = (act) => {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, parentLookMilliseconds);
};

/** Runs `file` in the caller's folder, terminal and environment. Does not return. */
export const launch = (file, args) => {
  const bun = findBun();
  const bunArgs = [...bunFlags, file, ...args];
  if (typeof process.execve === "function" && !isBelowNpm) {
    process.emitWarning = () => {}; // Node calls execve experimental on every start.
    process.execve(bun, [bun, ...bunArgs], process.env);
  }
  // The child reads the pipe's end: when we are gone, however that came, it sees the pipe close (cli/lifeline.ts).
  const child = spawn(bun, bunArgs, {
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    env: { ...process.env, PARLANCE_LIFELINE_FD: "3" },
  });
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  if (isBelowNpm) onParentGone(() => child.kill("SIGTERM"));
  child.on("error", (error) => {
    console.error(`Bun could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
};
