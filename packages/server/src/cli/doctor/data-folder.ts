/** The folder of the database: is it writable, has its disk room, and how long does that disk take to promise? */

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Finding, fail, ok, warn } from "./check.ts";

const GiB = 1024 ** 3;
const syncRounds = 20;
const slowMilliseconds = 10;

/** The folder, or the nearest one above it that exists: the server would make the rest. */
export const nearestFolder = (path: string): string => {
  let folder = resolve(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
};

export const checkDataFolder = (dataDir: string): Finding => {
  const folder = nearestFolder(dataDir);
  const move = "Give it to the user that runs Parlance, or set PARLANCE_DATA to another folder.";
  if (!statSync(folder).isDirectory()) return fail(`${folder} is a file.`, "Set PARLANCE_DATA to a folder.");
  try {
    rmSync(mkdtempSync(join(folder, ".parlance-doctor-")), { recursive: true });
  } catch {
    return fail(`${folder} is not writable.`, move);
  }
  const { bavail, bsize } = statfsSync(folder);
  const free = `${((bavail * bsize) / GiB).toFixed(1)} GiB free`;
  if (bavail * bsize < GiB)
    return warn(`${folder} is writable, ${free}.`, "Make room: a full disk refuses messages.");
  const missing = folder === resolve(dataDir) ? "" : "; the data folder is made at the first start";
  return ok(`${folder} is writable, ${free}${missing}.`);
};

/** Median milliseconds of writing a page and having the disk confirm it. */
const measureSync = (folder: string): number => {
  const place = mkdtempSync(join(folder, ".parlance-doctor-"));
  const fd = openSync(join(place, "sync"), "w");
  const page = Buffer.alloc(4096, 1);
  try {
    const times = Array.from({ length: syncRounds }, () => {
      const started = performance.now();
      writeSync(fd, page);
      fsyncSync(fd);
      return performance.now() - started;
    });
    return times.sort((one, other) => one - other)[syncRounds / 2] ?? 0;
  } finally {
    closeSync(fd);
    rmSync(place, { recursive: true });
  }
};

export const checkDiskSync = (dataDir: string): Finding => {
  const folder = nearestFolder(dataDir);
  try {
    const median = measureSync(folder);
    const text = `This disk confirms a write in ${median.toFixed(1)} ms (median of ${syncRounds}).`;
    return median > slowMilliseconds
      ? warn(text, "Every send waits for that; put PARLANCE_DATA on a local SSD.")
      : ok(text);
  } catch {
    return fail(`Nothing can be written to ${folder}.`, "See the data folder above.");
  }
};
