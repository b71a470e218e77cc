/** Whose messages in a group somebody wants to hear of whatever else they have set. */

import { sql } from "kysely";
import { ParlanceError } from "../../../errors.ts";
import type { FollowedMember } from "../../../ports/store-hosted-groups.ts";
import type { Db } from "../schema.ts";
import { rowsByKey } from "./by-key.ts";
import { holdHosted } from "./hosted-group-rows.ts";
import { idLists } from "./id-lists.ts";
import { memberReads } from "./members.ts";
import { rowLists } from "./row-lists.ts";
import type { WriteScope } from "./write-scope.ts";

export const followReads = {
  async listFollowed(
    db: Db,
    appId: number,
    conversationId: number,
    userId: string,
  ): Promise<FollowedMember[]> {
    return db
      .selectFrom("group_follows")
      .select(["followed_id as userId", "since"])
      .where("app_id", "=", appId)
      .where("conversation_id", "=", conversationId)
      .where("user_id", "=", userId)
      .orderBy("since")
      .orderBy("followed_id")
      .execute();
  },

  async findFollowers(
    db: Db,
    appId: number,
    conversationId: number,
    followedId: string,
    userIds: string[],
  ): Promise<string[]> {
    const found: string[] = [];
    const place = { app_id: appId, conversation_id: conversationId, followed_id: followedId };
    for (const list of idLists(userIds)) {
      const rows = await db
        .selectFrom(rowsByKey(db, "group_follows", place, "user_id", list).as("f"))
        .select("user_id")
        .execute();
      for (const row of rows) found.push(row.user_id);
    }
    return found;
  },
};

export const followWrites = {
  async followMembers(
    scope: WriteScope,
    appId: number,
    conversationId: number,
    userId: string,
    followedIds: string[],
    most: number,
  ): Promise<string[]> {
    const { db } = scope;
    await holdHosted(scope, appId, conversationId);
    const wanted = [...new Set([userId, ...followedIds])];
    const members = await memberReads.findMembers(db, appId, conversationId, wanted);
    if (members.length < wanted.length) throw new ParlanceError("notMember");
    const known = await followReads.listFollowed(db, appId, conversationId, userId);
    const isKnown = new Set(known.map((followed) => followed.userId));
    const added = [...new Set(followedIds)].filter((id) => !isKnown.has(id));
    if (known.length + added.length > most) throw new ParlanceError("tooManyFollowed", { most });
    const since = await scope.nextTick();
    const row = { app_id: appId, conversation_id: conversationId, user_id: userId, since };
    for (const list of rowLists(added))
      await db
        .insertInto("group_follows")
        .values(list.map((followed_id) => ({ ...row, followed_id })))
        .execute();
    return added;
  },

  async unfollowMembers(
    scope: WriteScope,
    appId: number,
    conversationId: number,
    userId: string,
    followedIds: string[],
  ): Promise<string[]> {
    await holdHosted(scope, appId, conversationId);
    const removed: string[] = [];
    for (const list of idLists(followedIds)) {
      const rows = await scope.db
        .deleteFrom("group_follows")
        .where("app_id", "=", appId)
        .where("conversation_id", "=", conversationId)
        .where("user_id", "=", userId)
        .where("followed_id", "in", list)
        .returning("followed_id")
        .execute();
      for (const row of rows) removed.push(row.followed_id);
    }
    return removed;
  },

  async forgetFollows(
    { db }: WriteScope,
    appId: number,
    conversationId: number,
    userIds: string[],
  ): Promise<void> {
    for (const list of idLists(userIds))
      for (const column of ["user_id", "followed_id"] as const)
        await db
          .deleteFrom("group_follows")
          .where(column === "user_id" ? sql`app_id` : sql`(app_id + 0)`, "=", appId)
          .where("conversation_id", "=", conversationId)
          .where(column, "in", list)
          .execute();
  },
};
