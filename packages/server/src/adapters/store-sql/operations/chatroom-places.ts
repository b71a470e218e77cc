import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { ChatroomPlace } from "../../../ports/store-chatrooms.ts";
import type { Db } from "../schema.ts";
import { liveConversations } from "./live-conversations.ts";
import { rowLists } from "./row-lists.ts";

/** Who is in chatrooms that exist. */
export const livePlaces = (db: Db, appId: number) =>
  liveConversations(db, appId).innerJoin("chatroom_members as m", (join) =>
    join.onRef("m.app_id", "=", "c.app_id").onRef("m.conversation_id", "=", "c.id"),
  );

/** In one order for all, so that no two transactions wait for each other in a ring; each once. */
export const inOrder = (places: readonly ChatroomPlace[]): ChatroomPlace[] => {
  const distinct = new Map<string, ChatroomPlace>();
  for (const place of places) distinct.set(nameOf(place), place);
  return [...distinct.values()].sort(
    (one, other) =>
      one.conversationId - other.conversationId ||
      (one.userId < other.userId ? -1 : one.userId > other.userId ? 1 : 0),
  );
};

export const nameOf = ({ conversationId, userId }: ChatroomPlace): string => `${conversationId}/${userId}`;

/** Conditions on the columns `conversation_id` and `user_id`, each for a part of the places. */
export const arePlaces = (places: readonly ChatroomPlace[]): RawBuilder<SqlBool>[] =>
  rowLists(places).map((list) => {
    const pairs = list.map(
      ({ conversationId, userId }) => sql`(cast(${conversationId} as bigint), cast(${userId} as text))`,
    );
    return sql<SqlBool>`(conversation_id, user_id) in (values ${sql.join(pairs)})`;
  });

/** User ids by conversation. */
export const byConversation = (places: readonly ChatroomPlace[]): Map<number, string[]> => {
  const found = new Map<number, string[]>();
  for (const { conversationId, userId } of places) {
    const userIds = found.get(conversationId);
    if (userIds) userIds.push(userId);
    else found.set(conversationId, [userId]);
  }
  return found;
};
