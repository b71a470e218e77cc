/** What is written from the tables: the reference page and the vectors. `npm run reference` writes them anew. */

import { renderReference } from "./reference/page.ts";
import { closes } from "./vectors/closes.ts";
import { goodFrames } from "./vectors/good-frames.ts";
import { outcomes } from "./vectors/outcomes.ts";

const json = (rows: readonly unknown[]): string =>
  `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(",\n")}\n]\n`;

/** Path from the repository's root, and what must stand there. */
export const derivedFiles: Readonly<Record<string, () => string>> = {
  "docs/reference/protocol.md": renderReference,
  "packages/protocol/vectors/frames.json": () => json(goodFrames),
  "packages/protocol/vectors/outcomes.json": () => json(outcomes),
  "packages/protocol/vectors/closes.json": () => json(closes),
};
