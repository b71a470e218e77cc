/** Groups whose facts are kept here. */

import { sql } from "kysely";
import { ParlanceError } from "../../../errors.ts";
import type { Micros } from "../../../ports/store.ts";
import type { GroupChanged } from "../../../ports/store-groups.ts";
import type {
  GroupRole,
  HostedGroup,
  HostedGroupChange,
  HostedPage,
  JoinedGroup,
  JoinedPlace,
  NewHostedGroup,
} from "../../../ports/store-hosted-groups.ts";
import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { rowsByKey } from "./by-key.ts";
import { conversationReads, conversationWrites } from "./conversations.ts";
import { withChanges, withOwnChanges } from "./fields.ts";
import { groupReads, groupWrites } from "./groups.ts";
import {
  type HostedGroupRow,
  holdHosted,
  hostedGroupColumns,
  hostedGroups,
  isAdmin,
  isThere,
  toHostedGroup,
} from "./hosted-group-rows.ts";
import { idLists } from "./id-lists.ts";
import type { WriteScope } from "./write-scope.ts";

const withNames = async (db: Db, appId: number, rows: HostedGroupRow[]): Promise<HostedGroup[]> => {
  const found = await groupReads.findGroupNames(
    db,
    appId,
    rows.map(({ key }) => key),
  );
  const names = new Map(found.map(({ id, name }) => [id, name]));
  return rows.map((row) => toHostedGroup(row, names.get(row.key) ?? ""));
};

/** Of a member of group `h`. */
const roleOf = (userId: string) => sql<GroupRole>`case when h.owner_id = ${userId} then 3
  when ${isAdmin(sql`${userId}`)} then 2 else 1 end`;

/** The user's memberships `m` of hosted groups. */
const joinedGroups = (db: Db, appId: number, userId: string, role: GroupRole | null) =>
  hostedGroups(db, appId)
    .innerJoin("members as m", (join) =>
      join.onRef("m.app_id", "=", "c.app_id").onRef("m.conversation_id", "=", "c.id"),
    )
    .where("m.app_id", "=", appId)
    .where("m.user_id", "=", userId)
    .$if(role !== null, (query) => query.where(roleOf(userId), "=", role as GroupRole));

const remarksOf = async (db: Db, appId: number, userId: string, ids: number[]) => {
  const remarks = new Map<number, string>();
  const own = { app_id: appId, user_id: userId };
  for (const list of idLists(ids)) {
    const rows = await db
      .selectFrom(rowsByKey(db, "hosted_members", own, "conversation_id", list).as("hm"))
      .select(["conversation_id", "remark_name"])
      .execute();
    for (const row of rows) remarks.set(row.conversation_id, row.remark_name);
  }
  return remarks;
};

export const hostedGroupReads = {
  async findHostedGroups(db: Db, appId: number, conversationIds: number[]): Promise<HostedGroup[]> {
    const found: HostedGroup[] = [];
    for (const list of idLists(conversationIds)) {
      const rows = await hostedGroups(db, appId, list).select(hostedGroupColumns).execute();
      found.push(...(await withNames(db, appId, rows)));
    }
    return found;
  },

  async listHostedGroups(
    db: Db,
    appId: number,
    { after, isNewestFirst, limit }: HostedPage<Micros>,
  ): Promise<HostedGroup[]> {
    const rows = await db
      .selectFrom("hosted_groups as h")
      .select("h.conversation_id as id")
      .where(sql`(h.app_id + 0)`, "=", appId)
      .where(isThere)
      .$if(after !== null, (query) => query.where("h.created_at", isNewestFirst ? "<" : ">", after as Micros))
      .orderBy("h.created_at", isNewestFirst ? "desc" : "asc")
      .limit(Math.max(0, limit))
      .execute();
    const groups = await hostedGroupReads.findHostedGroups(
      db,
      appId,
      rows.map(({ id }) => id),
    );
    return groups.sort((one, other) => (one.createdAt - other.createdAt) * (isNewestFirst ? -1 : 1));
  },

  async listJoinedGroups(
    db: Db,
    appId: number,
    userId: string,
    role: GroupRole | null,
    { after, isNewestFirst, limit }: HostedPage<JoinedPlace>,
  ): Promise<JoinedGroup[]> {
    const direction = isNewestFirst ? "desc" : "asc";
    const rows = await joinedGroups(db, appId, userId, role)
      .select([...hostedGroupColumns, "m.changed_at as joinedAt"])
      .select(roleOf(userId).as("role"))
      .$if(after !== null, (query) => {
        const { joinedAt, conversationId } = after as JoinedPlace;
        const sign = sql.raw(isNewestFirst ? "<" : ">");
        return query.where(sql<boolean>`(m.changed_at, c.id) ${sign} (${joinedAt}, ${conversationId})`);
      })
      .orderBy("m.changed_at", direction)
      .orderBy("c.id", direction)
      .limit(Math.max(0, limit))
      .execute();
    const groups = await withNames(db, appId, rows);
    const remarks = await remarksOf(
      db,
      appId,
      userId,
      rows.map(({ id }) => id),
    );
    return rows.map(({ id, role, joinedAt }, index) => ({
      ...(groups[index] as HostedGroup),
      ...{ role, joinedAt, remarkName: remarks.get(id) ?? "" },
    }));
  },

  async countJoinedGroups(db: Db, appId: number, userId: string, role: GroupRole | null): Promise<number> {
    const { count } = await joinedGroups(db, appId, userId, role)
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    return Number(count);
  },
};

/** Throws `groupExists`, or `conversationNotFound` where there is none that could be hosted. */
const assertFree = async (scope: WriteScope, appId: number, { groupId, isNew }: NewHostedGroup) => {
  const { db } = scope;
  if (isNew) {
    const wanted = { kind: "group", key: groupId, admission: "members" } as const;
    await conversationWrites.ensureConversation(scope, appId, { ...wanted, memberIds: [] });
  }
  const found = await conversationReads.findConversation(db, appId, groupId, ["group"]);
  if (found === null || (await scope.holdHead(appId, found.id)) === undefined)
    throw new ParlanceError("conversationNotFound");
  const { memberCount, ownerId } = await db
    .selectFrom("conversations as c")
    .leftJoin("hosted_groups as h", (join) =>
      join.onRef("h.app_id", "=", "c.app_id").onRef("h.conversation_id", "=", "c.id"),
    )
    .select(["c.member_count as memberCount", "h.owner_id as ownerId"])
    .where("c.app_id", "=", appId)
    .where("c.id", "=", found.id)
    .executeTakeFirstOrThrow();
  if (ownerId !== null || (isNew && memberCount > 0)) throw new ParlanceError("groupExists");
  if (!isNew && memberCount === 0) throw new ParlanceError("conversationNotFound");
  return found.id;
};

export const hostedGroupWrites = {
  async hostGroup(scope: WriteScope, appId: number, group: NewHostedGroup): Promise<GroupChanged> {
    await requireApp(scope.db, appId);
    const id = await assertFree(scope, appId, group);
    const { groupId, name, join, ownerId, fields, ownFields, permissions } = group;
    const changed = await groupWrites.changeGroup(scope, appId, { groupId, name, join });
    await scope.db
      .insertInto("hosted_groups")
      .values({
        app_id: appId,
        conversation_id: id,
        owner_id: ownerId,
        creator_id: ownerId,
        fields: JSON.stringify(fields),
        own_fields: JSON.stringify(ownFields),
        permissions: JSON.stringify(permissions),
        created_at: await scope.nextTick(),
      })
      .execute();
    return changed;
  },

  async saveHostedGroup(
    scope: WriteScope,
    appId: number,
    conversationId: number,
    change: HostedGroupChange,
    mostOwnFields: number,
  ): Promise<HostedGroup> {
    const { db } = scope;
    const standing = await holdHosted(scope, appId, conversationId);
    await db
      .updateTable("hosted_groups")
      .set({
        fields: JSON.stringify(withChanges(standing.fields, change.fields)),
        own_fields: JSON.stringify(withOwnChanges(standing.ownFields, change.ownFields, mostOwnFields)),
        permissions: JSON.stringify({ ...JSON.parse(standing.permissions), ...change.permissions }),
      })
      .where("app_id", "=", appId)
      .where("conversation_id", "=", conversationId)
      .execute();
    const read = async () => {
      const [group] = await hostedGroupReads.findHostedGroups(db, appId, [conversationId]);
      return group as HostedGroup;
    };
    const { name } = change;
    if (name === undefined) return read();
    const { key } = (await read()).conversation;
    await groupWrites.changeGroup(scope, appId, { groupId: key, name });
    return read();
  },
};
