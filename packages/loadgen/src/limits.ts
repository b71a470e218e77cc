import { readFileSync } from "node:fs";

/** What this machine allows one process to hold, so that a scenario can be shrunk and say so. */
export interface Limits {
  /** Files (so sockets) that one process may open. */
  openFiles: number;
  /** Source ports towards one destination address and port. */
  sourcePorts: number;
}

/** Files a process needs besides its connections: database, modules, pipes, the back end's requests. */
const RESERVED_FILES = 600;
/** Finding a free source port gets slow when the range is nearly used up. */
const SHARE_OF_PORTS = 0.9;

const read = (file: string): string => {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
};

export function readLimits(): Limits {
  const files = /^Max open files\s+(\d+)/m.exec(read("/proc/self/limits"));
  const ports = /^(\d+)\s+(\d+)/.exec(read("/proc/sys/net/ipv4/ip_local_port_range"));
  return {
    openFiles: files === null ? 1024 : Number(files[1]),
    sourcePorts: ports === null ? 16_000 : Number(ports[2]) - Number(ports[1]) + 1,
  };
}

/** The connections that fit a server process and its generator, and what kept it from being `wanted`. */
export function connectionsThatFit(wanted: number, limits: Limits): { count: number; reason: string | null } {
  const byFiles = limits.openFiles - RESERVED_FILES;
  const byPorts = Math.floor(limits.sourcePorts * SHARE_OF_PORTS);
  const count = Math.max(1, Math.min(wanted, byFiles, byPorts));
  if (count === wanted) return { count, reason: null };
  const reason =
    byFiles < byPorts
      ? `a process may open ${limits.openFiles} files (ulimit -n)`
      : `there are ${limits.sourcePorts} source ports (net.ipv4.ip_local_port_range)`;
  return { count, reason };
}
