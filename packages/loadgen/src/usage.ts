import { readdirSync, readFileSync } from "node:fs";

/** What processes took so far, read from /proc; zeros where there is none (then tables show a dash). */

/** Linux counts CPU time in hundredths of a second, whatever the kernel's own tick is. */
const TICKS_PER_SECOND = 100;
const PAGE_KIB = 4;

/** CPU seconds of every thread, by `pid/tid`. */
export type CpuTimes = Record<string, number>;

export function readCpu(pids: number[]): CpuTimes {
  const times: CpuTimes = {};
  for (const pid of pids) {
    for (const thread of threadsOf(pid)) {
      const ticks = ticksOf(`/proc/${pid}/task/${thread}/stat`);
      if (ticks !== null) times[`${pid}/${thread}`] = ticks / TICKS_PER_SECOND;
    }
  }
  return times;
}

const threadsOf = (pid: number): string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
};

const ticksOf = (file: string): number | null => {
  try {
    const stat = readFileSync(file, "latin1");
    // The name, in parentheses, may hold spaces; user and system time are the 12th and 13th field after it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return null; // the thread ended between the listing and the reading
  }
};

/** Cores kept busy between two readings: by all threads, and by the busiest one. */
export interface Busy {
  cores: number;
  busiestThread: number;
}

export function busyBetween(before: CpuTimes, after: CpuTimes, seconds: number): Busy {
  const shares = Object.entries(after).map(([thread, time]) => (time - (before[thread] ?? 0)) / seconds);
  return { cores: shares.reduce((sum, share) => sum + share, 0), busiestThread: Math.max(0, ...shares) };
}

/** Resident memory in bytes, all processes together; null where /proc does not tell. */
export function readRss(pids: number[]): number | null {
  try {
    const pages = pids.map((pid) => Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]));
    return pages.reduce((sum, count) => sum + count * PAGE_KIB * 1024, 0);
  } catch {
    return null;
  }
}
