/** `node scripts/run-bun.mjs FILE args…`: runs a TypeScript file with the pinned Bun. */

import { resolve } from "node:path";
import { setUp } from "./setup.mjs";

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error("Usage: node scripts/run-bun.mjs FILE [arguments]");
  process.exit(2);
}
setUp();
const { launch } = await import("../packages/server/bin/launch.mjs");
launch(resolve(file), args);
