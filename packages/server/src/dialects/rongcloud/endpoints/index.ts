import type { RongcloudRow } from "../endpoint.ts";
import { broadcastRows } from "./broadcasts/index.ts";
import { friendRows } from "./friends/index.ts";
import { groupRows } from "./groups/index.ts";
import { historyRows } from "./history/index.ts";
import { hostedGroupRows } from "./hosted-groups/index.ts";
import { messageRows } from "./messages/index.ts";
import { profileRows } from "./profiles/index.ts";
import { pushRows } from "./push/index.ts";
import { sensitiveWordRows } from "./sensitive-words/index.ts";
import { userRows } from "./users/index.ts";

/** Every endpoint of the Server API, by area. */
export const rongcloudRows: readonly RongcloudRow[] = [
  ...userRows,
  ...profileRows,
  ...friendRows,
  ...messageRows,
  ...broadcastRows,
  ...historyRows,
  ...groupRows,
  ...hostedGroupRows,
  ...pushRows,
  ...sensitiveWordRows,
];
