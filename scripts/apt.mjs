/** apt-get for what the tests need and this machine lacks: patient with whoever holds its lock, and tried twice. */

import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";

export const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Who is not root may be allowed to become so without being asked. */
const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];

const mostMilliseconds = 15 * 60_000;

/** Whether the command ended well. What it says goes to standard error; `input` is written to it. */
const run = ([command, ...args], { cwd, input } = {}) =>
  spawnSync(command, args, {
    cwd,
    input,
    stdio: [input === undefined ? "ignore" : "pipe", "ignore", 2],
    timeout: mostMilliseconds,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  }).status === 0;

export const runHere = (command, cwd) => run(command, { cwd });
export const runAsRoot = (command, input) => run([...asRoot, ...command], { input });

const aptGet = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"];

export const hasApt = () => existsSync("/usr/bin/apt-get");

/** Lists may be missing (a fresh image) or old (the file they name is gone): an update mends either, once. */
const orAfterUpdate = (attempt) => {
  if (attempt()) return true;
  runAsRoot([...aptGet, "update"]);
  return attempt();
};

/** Whether the packages are installed now. */
export const install = (...packages) =>
  orAfterUpdate(() => runAsRoot([...aptGet, "install", "-y", "--no-install-recommends", ...packages]));

/** Whether the package's file lies in the folder now; nothing is installed. */
export const download = (name, folder) =>
  orAfterUpdate(() => runHere([...aptGet, "-o", "APT::Sandbox::User=root", "download", name], folder));
