/** Who is whose friend. */

import { sql } from "kysely";
import type { Micros } from "../../../ports/store.ts";
import type { Friend, FriendPermission } from "../../../ports/store-friends.ts";
import type { Db } from "../schema.ts";
import type { FriendsTable } from "../schema-hosting.ts";
import { rowsByKey } from "./by-key.ts";
import { idLists } from "./id-lists.ts";

const toFriend = (row: FriendsTable): Friend => ({
  userId: row.friend_id,
  remarkName: row.remark_name,
  ownFields: JSON.parse(row.own_fields),
  createdAt: row.created_at,
});

export const friendReads = {
  async listFriends(
    db: Db,
    appId: number,
    userId: string,
    { after, isNewestFirst, limit }: { after: Micros | null; isNewestFirst: boolean; limit: number },
  ): Promise<Friend[]> {
    const direction = isNewestFirst ? "desc" : "asc";
    const rows = await db
      .selectFrom("friends")
      .selectAll()
      .where(sql`(app_id + 0)`, "=", appId)
      .where("user_id", "=", userId)
      .$if(after !== null, (query) => query.where("created_at", isNewestFirst ? "<" : ">", after as Micros))
      .orderBy("created_at", direction)
      .limit(Math.max(0, limit))
      .execute();
    return rows.map(toFriend);
  },

  async countFriends(db: Db, appId: number, userId: string): Promise<number> {
    const row = await db
      .selectFrom("friend_lists")
      .select("friend_count")
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .executeTakeFirst();
    return row?.friend_count ?? 0;
  },

  async findFriends(db: Db, appId: number, userId: string, userIds: string[]): Promise<Friend[]> {
    const found: Friend[] = [];
    for (const list of idLists(userIds)) {
      const rows = await db
        .selectFrom(rowsByKey(db, "friends", { app_id: appId, user_id: userId }, "friend_id", list).as("f"))
        .selectAll()
        .execute();
      found.push(...rows.map(toFriend));
    }
    return found;
  },

  async findFriendPermissions(
    db: Db,
    appId: number,
    userIds: string[],
  ): Promise<{ userId: string; permission: FriendPermission }[]> {
    const found: { userId: string; permission: FriendPermission }[] = [];
    for (const list of idLists(userIds)) {
      const rows = await db
        .selectFrom(rowsByKey(db, "friend_lists", { app_id: appId }, "user_id", list).as("l"))
        .select(["user_id as userId", "permission"])
        .execute();
      for (const { userId, permission } of rows)
        if (permission !== null) found.push({ userId, permission: permission as FriendPermission });
    }
    return found;
  },
};
