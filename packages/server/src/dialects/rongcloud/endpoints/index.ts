import type { RongcloudRow } from "../endpoint.ts";
import { groupRows } from "./groups/index.ts";
import { messageRows } from "./messages/index.ts";
import { pushRows } from "./push/index.ts";
import { userRows } from "./users/index.ts";

/** Every endpoint of the Server API, by area. */
export const rongcloudRows: readonly RongcloudRow[] = [
  ...messageRows,
  ...groupRows,
  ...pushRows,
  ...userRows,
];
