/** Finds a Chromium for the browser tests, or installs one where apt-get is there to do it. */

import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const folders = () =>
  [...new Set(["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)])].filter(Boolean);

const find = () =>
  folders()
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable) ?? null;

const run = (command, args) =>
  spawnSync(command, args, {
    stdio: ["ignore", "ignore", 2],
    timeout: 15 * 60_000,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  }).status === 0;

const install = () => {
  if (!existsSync("/usr/bin/apt-get")) return;
  console.error(
    "Installing Chromium for the browser tests with apt-get; this happens once and takes a few minutes.",
  );
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const apt = (...args) => {
    const [command, ...rest] = [...asRoot, "apt-get", "-q", ...args];
    return run(command, rest);
  };
  if (!apt("update") || !apt("install", "-y", "--no-install-recommends", "chromium"))
    console.error("apt-get could not install Chromium.");
};

/** Path of a Chromium; null if there is none and none could be had. */
export const findChromium = () => {
  const chosen = process.env.PARLANCE_CHROMIUM;
  if (chosen) {
    if (isExecutable(chosen)) return chosen;
    console.error(`PARLANCE_CHROMIUM is ${chosen}, which cannot be run.`);
    return null;
  }
  const found = find();
  if (found) return found;
  install();
  return find();
};
