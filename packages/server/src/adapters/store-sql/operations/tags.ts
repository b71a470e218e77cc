/** A user's own tags for conversations. Which conversation has which is in `settings.ts`. */

import { sql } from "kysely";
import { ParlanceError } from "../../../errors.ts";
import type { ListedTag, Tag } from "../../../ports/store-conversations.ts";
import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { idLists } from "./id-lists.ts";
import type { WriteScope } from "./write-scope.ts";

const countOf = sql<number>`(select count(*) from conversation_tags ct
  where ct.app_id = tags.app_id and ct.user_id = tags.user_id and ct.tag_id = tags.id)`.as("count");

export const tagReads = {
  async listTags(db: Db, appId: number, userId: string): Promise<ListedTag[]> {
    const rows = await db
      .selectFrom("tags")
      .select(["id", "name", "created_at as createdAt", countOf])
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .orderBy("created_at")
      .orderBy("id")
      .execute();
    return rows.map(({ count, ...tag }) => ({ ...tag, conversationCount: Number(count) }));
  },
};

const rename = async (db: Db, appId: number, userId: string, { id, name }: Tag): Promise<boolean> => {
  const row = await db
    .updateTable("tags")
    .set({ name })
    .where("app_id", "=", appId)
    .where("user_id", "=", userId)
    .where("id", "=", id)
    .returning("id")
    .executeTakeFirst();
  return row !== undefined;
};

/** The conversations have changed for the user. */
const touch = async ({ db, nextTick }: WriteScope, appId: number, userId: string, ids: number[]) => {
  const changedAt = await nextTick();
  for (const list of idLists(ids))
    await db
      .updateTable("conversation_settings")
      .set({ changed_at: changedAt })
      .where("app_id", "=", appId)
      .where("conversation_id", "in", list)
      .where("user_id", "=", userId)
      .execute();
};

export const tagWrites = {
  async saveTag(scope: WriteScope, appId: number, userId: string, tag: Tag, most: number): Promise<void> {
    const { db } = scope;
    await requireApp(db, appId);
    await scope.holdUser(appId, userId);
    if (await rename(db, appId, userId, tag)) return;
    const known = await tagReads.listTags(db, appId, userId);
    if (known.length >= most)
      throw new ParlanceError("invalidInput", { tag: `A user has no more than ${most} tags.` });
    await db
      .insertInto("tags")
      .values({ app_id: appId, user_id: userId, ...tag, created_at: await scope.nextTick() })
      .onConflict((conflict) => conflict.columns(["app_id", "user_id", "id"]).doUpdateSet({ name: tag.name }))
      .execute();
  },

  async renameTag(scope: WriteScope, appId: number, userId: string, tag: Tag): Promise<boolean> {
    if (!(await rename(scope.db, appId, userId, tag))) return false;
    const tagged = await scope.db
      .selectFrom("conversation_tags")
      .select("conversation_id as id")
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .where("tag_id", "=", tag.id)
      .execute();
    if (tagged.length > 0)
      await touch(
        scope,
        appId,
        userId,
        tagged.map(({ id }) => id),
      );
    return true;
  },

  async removeTag(scope: WriteScope, appId: number, userId: string, tagId: string): Promise<boolean> {
    const { db } = scope;
    await scope.holdUser(appId, userId);
    const removed = await db
      .deleteFrom("tags")
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .where("id", "=", tagId)
      .returning("id")
      .executeTakeFirst();
    const untagged = await db
      .deleteFrom("conversation_tags")
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .where("tag_id", "=", tagId)
      .returning("conversation_id as id")
      .execute();
    if (untagged.length > 0)
      await touch(
        scope,
        appId,
        userId,
        untagged.map(({ id }) => id),
      );
    return removed !== undefined;
  },
};
