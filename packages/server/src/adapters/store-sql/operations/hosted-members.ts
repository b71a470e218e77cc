/** Members of hosted groups: who they are there, and what they are shown as. */

import { sql } from "kysely";
import { ParlanceError } from "../../../errors.ts";
import type { Micros } from "../../../ports/store.ts";
import type { GroupRole, HostedMember, HostedPage, MemberPlace } from "../../../ports/store-hosted-groups.ts";
import type { Db } from "../schema.ts";
import type { HostedMembersTable } from "../schema-hosting.ts";
import { rowsByKey } from "./by-key.ts";
import { holdHosted, hostedGroups, isAdmin, onlyGroup } from "./hosted-group-rows.ts";
import { idLists } from "./id-lists.ts";
import { memberReads, memberWrites } from "./members.ts";
import { rowLists } from "./row-lists.ts";
import type { WriteScope } from "./write-scope.ts";

const role = sql<GroupRole>`case when h.owner_id = m.user_id then 3
  when ${isAdmin(sql`m.user_id`)} then 2 else 1 end`;

interface Row {
  userId: string;
  joinedAt: Micros;
  role: GroupRole;
}

/** Members `m` of a hosted group. Whether there is such a group is asked before, of one row. */
const membersOf = (db: Db, appId: number, conversationId: number, only: GroupRole | null) =>
  db
    .selectFrom(onlyGroup(appId, conversationId).as("h"))
    .innerJoin("members as m", (join) =>
      join.onRef("m.app_id", "=", "h.app_id").onRef("m.conversation_id", "=", "h.conversation_id"),
    )
    .where("m.app_id", "=", appId)
    .where("m.conversation_id", "=", conversationId)
    .$if(only !== null, (query) => query.where(role, "=", only as GroupRole));

const isHosted = async (db: Db, appId: number, conversationId: number): Promise<boolean> => {
  const row = await hostedGroups(db, appId, [conversationId]).select("c.id").executeTakeFirst();
  return row !== undefined;
};

/** With what is kept of them. */
const withCards = async (
  db: Db,
  appId: number,
  conversationId: number,
  rows: Row[],
): Promise<HostedMember[]> => {
  const place = { app_id: appId, conversation_id: conversationId };
  const cards = new Map<string, { nickname: string; extra: string }>();
  for (const list of idLists(rows.map(({ userId }) => userId))) {
    const found = await db
      .selectFrom(rowsByKey(db, "hosted_members", place, "user_id", list).as("hm"))
      .select(["user_id", "nickname", "extra"])
      .execute();
    for (const { user_id, nickname, extra } of found) cards.set(user_id, { nickname, extra });
  }
  return rows.map((row) => ({ ...row, ...(cards.get(row.userId) ?? { nickname: "", extra: "" }) }));
};

export const hostedMemberReads = {
  async listHostedMembers(
    db: Db,
    appId: number,
    conversationId: number,
    only: GroupRole | null,
    { after, isNewestFirst, limit }: HostedPage<MemberPlace>,
  ): Promise<HostedMember[]> {
    if (!(await isHosted(db, appId, conversationId))) return [];
    const direction = isNewestFirst ? "desc" : "asc";
    const rows = await membersOf(db, appId, conversationId, only)
      .select(["m.user_id as userId", "m.changed_at as joinedAt"])
      .select(role.as("role"))
      .$if(after !== null, (query) => {
        const { joinedAt, userId } = after as MemberPlace;
        const sign = sql.raw(isNewestFirst ? "<" : ">");
        return query.where(sql<boolean>`(m.changed_at, m.user_id) ${sign} (${joinedAt}, ${userId})`);
      })
      .orderBy("m.changed_at", direction)
      .orderBy("m.user_id", direction)
      .limit(Math.max(0, limit))
      .execute();
    return withCards(db, appId, conversationId, rows);
  },

  async countHostedMembers(
    db: Db,
    appId: number,
    conversationId: number,
    only: GroupRole | null,
  ): Promise<number> {
    if (!(await isHosted(db, appId, conversationId))) return 0;
    const { count } = await membersOf(db, appId, conversationId, only)
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    return Number(count);
  },

  async findHostedMembers(
    db: Db,
    appId: number,
    conversationId: number,
    userIds: string[],
  ): Promise<HostedMember[]> {
    if (!(await isHosted(db, appId, conversationId))) return [];
    const found: HostedMember[] = [];
    const place = { app_id: appId, conversation_id: conversationId };
    for (const list of idLists(userIds)) {
      const rows = await db
        .selectFrom(onlyGroup(appId, conversationId).as("h"))
        .crossJoin(rowsByKey(db, "members", place, "user_id", list).as("m"))
        .select(["m.user_id as userId", "m.changed_at as joinedAt"])
        .select(role.as("role"))
        .execute();
      found.push(...(await withCards(db, appId, conversationId, rows)));
    }
    return found;
  },

  async findHostedRemark(db: Db, appId: number, conversationId: number, userId: string): Promise<string> {
    const row = await db
      .selectFrom("hosted_members")
      .select("remark_name")
      .where("app_id", "=", appId)
      .where("conversation_id", "=", conversationId)
      .where("user_id", "=", userId)
      .executeTakeFirst();
    return row?.remark_name ?? "";
  },
};

type Values = Partial<Pick<HostedMembersTable, "is_admin" | "nickname" | "extra" | "remark_name">>;

const save = async (
  db: Db,
  appId: number,
  conversationId: number,
  userIds: string[],
  values: Values,
): Promise<void> => {
  const row = { app_id: appId, conversation_id: conversationId, is_admin: 0, nickname: "" } as const;
  const rows = userIds.map((user_id) => ({ ...row, extra: "", remark_name: "", ...values, user_id }));
  for (const list of rowLists(rows))
    await db
      .insertInto("hosted_members")
      .values(list)
      .onConflict((conflict) =>
        conflict.columns(["app_id", "conversation_id", "user_id"]).doUpdateSet(values),
      )
      .execute();
};

const countAdmins = async (db: Db, appId: number, conversationId: number): Promise<number> => {
  const { count } = await db
    .selectFrom("hosted_members")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("app_id", "=", appId)
    .where("conversation_id", "=", conversationId)
    .where("is_admin", "=", 1)
    .executeTakeFirstOrThrow();
  return Number(count);
};

export const hostedMemberWrites = {
  async removeHostedMembers(
    scope: WriteScope,
    appId: number,
    conversationId: number,
    userIds: string[],
  ): Promise<string[]> {
    const { ownerId } = await holdHosted(scope, appId, conversationId);
    if (userIds.includes(ownerId)) throw new ParlanceError("ownerStays", { userId: ownerId });
    return memberWrites.removeMembers(scope, appId, conversationId, userIds);
  },

  async setGroupOwner(
    scope: WriteScope,
    appId: number,
    conversationId: number,
    ownerId: string,
    previousLeaves: boolean,
  ): Promise<{ previousId: string; hasLeft: boolean }> {
    const { db } = scope;
    const { ownerId: previousId } = await holdHosted(scope, appId, conversationId);
    if (!(await memberReads.isMember(db, appId, conversationId, ownerId)))
      throw new ParlanceError("notMember");
    if (previousId === ownerId) return { previousId, hasLeft: false };
    await db
      .updateTable("hosted_groups")
      .set({ owner_id: ownerId })
      .where("app_id", "=", appId)
      .where("conversation_id", "=", conversationId)
      .execute();
    await save(db, appId, conversationId, [ownerId], { is_admin: 0 });
    if (!previousLeaves) return { previousId, hasLeft: false };
    const left = await memberWrites.removeMembers(scope, appId, conversationId, [previousId]);
    return { previousId, hasLeft: left.length > 0 };
  },

  async addGroupAdmins(
    scope: WriteScope,
    appId: number,
    conversationId: number,
    userIds: string[],
    most: number,
  ): Promise<{ added: string[]; notMembers: string[] }> {
    const { db } = scope;
    const { ownerId } = await holdHosted(scope, appId, conversationId);
    if (userIds.includes(ownerId)) throw new ParlanceError("ownerStays", { userId: ownerId });
    const members = await hostedMemberReads.findHostedMembers(db, appId, conversationId, userIds);
    const roles = new Map(members.map((member) => [member.userId, member.role]));
    const notMembers = userIds.filter((userId) => !roles.has(userId));
    const added = userIds.filter((userId) => roles.get(userId) === 1);
    const count = await countAdmins(db, appId, conversationId);
    if (count + added.length > most) throw new ParlanceError("tooManyAdmins", { count });
    if (added.length > 0) await save(db, appId, conversationId, added, { is_admin: 1 });
    return { added, notMembers };
  },

  async removeGroupAdmins(
    scope: WriteScope,
    appId: number,
    conversationId: number,
    userIds: string[],
  ): Promise<string[]> {
    await holdHosted(scope, appId, conversationId);
    const removed: string[] = [];
    for (const list of idLists(userIds)) {
      const rows = await scope.db
        .updateTable("hosted_members")
        .set({ is_admin: 0 })
        .where("app_id", "=", appId)
        .where("conversation_id", "=", conversationId)
        .where("user_id", "in", list)
        .where("is_admin", "=", 1)
        .returning("user_id")
        .execute();
      for (const row of rows) removed.push(row.user_id);
    }
    return removed;
  },

  async saveHostedMember(
    scope: WriteScope,
    appId: number,
    conversationId: number,
    userId: string,
    { nickname, extra, remarkName }: { nickname?: string; extra?: string; remarkName?: string },
  ): Promise<void> {
    const { db } = scope;
    await holdHosted(scope, appId, conversationId);
    if (!(await memberReads.isMember(db, appId, conversationId, userId)))
      throw new ParlanceError("notMember");
    const values: Values = {};
    if (nickname !== undefined) values.nickname = nickname;
    if (extra !== undefined) values.extra = extra;
    if (remarkName !== undefined) values.remark_name = remarkName;
    if (Object.keys(values).length > 0) await save(db, appId, conversationId, [userId], values);
  },
};
