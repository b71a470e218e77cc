/** A folder whose space can run out: a file system in memory where we may mount one. */

import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const chunk = Buffer.alloc(1024 * 1024);

export interface SmallDisk {
  folder: string;
  /** Null where nothing could be mounted: the folder is an ordinary one. */
  fill: (() => void) | null;
  empty(): void;
  remove(): void;
}

/** Takes megabytes of memory once it is filled. Linux, as root; elsewhere `fill` is null. */
export function makeSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), "parlance-faults-"));
  const ballast = join(folder, "ballast");
  const isMounted = mount(folder, megabytes);
  const remove = () => {
    process.off("exit", remove);
    if (isMounted) execFileSync("umount", ["--lazy", folder]);
    rmSync(folder, { recursive: true, force: true });
  };
  // When the run is broken off.
  process.on("exit", remove);
  return {
    folder,
    fill: isMounted ? () => writeUntilFull(ballast, folder) : null,
    empty: () => rmSync(ballast, { force: true }),
    remove,
  };
}

function mount(folder: string, megabytes: number): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0700`, "parlance-faults", folder], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

function writeUntilFull(file: string, folder: string): void {
  const handle = openSync(file, "w");
  try {
    for (;;) {
      const { bavail, bsize } = statfsSync(folder);
      writeSync(handle, chunk, 0, Math.max(1, Math.min(chunk.length, bavail * bsize)));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(handle);
  }
}
