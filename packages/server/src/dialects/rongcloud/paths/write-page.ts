/** `npm run reference` writes docs/rongcloud/paths.md anew. */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { rongcloudRows } from "../endpoints/index.ts";
import { renderPaths } from "./page.ts";

const page = fileURLToPath(new URL("../../../../../../docs/rongcloud/paths.md", import.meta.url));
mkdirSync(dirname(page), { recursive: true });
writeFileSync(page, renderPaths(rongcloudRows));
console.log("docs/rongcloud/paths.md");
