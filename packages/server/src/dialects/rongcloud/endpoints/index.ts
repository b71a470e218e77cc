import type { RongcloudRow } from "../endpoint.ts";
import { userRows } from "./users/index.ts";

/** Every endpoint of the Server API, by area. */
export const rongcloudRows: readonly RongcloudRow[] = [...userRows];
