import { readdirSync, readFileSync } from "node:fs";

/** Which processes a process started, and those started in turn; read from /proc, nothing where there is none. */

interface Process {
  pid: number;
  parent: number;
  name: string;
}

const read = (pid: string): Process | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const nameEnd = stat.lastIndexOf(")");
    // After the name in parentheses: the state, then the parent.
    const parent = Number(stat.slice(nameEnd + 2).split(" ")[1]);
    return { pid: Number(pid), parent, name: stat.slice(stat.indexOf("(") + 1, nameEnd) };
  } catch {
    return null; // it ended between the listing and the reading
  }
};

const all = (): Process[] => {
  try {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(read)
      .filter((found) => found !== null);
  } catch {
    return [];
  }
};

/** Pids below `root` whose name is `name`, as the system shortens it to 15 characters. */
export function processesBelow(root: number, name: string): number[] {
  const known = all();
  const below = new Set([root]);
  for (let size = 0; size < below.size; ) {
    size = below.size;
    for (const { pid, parent } of known) if (below.has(parent)) below.add(pid);
  }
  return known
    .filter((one) => one.pid !== root && below.has(one.pid) && one.name === name)
    .map(({ pid }) => pid);
}
