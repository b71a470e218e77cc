import type { RongcloudRow } from "../endpoint.ts";

/** Every endpoint of the Server API, by area. */
export const rongcloudRows: readonly RongcloudRow[] = [];
