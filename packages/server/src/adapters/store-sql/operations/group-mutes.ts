/** Who may not write in which group, and who may nevertheless. A mute whose time is over counts for nothing. */

import { ParlanceError } from "../../../errors.ts";
import type { Millis } from "../../../ports/store.ts";
import type { GroupMute, GroupRules } from "../../../ports/store-groups.ts";
import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { groupsById } from "./by-key.ts";
import { idLists } from "./id-lists.ts";
import { rowLists } from "./row-lists.ts";
import type { WriteScope } from "./write-scope.ts";

/** What stands for every group of the app; no group has this id. */
const nameOf = (groupId: string | null): string => groupId ?? "";

/** Sorted, so that two who write the same rows wait for each other and not for ever. */
const inOrder = (ids: readonly string[]): string[] => [...new Set(ids)].sort();

const requireRoom = async (
  db: Db,
  table: "group_mutes" | "mute_exemptions",
  appId: number,
  groupId: string,
  most: number,
): Promise<void> => {
  const { count } = await db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("app_id", "=", appId)
    .where("group_id", "=", groupId)
    .executeTakeFirstOrThrow();
  if (Number(count) > most)
    throw new ParlanceError("invalidInput", { userId: `There would be more than ${most} users.` });
};

const removeUsers = async (
  db: Db,
  table: "group_mutes" | "mute_exemptions",
  appId: number,
  groupId: string,
  userIds: string[],
): Promise<void> => {
  for (const list of idLists(inOrder(userIds)))
    await db
      .deleteFrom(table)
      .where("app_id", "=", appId)
      .where("group_id", "=", groupId)
      .where("user_id", "in", list)
      .execute();
};

export const groupMuteWrites = {
  async muteInGroup(
    { db }: WriteScope,
    appId: number,
    groupId: string | null,
    userIds: string[],
    { mutedAt, until, most }: { mutedAt: Millis; until: Millis | null; most: number },
  ): Promise<void> {
    await requireApp(db, appId);
    const group = nameOf(groupId);
    // Nobody else removes what is over, and nobody else has to: there are no more than may be muted at once.
    await db
      .deleteFrom("group_mutes")
      .where("app_id", "=", appId)
      .where("group_id", "=", group)
      .where("muted_until", "<=", mutedAt)
      .execute();
    const values = { muted_at: mutedAt, muted_until: until };
    const rows = inOrder(userIds).map((userId) => ({
      app_id: appId,
      group_id: group,
      user_id: userId,
      ...values,
    }));
    for (const list of rowLists(rows))
      await db
        .insertInto("group_mutes")
        .values(list)
        .onConflict((conflict) => conflict.columns(["app_id", "group_id", "user_id"]).doUpdateSet(values))
        .execute();
    await requireRoom(db, "group_mutes", appId, group, most);
  },

  async unmuteInGroup({ db }: WriteScope, appId: number, groupId: string | null, userIds: string[]) {
    await removeUsers(db, "group_mutes", appId, nameOf(groupId), userIds);
  },

  async muteGroups({ db }: WriteScope, appId: number, groupIds: string[], mutedAt: Millis): Promise<void> {
    await requireApp(db, appId);
    const rows = inOrder(groupIds).map((groupId) => ({
      app_id: appId,
      group_id: groupId,
      muted_at: mutedAt,
    }));
    for (const list of rowLists(rows))
      await db
        .insertInto("muted_groups")
        .values(list)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
  },

  async unmuteGroups({ db }: WriteScope, appId: number, groupIds: string[]): Promise<void> {
    for (const list of idLists(inOrder(groupIds)))
      await db.deleteFrom("muted_groups").where("app_id", "=", appId).where("group_id", "in", list).execute();
  },

  async exemptFromMute(
    { db }: WriteScope,
    appId: number,
    groupId: string,
    userIds: string[],
    { at, most }: { at: Millis; most: number },
  ): Promise<void> {
    await requireApp(db, appId);
    const rows = inOrder(userIds).map((userId) => ({
      app_id: appId,
      group_id: groupId,
      user_id: userId,
      exempted_at: at,
    }));
    for (const list of rowLists(rows))
      await db
        .insertInto("mute_exemptions")
        .values(list)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    await requireRoom(db, "mute_exemptions", appId, groupId, most);
  },

  async endExemption({ db }: WriteScope, appId: number, groupId: string, userIds: string[]): Promise<void> {
    await removeUsers(db, "mute_exemptions", appId, groupId, userIds);
  },
};

export const groupMuteReads = {
  async listGroupMutes(db: Db, appId: number, groupId: string | null, now: Millis): Promise<GroupMute[]> {
    return db
      .selectFrom("group_mutes")
      .select(["user_id as userId", "muted_at as mutedAt", "muted_until as until"])
      .where("app_id", "=", appId)
      .where("group_id", "=", nameOf(groupId))
      .where(({ eb, or }) => or([eb("muted_until", "is", null), eb("muted_until", ">", now)]))
      .orderBy("user_id")
      .execute();
  },

  async findMutedGroups(db: Db, appId: number, groupIds: string[]): Promise<string[]> {
    const found: string[] = [];
    for (const list of idLists(groupIds)) {
      const rows = await db
        .selectFrom(groupsById(db, "muted_groups", appId, list).as("g"))
        .select("group_id")
        .execute();
      for (const row of rows) found.push(row.group_id);
    }
    return found;
  },

  async listMutedGroups(
    db: Db,
    appId: number,
    { offset, limit }: { offset: number; limit: number },
  ): Promise<string[]> {
    const rows = await db
      .selectFrom("muted_groups")
      .select("group_id")
      .where("app_id", "=", appId)
      .orderBy("group_id")
      .limit(Math.max(0, limit))
      .offset(Math.max(0, offset))
      .execute();
    return rows.map((row) => row.group_id);
  },

  async listExempt(db: Db, appId: number, groupId: string): Promise<string[]> {
    const rows = await db
      .selectFrom("mute_exemptions")
      .select("user_id")
      .where("app_id", "=", appId)
      .where("group_id", "=", groupId)
      .orderBy("user_id")
      .execute();
    return rows.map((row) => row.user_id);
  },

  async readGroupRules(db: Db, appId: number, groupId: string, now: Millis): Promise<GroupRules> {
    // One after the other: they share a connection.
    const isMuted = (await groupMuteReads.findMutedGroups(db, appId, [groupId])).length > 0;
    const mutes = await groupMuteReads.listGroupMutes(db, appId, groupId, now);
    return { isMuted, mutes, exempt: await groupMuteReads.listExempt(db, appId, groupId) };
  },
};
