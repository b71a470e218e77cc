import { type RawBuilder, sql } from "kysely";
import type { Millis } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { idLists } from "./id-lists.ts";

/**
 * Connections of these users ended at that moment: whether they are still in their chatrooms will be seen after the time
 * of grace. Nobody asks here whether they are online by another connection, which may be ending in a transaction beside
 * this one: a doubt without a reason does no harm, one that is missing would leave somebody in a chatroom forever.
 */
export const doubtChatrooms = async (
  db: Db,
  appId: number,
  userIds: readonly string[],
  at: RawBuilder<Millis> | Millis,
): Promise<void> => {
  // One order for all, so that two transactions never wait for each other in a ring of few rows; PostgreSQL ends others.
  for (const list of idLists([...userIds].sort()))
    await db
      .updateTable("chatroom_members")
      .set({ doubted_at: sql<Millis>`${at}` })
      .where("app_id", "=", appId)
      .where("user_id", "in", list)
      .where((row) => row.or([row("doubted_at", "is", null), row("doubted_at", "<", sql<Millis>`${at}`)]))
      .execute();
};
