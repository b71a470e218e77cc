/** Who was mentioned where. The rows are written with the message; whether it still shows is asked of the message. */

import { sql } from "kysely";
import type { Message, Micros } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { messagesByTime, rowOf } from "./by-key.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import { messageColumns, toMessage } from "./messages.ts";
import { oneByOne } from "./one-by-one.ts";
import { keptSince } from "./retention.ts";
import { mentionsOf } from "./visible-messages.ts";

export const mentionReads = {
  async countMentions(
    db: Db,
    appId: number,
    conversationIds: number[],
    userId: string,
    cap: number,
  ): Promise<number[]> {
    const counts = new Map<number, number>();
    for (const list of idLists(conversationIds)) {
      const rows = await liveConversations(db, appId, list)
        .leftJoin(rowOf(db, "read_marks", userId).as("r"), (join) =>
          join
            .onRef("r.app_id", "=", "c.app_id")
            .onRef("r.conversation_id", "=", "c.id")
            .on("r.user_id", "=", userId),
        )
        .leftJoin(rowOf(db, "conversation_settings", userId).as("s"), (join) =>
          join
            .onRef("s.app_id", "=", "c.app_id")
            .onRef("s.conversation_id", "=", "c.id")
            .on("s.user_id", "=", userId),
        )
        .select(["c.id", mentionsOf({ appId, userId }, cap).as("count")])
        .execute();
      for (const { id, count } of rows) counts.set(id, Number(count));
    }
    return conversationIds.map((id) => counts.get(id) ?? 0);
  },

  async listMentions(
    db: Db,
    appId: number,
    conversationId: number,
    userId: string,
    before: Micros | null,
    limit: number,
  ): Promise<Message[]> {
    const most = Math.max(0, limit);
    // Each part is in order as it is stored.
    const ofName = (name: string) => sql`select * from (select n.sent_at from mentions n
      where n.app_id = ${appId} and n.conversation_id = ${conversationId} and n.user_id = ${name}
        and n.sent_at < ${before ?? Number.MAX_SAFE_INTEGER} and exists (select 1 from messages v
          where v.app_id = n.app_id and v.conversation_id = n.conversation_id and v.sent_at = n.sent_at
            and v.is_active = 1 and coalesce(v.sender_id, '') <> ${userId} and v.sent_at >= ${keptSince(appId)} ${oneByOne})
      order by n.sent_at desc limit ${most}) as part`;
    const times = await sql<{ sent_at: Micros }>`select sent_at from
      (${ofName("")} union all ${ofName(userId)}) as found order by sent_at desc limit ${most}`.execute(db);
    if (times.rows.length === 0) return [];
    const rows = await db
      .selectFrom(
        messagesByTime(
          db,
          appId,
          conversationId,
          times.rows.map(({ sent_at }) => sent_at),
        ).as("m"),
      )
      .select(messageColumns)
      .where(({ exists }) =>
        exists(liveConversations(db, appId).select("c.id").where("c.id", "=", conversationId)),
      )
      // It may have been recalled since.
      .where("m.is_active", "=", 1)
      .orderBy("m.sent_at", "desc")
      .execute();
    return rows.map(toMessage);
  },
};
