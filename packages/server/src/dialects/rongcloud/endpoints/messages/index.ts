import type { RongcloudRow } from "../../endpoint.ts";
import { changeRows } from "./changes.ts";
import { expansionRows } from "./expansion.ts";
import { groupRows } from "./group.ts";
import { privateRows } from "./private.ts";
import { streamRows } from "./streams.ts";
import { systemRows } from "./system.ts";

/** Sending, and changing what was sent. */
export const messageRows: readonly RongcloudRow[] = [
  ...privateRows,
  ...groupRows,
  ...systemRows,
  ...changeRows,
  ...expansionRows,
  ...streamRows,
];
