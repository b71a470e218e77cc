import type { RongcloudRow } from "../endpoint.ts";
import { groupRows } from "./groups/index.ts";
import { pushRows } from "./push/index.ts";
import { userRows } from "./users/index.ts";

/** Every endpoint of the Server API, by area. */
export const rongcloudRows: readonly RongcloudRow[] = [...pushRows, ...groupRows, ...userRows];
