import type { ChatroomState } from "../../../ports/store-chatrooms.ts";
import type { Db } from "../schema.ts";
import { rowLists } from "./row-lists.ts";

/** Adds to the counts of these chatrooms, and holds them until the transaction ends. In no order. */
export const touchChatrooms = async (
  db: Db,
  appId: number,
  deltas: ReadonlyMap<number, number>,
): Promise<ChatroomState[]> => {
  const rows = [...deltas]
    .sort(([one], [other]) => one - other)
    .map(([id, delta]) => ({
      app_id: appId,
      conversation_id: id,
      member_count: delta,
      revision: 1,
      keys_since: 0,
    }));
  const states: ChatroomState[] = [];
  for (const list of rowLists(rows)) {
    const written = await db
      .insertInto("chatrooms")
      .values(list)
      .onConflict((conflict) =>
        conflict.columns(["app_id", "conversation_id"]).doUpdateSet((row) => ({
          member_count: row("chatrooms.member_count", "+", row.ref("excluded.member_count")),
          revision: row("chatrooms.revision", "+", 1),
        })),
      )
      .returning(["conversation_id as conversationId", "member_count as memberCount", "revision"])
      .execute();
    states.push(...written);
  }
  return states;
};
