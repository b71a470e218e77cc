/** Tags that an app gives its users, to find an audience by. */

import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { idLists } from "./id-lists.ts";
import { rowLists } from "./row-lists.ts";
import type { WriteScope } from "./write-scope.ts";

export const userTagReads = {
  async listUserTags(
    db: Db,
    appId: number,
    userIds: string[],
  ): Promise<{ userId: string; tags: string[] }[]> {
    const found = new Map<string, string[]>();
    for (const list of idLists(userIds)) {
      const rows = await db
        .selectFrom("user_tags")
        .select(["user_id as userId", "tag"])
        .where("app_id", "=", appId)
        .where("user_id", "in", list)
        .orderBy("place")
        .execute();
      for (const { userId, tag } of rows) {
        const tags = found.get(userId);
        if (tags) tags.push(tag);
        else found.set(userId, [tag]);
      }
    }
    return [...found].map(([userId, tags]) => ({ userId, tags }));
  },

  async pageTaggedUsers(
    db: Db,
    appId: number,
    tag: string,
    afterUserId: string | null,
    limit: number,
  ): Promise<string[]> {
    const rows = await db
      .selectFrom("user_tags")
      .select("user_id")
      .where("app_id", "=", appId)
      .where("tag", "=", tag)
      .where("user_id", ">", afterUserId ?? "")
      .orderBy("user_id")
      .limit(limit)
      .execute();
    return rows.map((row) => row.user_id);
  },
};

export const userTagWrites = {
  async setUserTags({ db }: WriteScope, appId: number, userIds: string[], tags: string[]): Promise<void> {
    await requireApp(db, appId);
    // In one order for all, so that no two transactions wait for each other in a ring.
    const users = [...new Set(userIds)].sort();
    for (const list of idLists(users))
      await db.deleteFrom("user_tags").where("app_id", "=", appId).where("user_id", "in", list).execute();
    const distinct = [...new Set(tags)];
    const rows = users.flatMap((userId) =>
      distinct.map((tag, place) => ({ app_id: appId, user_id: userId, tag, place })),
    );
    for (const list of rowLists(rows))
      await db
        .insertInto("user_tags")
        .values(list)
        .onConflict((conflict) =>
          conflict.columns(["app_id", "user_id", "tag"]).doUpdateSet((row) => ({
            place: row.ref("excluded.place"),
          })),
        )
        .execute();
  },
};
