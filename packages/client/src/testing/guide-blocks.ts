/** The TypeScript of docs/client.md, block by block. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

const guide = readFileSync(join(import.meta.dir, "../../../../docs/client.md"), "utf8");

export const guideBlocks = guide.split(/^## /m).flatMap((section) => {
  const heading = section.slice(0, section.indexOf("\n"));
  const codes = [...section.matchAll(/^```ts\n([\s\S]+?)^```$/gm)].map(([, code]) => code as string);
  return codes.map((code, index) => ({ heading, number: index + 1, code }));
});
