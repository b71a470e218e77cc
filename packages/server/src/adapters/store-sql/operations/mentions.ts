/** Who was mentioned where. The rows are written with the message; whether it still shows is asked of the message. */

import { sql } from "kysely";
import type { Message, Micros } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations } from "./live-conversations.ts";
import { liveMessages, toMessage } from "./messages.ts";
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
      const rows = await liveConversations(db, appId)
        .leftJoin("read_marks as r", (join) =>
          join
            .onRef("r.app_id", "=", "c.app_id")
            .onRef("r.conversation_id", "=", "c.id")
            .on("r.user_id", "=", userId),
        )
        .leftJoin("conversation_settings as s", (join) =>
          join
            .onRef("s.app_id", "=", "c.app_id")
            .onRef("s.conversation_id", "=", "c.id")
            .on("s.user_id", "=", userId),
        )
        .where("c.id", "in", list)
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
    const rows = await liveMessages(db, appId)
      .innerJoin("mentions as n", (join) =>
        join
          .onRef("n.app_id", "=", "m.app_id")
          .onRef("n.conversation_id", "=", "m.conversation_id")
          .onRef("n.sent_at", "=", "m.sent_at"),
      )
      .where("n.app_id", "=", appId)
      .where("n.conversation_id", "=", conversationId)
      .where("n.user_id", "in", ["", userId])
      .$if(before !== null, (query) => query.where("n.sent_at", "<", before as Micros))
      .where("m.is_active", "=", 1)
      .where(({ fn, ref, val }) => sql<boolean>`${fn.coalesce(ref("m.sender_id"), val(""))} <> ${userId}`)
      .orderBy("n.sent_at", "desc")
      .limit(Math.max(0, limit))
      .execute();
    return rows.map(toMessage);
  },
};
