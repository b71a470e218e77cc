/**
 * The process as Prometheus' dashboards expect it. prom-client's own defaults are not used: half of them read V8 and
 * libuv, which answer nonsense (event-loop lag of 292 years) on another runtime.
 */

import { readdirSync } from "node:fs";
import { Counter, Gauge, type Registry } from "prom-client";

const startedAt = Date.now() / 1000 - process.uptime();

/** Null where the system has no /proc. */
const countOpenFiles = (): number | null => {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return null;
  }
};

export const registerProcessMetrics = (registry: Registry): void => {
  const registers = [registry];
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory of the process.",
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Counter({
    name: "process_cpu_seconds_total",
    help: "User and system CPU time spent.",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    name: "process_start_time_seconds",
    help: "Start of the process since the Unix epoch.",
    registers,
  }).set(startedAt);
  if (countOpenFiles() !== null)
    new Gauge({
      name: "process_open_fds",
      help: "Open file descriptors.",
      registers,
      collect() {
        this.set(countOpenFiles() ?? 0);
      },
    });
};
