/** Installs the packages when they are missing or package-lock.json changed; otherwise costs a few milliseconds. */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const lock = join(root, "package-lock.json");
const stamp = join(root, "node_modules", ".parlance-setup");
/** npm writes it at the end of each install. */
const npmStamp = join(root, "node_modules", ".package-lock.json");

const hashOfLock = () => createHash("sha256").update(readFileSync(lock)).digest("hex");

/** By us for this very lock file, or by hand after it changed. */
const isInstalled = (hash) => {
  if (!existsSync(npmStamp)) return false;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return true;
  return statSync(npmStamp).mtimeMs >= statSync(lock).mtimeMs;
};

export const setUp = () => {
  const hash = hashOfLock();
  if (!isInstalled(hash)) {
    console.error("Installing packages with npm ci; this happens once and takes about a minute.");
    const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: root,
      // What npm says goes where our own sentence goes: standard output belongs to the program that follows.
      stdio: ["ignore", 2, 2],
      shell: process.platform === "win32",
    });
    if (status !== 0) {
      console.error(`npm ci failed${error ? `: ${error.message}` : ""}; nothing was started.`);
      process.exit(1);
    }
  }
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== hash) writeFileSync(stamp, hash);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp();
