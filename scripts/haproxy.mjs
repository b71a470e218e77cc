/**
 * Finds HAProxy for the test of deploy/haproxy.cfg, or installs it where apt-get is there to do it (its package's own settings listen
 * nowhere). Prints its path.
 */

import { delimiter, join } from "node:path";
import { hasApt, install, isExecutable } from "./apt.mjs";

const find = () =>
  [
    process.env.PARLANCE_HAPROXY ?? "",
    ...[...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"]
      .filter(Boolean)
      .map((folder) => join(folder, "haproxy")),
  ].find(isExecutable) ?? null;

if (find() === null && hasApt()) install("haproxy");
const found = find();
if (found === null) console.error("There is no haproxy. Set PARLANCE_HAPROXY to one and run again.");
else console.log(found);
process.exit(found === null ? 1 : 0);
