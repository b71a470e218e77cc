import { execFileSync, type StdioOptions } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { type Disk, measureDisk } from "./disk.ts";
import { newFolder, removeFolder } from "./processes.ts";

/** Where and what was measured: without it a number means nothing. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGiB: number;
  system: string;
  disk: Disk;
  bun: string;
  node: string;
  /** Commit of the working tree, with `+` when files differ from it. */
  commit: string;
}

const output = (command: string, ...args: string[]): string => {
  try {
    const stdio: StdioOptions = ["ignore", "pipe", "ignore"];
    return execFileSync(command, args, { cwd: import.meta.dirname, encoding: "utf8", stdio }).trim();
  } catch {
    return "";
  }
};

const distribution = (): string => {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? "";
  } catch {
    return "";
  }
};

const diskUnderTemporaryFolders = (): Disk => {
  const folder = newFolder();
  try {
    return measureDisk(folder);
  } finally {
    removeFolder(folder);
  }
};

export function describeMachine(): Machine {
  const hasChanges = output("git", "status", "--porcelain", "--untracked-files=no") !== "";
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: [type(), release(), distribution()].filter(Boolean).join(" "),
    disk: diskUnderTemporaryFolders(),
    bun: process.versions.bun ?? "none",
    node: output("node", "--version").replace(/^v/, "") || "none",
    commit: (output("git", "rev-parse", "--short", "HEAD") || "unknown") + (hasChanges ? "+" : ""),
  };
}

export const machineLine = (machine: Machine): string =>
  `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}; ` +
  `${machine.disk.fileSystem}, fdatasync ${machine.disk.syncMillis.toFixed(2)} ms; ` +
  `Bun ${machine.bun}, Node ${machine.node}; commit ${machine.commit}`;
