/**
 * Finds HAProxy for the test of deploy/haproxy.cfg, or installs it where apt-get is there to do it (its package's own settings listen
 * nowhere). Prints its path.
 */

import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const find = () =>
  [
    process.env.PARLANCE_HAPROXY ?? "",
    ...[...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"]
      .filter(Boolean)
      .map((folder) => join(folder, "haproxy")),
  ].find(isExecutable) ?? null;

const apt = (...args) => {
  const [command, ...rest] = [...(process.getuid?.() === 0 ? [] : ["sudo", "-n"]), "apt-get", "-q", ...args];
  return (
    spawnSync(command, rest, {
      stdio: ["ignore", "ignore", 2],
      timeout: 5 * 60_000,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    }).status === 0
  );
};

const install = () => {
  const get = () => apt("install", "-y", "--no-install-recommends", "haproxy");
  // Lists may be missing or old; either way an update mends it.
  return get() || (apt("update") && get());
};

if (find() === null && existsSync("/usr/bin/apt-get")) install();
const found = find();
if (found === null) console.error("There is no haproxy. Set PARLANCE_HAPROXY to one and run again.");
else console.log(found);
process.exit(found === null ? 1 : 0);
