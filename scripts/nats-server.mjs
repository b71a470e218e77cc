/**
 * Finds a nats-server for the tests of the bus, or takes the one out of Debian's package. The package is unpacked
 * beside our dependencies rather than installed, so that no service starts and the machine stays as it was.
 */

import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { download, hasApt, isExecutable, runHere } from "./apt.mjs";
import { root } from "./setup.mjs";

const unpacked = join(root, "node_modules/.cache/nats-server");

const find = () =>
  [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/bin", join(unpacked, "usr/sbin")]
    .filter(Boolean)
    .map((folder) => join(folder, "nats-server"))
    .find(isExecutable) ?? null;

const fetch = () => {
  if (!hasApt()) return;
  console.error("Fetching nats-server for the tests with apt-get; this happens once.");
  const parent = join(unpacked, "..");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "nats-server-"));
  const isThere = download("nats-server", folder);
  const file = readdirSync(folder).find((name) => name.endsWith(".deb"));
  if (isThere && file && runHere(["dpkg-deb", "-x", file, "root"], folder)) {
    rmSync(unpacked, { recursive: true, force: true });
    renameSync(join(folder, "root"), unpacked);
  } else console.error("apt-get could not fetch nats-server.");
  rmSync(folder, { recursive: true, force: true });
};

/** Path of a nats-server; null if there is none and none could be had. */
export const findNatsServer = () => {
  const chosen = process.env.PARLANCE_NATS_SERVER;
  if (chosen) {
    if (isExecutable(chosen)) return chosen;
    console.error(`PARLANCE_NATS_SERVER is ${chosen}, which cannot be run.`);
    return null;
  }
  const found = find();
  if (found) return found;
  fetch();
  return find();
};
