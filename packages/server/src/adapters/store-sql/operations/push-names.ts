/** What people are called in notifications. */

import { ParlanceError } from "../../../errors.ts";
import type { PushNames, Remark } from "../../../ports/store-push.ts";
import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { rowLists } from "./row-lists.ts";
import type { WriteScope } from "./write-scope.ts";

const remarksOf = (db: Db, appId: number, userId: string) =>
  db.selectFrom("push_remarks").where("app_id", "=", appId).where("user_id", "=", userId);

const countRemarks = async (db: Db, appId: number, userId: string): Promise<number> => {
  const { count } = await remarksOf(db, appId, userId)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return Number(count);
};

export const pushNameReads = {
  async findPushNames(db: Db, appId: number, senderId: string, groupKey: string | null): Promise<PushNames> {
    const user = await db
      .selectFrom("users")
      .select("name")
      .where("app_id", "=", appId)
      .where("id", "=", senderId)
      .executeTakeFirst();
    const groupRemark =
      groupKey === null ? null : await pushNameReads.findGroupRemark(db, appId, groupKey, senderId);
    return { name: user?.name ?? null, groupRemark };
  },

  async listRemarks(
    db: Db,
    appId: number,
    userId: string,
    { offset, limit }: { offset: number; limit: number },
  ): Promise<{ total: number; remarks: Remark[] }> {
    const remarks = await remarksOf(db, appId, userId)
      .select(["target_id as targetId", "remark"])
      .orderBy("target_id")
      .offset(offset)
      .limit(limit)
      .execute();
    return { total: await countRemarks(db, appId, userId), remarks };
  },

  async findGroupRemark(db: Db, appId: number, groupKey: string, userId: string): Promise<string | null> {
    const row = await db
      .selectFrom("group_remarks")
      .select("remark")
      .where("app_id", "=", appId)
      .where("group_key", "=", groupKey)
      .where("user_id", "=", userId)
      .executeTakeFirst();
    return row?.remark ?? null;
  },
};

export const pushNameWrites = {
  async saveRemarks(scope: WriteScope, appId: number, userId: string, remarks: Remark[], most: number) {
    const { db } = scope;
    await requireApp(db, appId);
    const changedAt = await scope.nextTick();
    const distinct = new Map(remarks.map(({ targetId, remark }) => [targetId, remark]));
    const rows = [...distinct]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([target_id, remark]) => ({
        ...{ app_id: appId, user_id: userId },
        ...{ target_id, remark, changed_at: changedAt },
      }));
    for (const list of rowLists(rows))
      await db
        .insertInto("push_remarks")
        .values(list)
        .onConflict((conflict) =>
          conflict.columns(["app_id", "user_id", "target_id"]).doUpdateSet((row) => ({
            remark: row.ref("excluded.remark"),
            changed_at: row.ref("excluded.changed_at"),
          })),
        )
        .execute();
    if ((await countRemarks(db, appId, userId)) > most)
      throw new ParlanceError("invalidInput", { remarks: `A user has no more than ${most} remarks.` });
  },

  async removeRemark({ db }: WriteScope, appId: number, userId: string, targetId: string): Promise<boolean> {
    const { numDeletedRows } = await db
      .deleteFrom("push_remarks")
      .where("app_id", "=", appId)
      .where("user_id", "=", userId)
      .where("target_id", "=", targetId)
      .executeTakeFirst();
    return Number(numDeletedRows) > 0;
  },

  async saveGroupRemark(
    { db }: WriteScope,
    appId: number,
    groupKey: string,
    userId: string,
    remark: string | null,
  ): Promise<void> {
    if (remark === null) {
      await db
        .deleteFrom("group_remarks")
        .where("app_id", "=", appId)
        .where("group_key", "=", groupKey)
        .where("user_id", "=", userId)
        .execute();
      return;
    }
    await requireApp(db, appId);
    await db
      .insertInto("group_remarks")
      .values({ app_id: appId, group_key: groupKey, user_id: userId, remark })
      .onConflict((conflict) => conflict.columns(["app_id", "group_key", "user_id"]).doUpdateSet({ remark }))
      .execute();
  },
};
