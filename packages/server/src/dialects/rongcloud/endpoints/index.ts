import type { RongcloudRow } from "../endpoint.ts";
import { messageRows } from "./messages/index.ts";

/** Every endpoint of the Server API, by area. */
export const rongcloudRows: readonly RongcloudRow[] = [...messageRows];
