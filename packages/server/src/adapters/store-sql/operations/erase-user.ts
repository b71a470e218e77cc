/**
 * Erases what a deactivated user has for themselves, in pieces, one conversation after the other: what they see of its
 * history, how they set it, their tags on it. What they said stays, and they stay a member.
 */

import type { DueErasure } from "../../../ports/store-users.ts";
import type { Db } from "../schema.ts";
import { idLists } from "./id-lists.ts";
import { rowLists } from "./row-lists.ts";
import type { WriteScope } from "./write-scope.ts";

export const erasureReads = {
  async listDueErasures(db: Db, limit: number): Promise<DueErasure[]> {
    return db
      .selectFrom("user_rules")
      .select(["app_id as appId", "user_id as userId"])
      .where("erase_at", "is not", null)
      .where("erase_at", "<=", Date.now())
      .orderBy("erase_at")
      .limit(limit)
      .execute();
  },
};

/** Tables that hold rows of a user's own, which go as a whole; each finds them by the beginning of a key. */
export const ofUser = [
  "sessions",
  "contacts",
  "tags",
  "profiles",
  "user_tags",
  "push_devices",
  "push_preferences",
  "push_remarks",
] as const;

const eraseViews = async (
  { db, nextTick }: WriteScope,
  appId: number,
  userId: string,
  after: number,
  limit: number,
): Promise<number | null> => {
  const heads = await db
    .selectFrom("members as m")
    .innerJoin("conversations as c", (join) =>
      join.onRef("c.app_id", "=", "m.app_id").onRef("c.id", "=", "m.conversation_id"),
    )
    .select(["c.id", "c.last_seq", "c.last_sent_at", "c.last_counted"])
    .where("m.app_id", "=", appId)
    .where("m.user_id", "=", userId)
    .where("m.conversation_id", ">", after)
    .orderBy("m.conversation_id")
    .limit(limit)
    .execute();
  if (heads.length === 0) return null;
  const changedAt = await nextTick();
  for (const list of rowLists(heads))
    await db
      .insertInto("conversation_settings")
      .values(
        list.map(({ id, last_seq, last_sent_at, last_counted }) => ({
          app_id: appId,
          conversation_id: id,
          user_id: userId,
          is_pinned: 0 as const,
          mute_level: null,
          draft: null,
          cleared_up_to: last_sent_at,
          cleared_counted: last_counted,
          removed_seq: last_seq,
          deleted_at: 0,
          changed_at: changedAt,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(["app_id", "conversation_id", "user_id"]).doUpdateSet({
          is_pinned: 0,
          mute_level: null,
          draft: null,
          cleared_up_to: (row) => row.ref("excluded.cleared_up_to"),
          cleared_counted: (row) => row.ref("excluded.cleared_counted"),
          removed_seq: (row) => row.ref("excluded.removed_seq"),
          deleted_at: 0,
          changed_at: changedAt,
        }),
      )
      .execute();
  for (const list of idLists(heads.map(({ id }) => id)))
    for (const table of ["own_deletions", "conversation_tags"] as const)
      await db
        .deleteFrom(table)
        .where("app_id", "=", appId)
        .where("conversation_id", "in", list)
        .where("user_id", "=", userId)
        .execute();
  return heads.length < limit ? null : (heads.at(-1)?.id ?? null);
};

export const erasureWrites = {
  async eraseUser(scope: WriteScope, appId: number, userId: string, limit: number): Promise<boolean> {
    const { db } = scope;
    const standing = await db
      .selectFrom("user_rules")
      .select(["erase_at", "erased_up_to"])
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .executeTakeFirst();
    if (standing === undefined || standing.erase_at === null) return true;
    const next = await eraseViews(scope, appId, userId, standing.erased_up_to, limit);
    if (next === null) {
      await scope.holdUser(appId, userId);
      for (const table of ofUser)
        await db.deleteFrom(table).where("app_id", "=", appId).where("user_id", "=", userId).execute();
      await db
        .updateTable("users")
        .set({ name: null, portrait_url: null, custom_data: null })
        .where("app_id", "=", appId)
        .where("id", "=", userId)
        .execute();
    }
    await db
      .updateTable("user_rules")
      .set(next === null ? { erase_at: null } : { erased_up_to: next })
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .execute();
    return next === null;
  },
};
