import type { RongcloudRow } from "../endpoint.ts";
import { broadcastRows } from "./broadcasts/index.ts";
import { historyRows } from "./history/index.ts";
import { messageRows } from "./messages/index.ts";

/** Every endpoint of the Server API, by area. */
export const rongcloudRows: readonly RongcloudRow[] = [...broadcastRows, ...historyRows, ...messageRows];
