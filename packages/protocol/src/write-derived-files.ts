/** `npm run reference`. */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { derivedFiles } from "./derived-files.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

for (const [path, render] of Object.entries(derivedFiles)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), render());
  console.log(path);
}
