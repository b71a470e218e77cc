/** Builds the demo's page when something it is made of changed; otherwise costs a few milliseconds. */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./setup.mjs";

const page = join(root, "packages/demo/page");
const stamp = join(root, "packages/demo/dist/.built");
const sources = [
  page,
  join(root, "packages/client/src"),
  join(root, "packages/protocol/src"),
  join(root, "package-lock.json"),
];

const filesOf = (path) =>
  statSync(path).isDirectory()
    ? readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort()
    : [path];

const hashOfSources = () => {
  const hash = createHash("sha256");
  for (const file of sources.flatMap(filesOf))
    hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest("hex");
};

export const buildDemoPage = async () => {
  const hash = hashOfSources();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  console.error("Building the demo's page; this happens once and takes a few seconds.");
  const { NODE_ENV } = process.env;
  // Whatever this process is for, the page gets React as it is for people.
  process.env.NODE_ENV = "production";
  const { build } = await import("vite");
  await build({ root: page, configFile: join(page, "vite.config.ts"), logLevel: "warn" });
  if (NODE_ENV === undefined) delete process.env.NODE_ENV;
  else process.env.NODE_ENV = NODE_ENV;
  writeFileSync(stamp, hash);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildDemoPage();
