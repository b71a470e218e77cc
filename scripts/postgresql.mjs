/** Finds the programs of a PostgreSQL server for the tests, or installs them where apt-get is there to do it. */

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { hasApt, install, isExecutable, runAsRoot } from "./apt.mjs";

const oldest = 15;
const packaged = "/usr/lib/postgresql";

const hasServer = (folder) => ["initdb", "postgres"].every((program) => isExecutable(join(folder, program)));

const isNewEnough = (folder) => {
  const said = spawnSync(join(folder, "postgres"), ["--version"], {
    encoding: "utf8",
    timeout: 60_000,
  }).stdout;
  return Number(/\d+/.exec(said ?? "")?.[0] ?? 0) >= oldest;
};

const folders = () => [
  ...(existsSync(packaged) ? readdirSync(packaged) : [])
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(packaged, version, "bin")),
  ...(process.env.PATH ?? "").split(delimiter).filter(Boolean),
];

const find = () => folders().find((folder) => hasServer(folder) && isNewEnough(folder)) ?? null;

/**
 * Debian's package makes a database server of the machine's own and starts it; we want the programs alone. Its settings
 * say so only while ours is installed: one that the machine wants later is made as ever.
 */
const withoutCluster = (act) => {
  const settings = "/etc/postgresql-common/createcluster.conf";
  const line = "create_main_cluster = false # for the tests of Parlance";
  if (!runAsRoot(["tee", "-a", settings], `${line}\n`)) return false;
  try {
    return act();
  } finally {
    runAsRoot(["sed", "-i", "/for the tests of Parlance$/d", settings]);
  }
};

/** The folder of the programs of PostgreSQL 15 or newer; null if there is none and none could be had. */
export const findPostgresql = () => {
  const chosen = process.env.PARLANCE_POSTGRESQL;
  if (chosen) {
    if (hasServer(chosen)) return chosen;
    console.error(`PARLANCE_POSTGRESQL is ${chosen}, which holds no PostgreSQL server.`);
    return null;
  }
  const found = find();
  if (found || !hasApt()) return found;
  console.error("Installing PostgreSQL for the tests of its store with apt-get; this happens once.");
  const isDone = install("postgresql-common") && withoutCluster(() => install("postgresql"));
  if (!isDone) console.error("apt-get could not install PostgreSQL.");
  return find();
};
