/** From when on an app's messages are kept. One clock decides: that of the node that asks. */

import { sql } from "kysely";
import { CLIENT_ID_DAYS, type Micros } from "../../../ports/store.ts";

export const DAY: Micros = 86_400_000_000;

/**
 * Messages before this time do not exist for their readers; 0 for an app that keeps them forever. A subquery that the
 * databases compute once, before they look for messages: so it bounds the search and leaves out older partitions.
 */
export const keptSince = (appId: number) => sql<Micros>`(select coalesce(
  ${Date.now() * 1000} - kept.retention_days * ${sql.lit(DAY)}, 0) from apps as kept where kept.id = ${appId})`;

/** Messages before this time are removed: later than they vanish where client ids must be known for longer. */
export const removableBefore = (retentionDays: number, now: Micros): Micros =>
  now - Math.max(retentionDays, CLIENT_ID_DAYS) * DAY;
