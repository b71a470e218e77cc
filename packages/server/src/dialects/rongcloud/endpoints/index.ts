import type { RongcloudRow } from "../endpoint.ts";
import { broadcastRows } from "./broadcasts/index.ts";
import { groupRows } from "./groups/index.ts";
import { historyRows } from "./history/index.ts";
import { messageRows } from "./messages/index.ts";
import { pushRows } from "./push/index.ts";

/** Every endpoint of the Server API, by area. */
export const rongcloudRows: readonly RongcloudRow[] = [
  ...messageRows,
  ...broadcastRows,
  ...historyRows,
  ...groupRows,
  ...pushRows,
];
