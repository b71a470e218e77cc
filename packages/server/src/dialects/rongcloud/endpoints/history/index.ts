import { cleanRows } from "./clean.ts";
import { logFileRows } from "./log-files.ts";
import { queryRows } from "./query.ts";

/** What was said before, and its end. */
export const historyRows = [...logFileRows, ...queryRows, ...cleanRows];
