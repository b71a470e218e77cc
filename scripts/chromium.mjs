/** Finds a Chromium for the browser tests, or installs one where apt-get is there to do it. */

import { delimiter, join } from "node:path";
import { hasApt, install, isExecutable } from "./apt.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const folders = () =>
  [...new Set(["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)])].filter(Boolean);

const find = () =>
  folders()
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable) ?? null;

/** Path of a Chromium; null if there is none and none could be had. */
export const findChromium = () => {
  const chosen = process.env.PARLANCE_CHROMIUM;
  if (chosen) {
    if (isExecutable(chosen)) return chosen;
    console.error(`PARLANCE_CHROMIUM is ${chosen}, which cannot be run.`);
    return null;
  }
  const found = find();
  if (found || !hasApt()) return found;
  console.error(
    "Installing Chromium for the browser tests with apt-get; this happens once and takes a few minutes.",
  );
  if (!install("chromium")) console.error("apt-get could not install Chromium.");
  return find();
};
