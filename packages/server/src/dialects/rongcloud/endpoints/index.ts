import type { RongcloudRow } from "../endpoint.ts";
import { sensitiveWordRows } from "./sensitive-words/index.ts";

/** Every endpoint of the Server API, by area. */
export const rongcloudRows: readonly RongcloudRow[] = [...sensitiveWordRows];
