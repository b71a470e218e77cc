/**
 * Friendships change from both sides at once. Who adds holds the rows of both in `friend_lists` first, in the order of
 * the users' ids, so that no count passes its limit and two who apply to each other at the same moment become friends.
 */

import { ParlanceError } from "../../../errors.ts";
import type { FriendPermission, NewFriend } from "../../../ports/store-friends.ts";
import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { withOwnChanges } from "./fields.ts";
import { friendReads } from "./friends.ts";
import { idLists } from "./id-lists.ts";
import { rowLists } from "./row-lists.ts";
import type { WriteScope } from "./write-scope.ts";

interface List {
  permission: number | null;
  friend_count: number;
}

const holdList = (db: Db, appId: number, userId: string): Promise<List> =>
  db
    .insertInto("friend_lists")
    .values({ app_id: appId, user_id: userId, permission: null, friend_count: 0 })
    .onConflict((conflict) =>
      conflict
        .columns(["app_id", "user_id"])
        .doUpdateSet((row) => ({ friend_count: row.ref("friend_lists.friend_count") })),
    )
    .returning(["permission", "friend_count"])
    .executeTakeFirstOrThrow();

const holdBoth = async (db: Db, appId: number, userId: string, friendId: string): Promise<[List, List]> => {
  if (userId < friendId) return [await holdList(db, appId, userId), await holdList(db, appId, friendId)];
  const other = await holdList(db, appId, friendId);
  return [await holdList(db, appId, userId), other];
};

const addToCounts = async (db: Db, appId: number, userIds: string[], count: number): Promise<void> => {
  for (const list of idLists([...userIds].sort()))
    await db
      .updateTable("friend_lists")
      .set(({ eb }) => ({ friend_count: eb("friend_count", "+", count) }))
      .where("app_id", "=", appId)
      .where("user_id", "in", list)
      .execute();
};

const hasApplied = async (db: Db, appId: number, from: string, to: string, now: number): Promise<boolean> => {
  const row = await db
    .selectFrom("friend_applications")
    .select("expires_at")
    .where("app_id", "=", appId)
    .where("user_id", "=", from)
    .where("target_id", "=", to)
    .executeTakeFirst();
  return row !== undefined && row.expires_at > now;
};

const forgetApplication = (db: Db, appId: number, from: string, to: string) =>
  db
    .deleteFrom("friend_applications")
    .where("app_id", "=", appId)
    .where("user_id", "=", from)
    .where("target_id", "=", to)
    .execute();

const apply = async (db: Db, appId: number, friend: NewFriend): Promise<void> => {
  const { userId, friendId, extra, expiresAt } = friend;
  await db
    .insertInto("friend_applications")
    .values({ app_id: appId, user_id: userId, target_id: friendId, extra, expires_at: expiresAt })
    .onConflict((conflict) =>
      conflict.columns(["app_id", "user_id", "target_id"]).doUpdateSet({ extra, expires_at: expiresAt }),
    )
    .execute();
};

/** The user is gone from the lists of those who are gone from theirs. */
const leaveTheirs = async (db: Db, appId: number, userId: string, friendIds: string[]): Promise<void> => {
  if (friendIds.length === 0) return;
  for (const list of idLists(friendIds))
    await db
      .deleteFrom("friends")
      .where("app_id", "=", appId)
      .where("user_id", "in", list)
      .where("friend_id", "=", userId)
      .execute();
  await addToCounts(db, appId, friendIds, -1);
  await addToCounts(db, appId, [userId], -friendIds.length);
};

/** From both sides. Returns those who were friends. */
const unbind = async (db: Db, appId: number, userId: string, friendIds: string[]): Promise<string[]> => {
  const removed: string[] = [];
  for (const list of idLists(friendIds)) {
    const rows = await db
      .deleteFrom("friends")
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .where("friend_id", "in", list)
      .returning("friend_id")
      .execute();
    for (const row of rows) removed.push(row.friend_id);
  }
  await leaveTheirs(db, appId, userId, removed);
  return removed;
};

export const friendWrites = {
  async addFriend(
    { db, nextTick }: WriteScope,
    appId: number,
    friend: NewFriend,
  ): Promise<"added" | "applied"> {
    await requireApp(db, appId);
    const { userId, friendId, now, isForced, mostFriends } = friend;
    const [mine, theirs] = await holdBoth(db, appId, userId, friendId);
    const [known] = await friendReads.findFriends(db, appId, userId, [friendId]);
    if (known) throw new ParlanceError("alreadyFriends");
    const isAnswer = await hasApplied(db, appId, friendId, userId, now);
    if (!isForced && !isAnswer) {
      const permission = theirs.permission ?? friend.permissionByDefault;
      if (permission === 3) throw new ParlanceError("friendRefused");
      if (permission === 2) {
        await apply(db, appId, friend);
        return "applied";
      }
    }
    if (mine.friend_count >= mostFriends) throw new ParlanceError("tooManyFriends", { userId });
    if (theirs.friend_count >= mostFriends) throw new ParlanceError("tooManyFriends", { userId: friendId });
    const row = { app_id: appId, remark_name: "", own_fields: "{}", created_at: await nextTick() };
    await db
      .insertInto("friends")
      .values([
        { ...row, user_id: userId, friend_id: friendId },
        { ...row, user_id: friendId, friend_id: userId },
      ])
      .execute();
    await addToCounts(db, appId, [userId, friendId], 1);
    await forgetApplication(db, appId, userId, friendId);
    await forgetApplication(db, appId, friendId, userId);
    return "added";
  },

  async deleteFriends({ db }: WriteScope, appId: number, userId: string, friendIds: string[]) {
    return unbind(db, appId, userId, friendIds);
  },

  async clearFriends({ db }: WriteScope, appId: number, userId: string): Promise<string[]> {
    const rows = await db
      .deleteFrom("friends")
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .returning("friend_id")
      .execute();
    const friendIds = rows.map((row) => row.friend_id);
    await leaveTheirs(db, appId, userId, friendIds);
    return friendIds;
  },

  async saveFriend(
    { db }: WriteScope,
    appId: number,
    userId: string,
    friendId: string,
    { remarkName, ownFields }: { remarkName?: string; ownFields?: Record<string, string | null> },
    mostOwnFields: number,
  ): Promise<void> {
    const owned = db
      .updateTable("friends")
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .where("friend_id", "=", friendId);
    // Written even if it stays as it is: the row is held from here on.
    const standing = await owned
      .set((row) => ({ remark_name: remarkName ?? row.ref("remark_name") }))
      .returning("own_fields")
      .executeTakeFirst();
    if (standing === undefined) throw new ParlanceError("notFriends");
    if (ownFields === undefined) return;
    const fields = withOwnChanges(standing.own_fields, ownFields, mostOwnFields);
    await owned.set({ own_fields: JSON.stringify(fields) }).execute();
  },

  async setFriendPermission(
    { db }: WriteScope,
    appId: number,
    userIds: string[],
    permission: FriendPermission,
  ): Promise<void> {
    await requireApp(db, appId);
    const rows = [...new Set(userIds)].sort().map((user_id) => ({ app_id: appId, user_id, permission }));
    for (const list of rowLists(rows))
      await db
        .insertInto("friend_lists")
        .values(list.map((row) => ({ ...row, friend_count: 0 })))
        .onConflict((conflict) => conflict.columns(["app_id", "user_id"]).doUpdateSet({ permission }))
        .execute();
  },
};
