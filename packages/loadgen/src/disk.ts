import { closeSync, fdatasyncSync, openSync, statfsSync, writeSync } from "node:fs";
import { join } from "node:path";
import { median } from "./median.ts";

/** The disk under the servers' folders: durable sends are only as honest as its fdatasync. */
export interface Disk {
  fileSystem: string;
  /** Milliseconds to make 4 KiB durable, the median of a hundred. */
  syncMillis: number;
}

const WRITES = 100;

/** By the magic number that statfs gives, as in Linux's magic.h. */
const fileSystems: Record<number, string> = {
  61267: "ext4",
  1481003842: "xfs",
  2435016766: "btrfs",
  2035054128: "overlay",
  16914836: "tmpfs (memory: nothing here is durable)",
};

/** Takes some 25 ms on a good disk. The file stays for whoever removes the folder. */
export function measureDisk(folder: string): Disk {
  const { type } = statfsSync(folder);
  const file = openSync(join(folder, "sync-test"), "w");
  const block = Buffer.alloc(4096, 1);
  const times: number[] = [];
  for (let i = 0; i < WRITES; i++) {
    writeSync(file, block);
    const began = performance.now();
    fdatasyncSync(file);
    times.push(performance.now() - began);
  }
  closeSync(file);
  return { fileSystem: fileSystems[type] ?? `file system ${type.toString(16)}`, syncMillis: median(times) };
}
