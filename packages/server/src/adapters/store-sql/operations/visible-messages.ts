/**
 * What one user sees of a log: what is active and for everybody or for them, after the history that they cleared,
 * without the messages that they deleted for themselves. The one place that says so.
 */

import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Message, Micros } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { rowOf } from "./by-key.ts";
import { isSinceRegistered } from "./everybody.ts";
import { isHeardBy, isUnheardBySender } from "./message-traits.ts";
import { liveMessages, toMessage } from "./messages.ts";
import { oneByOne } from "./one-by-one.ts";
import { keptSince } from "./retention.ts";

export interface Viewer {
  appId: number;
  userId: string;
  /** What is older does not exist for them; absent: what the app's retention says. Null counts as the end of time. */
  since?: RawBuilder<Micros>;
}

const sinceOf = ({ appId, since }: Viewer): RawBuilder<Micros> => since ?? keptSince(appId);

/**
 * Of message `name`, for the user whose settings are joined as `s`. Changes are never active, and never recalled; what was
 * recalled can be seen as that, and counts for nothing.
 */
export const isVisible = (name: string, viewer: Viewer, withRecalled = false): RawBuilder<SqlBool> => {
  const { userId } = viewer;
  const message = (column: string) => sql.ref(`${name}.${column}`);
  const exists = (table: string) => sql`exists (
    select 1 from ${sql.table(table)} d
    where d.app_id = ${message("app_id")} and d.conversation_id = ${message("conversation_id")}
      and d.user_id = ${userId} and d.sent_at = ${message("sent_at")} ${oneByOne})`;
  const recalled = withRecalled
    ? sql`or (${message("recalled")} = 1 and ${message("is_hidden")} = 0)`
    : sql``;
  return sql<SqlBool>`(${message("is_active")} = 1 ${recalled})
    and ${message("sent_at")} > coalesce(s.cleared_up_to, 0)
    and ${message("sent_at")} >= ${sinceOf(viewer)}
    and (${message("to_users")} is null or ${exists("recipients")})
    and not ${exists("own_deletions")}
    and ${isHeardBy(name, userId)}`;
};

/** The time before which nothing is unread: of read mark `r` or of what was cleared in `s`, whichever is later. */
const readUpTo = sql<Micros>`case when coalesce(s.cleared_up_to, 0) > coalesce(r.sent_at, 0)
  then s.cleared_up_to else coalesce(r.sent_at, 0) end`;

/** How many counted messages of a conversation `c` of an app `a` are too old for the viewer; of `is_counted` 2 is none. */
const countPast = (viewer: Viewer): RawBuilder<number> => {
  const past = sql<number>`coalesce(
    (select first.counted - (first.is_counted & 1) from messages as first
      where first.app_id = ${viewer.appId} and first.conversation_id = c.id and first.sent_at >= ${sinceOf(viewer)}
      order by first.sent_at limit 1), c.last_counted)`;
  return viewer.since ? past : sql`case when a.retention_days is null then 0 else ${past} end`;
};

/** The greatest, in words that both databases know. */
const greatest = (numbers: RawBuilder<number>[]): RawBuilder<number> =>
  sql<number>`(select max(n) from (${sql.join(
    numbers.map((number) => sql`select ${number} as n`),
    sql` union all `,
  )}) as numbers)`;

/**
 * Counted messages of conversation `c` after that time, without those that the user doesn't see. Arithmetic between
 * running numbers; what must be subtracted is few, and has indexes of its own. With a retention nobody has unread
 * messages before the first that is kept, whose own number says how many those were.
 */
export const unreadOf = (viewer: Viewer): RawBuilder<number> => sql<number>`
  c.last_counted
  - ${greatest([sql`coalesce(s.cleared_counted, 0)`, sql`coalesce(r.counted, 0)`, countPast(viewer)])}
  - (select count(*) from messages h
    where h.app_id = c.app_id and h.conversation_id = c.id and h.is_active = 0 and h.is_counted = 1
      and h.sent_at > ${readUpTo} and h.sent_at >= ${sinceOf(viewer)})
  - (select count(*) from own_deletions d
    where d.app_id = c.app_id and d.conversation_id = c.id and d.user_id = ${viewer.userId}
      and d.sent_at > ${readUpTo} and d.sent_at >= ${sinceOf(viewer)} and exists (select 1 from messages h
        where h.app_id = d.app_id and h.conversation_id = d.conversation_id and h.sent_at = d.sent_at
          and h.is_active = 1 and h.is_counted = 1 and ${isHeardBy("h", viewer.userId)} ${oneByOne}))
  - (select count(*) from messages h
    where h.app_id = c.app_id and h.conversation_id = c.id and h.sender_id = ${viewer.userId}
      and ${isUnheardBySender("h")} and h.sent_at > ${readUpTo} and h.sent_at >= ${sinceOf(viewer)} and h.is_active = 1 and h.is_counted = 1)
  + (select count(*) from recipients q
    where q.app_id = c.app_id and q.conversation_id = c.id and q.user_id = ${viewer.userId}
      and q.sent_at > ${readUpTo} and exists (select 1 from messages v
        where v.app_id = q.app_id and v.conversation_id = q.conversation_id and v.sent_at = q.sent_at
          and v.is_counted = 2 and ${isVisible("v", viewer)} ${oneByOne}))`;

/** Messages after that time that mention the user or everybody, and are not the user's own; at most `cap`. */
export const mentionsOf = (viewer: Viewer, cap: number): RawBuilder<number> => sql<number>`
  (select count(*) from (
    select 1 from (${sql.join(
      ["", viewer.userId].map(
        (name) => sql`select n.app_id, n.conversation_id, n.sent_at from mentions n
          where n.app_id = c.app_id and n.conversation_id = c.id and n.user_id = ${name} and n.sent_at > ${readUpTo}`,
      ),
      sql` union all `,
    )}) as n
    where exists (select 1 from messages v
      where v.app_id = n.app_id and v.conversation_id = n.conversation_id and v.sent_at = n.sent_at
        and coalesce(v.sender_id, '') <> ${viewer.userId} and ${isVisible("v", viewer)} ${oneByOne})
    limit ${Math.max(0, cap)}) as found)`;

export const visibleReads = {
  async listVisibleMessages(
    db: Db,
    appId: number,
    conversationId: number,
    userId: string,
    before: Micros | null,
    limit: number,
  ): Promise<Message[]> {
    const rows = await liveMessages(db, appId)
      .leftJoin(rowOf(db, "conversation_settings", userId).as("s"), (join) =>
        join
          .onRef("s.app_id", "=", "c.app_id")
          .onRef("s.conversation_id", "=", "c.id")
          .on("s.user_id", "=", userId),
      )
      .where("m.app_id", "=", appId)
      .where("m.conversation_id", "=", conversationId)
      .$if(before !== null, (query) => query.where("m.sent_at", "<", before as Micros))
      .where(isVisible("m", { appId, userId }))
      .where(isSinceRegistered(appId, userId, sql`m.sent_at`))
      .orderBy("m.sent_at", "desc")
      .limit(Math.max(0, limit))
      .execute();
    return rows.map(toMessage);
  },
};
