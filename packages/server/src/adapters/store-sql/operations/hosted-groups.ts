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
import { conversationReads, conversationWrites } from "./conversations.ts";
import { withChanges, withOwnChanges } from "./fields.ts";
import { groupWrites } from "./groups.ts";
import { holdHosted, hostedGroupColumns, hostedGroups, toHostedGroup } from "./hosted-group-rows.ts";
import { idLists } from "./id-lists.ts";
import type { WriteScope } from "./write-scope.ts";

/** 1 of whom nothing else is known. */
export const roleOf = (userId: string) => sql<GroupRole>`case
  when h.owner_id = ${userId} then 3 when coalesce(hm.is_admin, 0) = 1 then 2 else 1 end`;

const joinedGroups = (db: Db, appId: number, userId: string, role: GroupRole | null) =>
  hostedGroups(db, appId)
    .innerJoin("members as m", (join) =>
      join.onRef("m.app_id", "=", "c.app_id").onRef("m.conversation_id", "=", "c.id"),
    )
    .leftJoin("hosted_members as hm", (join) =>
      join
        .onRef("hm.app_id", "=", "c.app_id")
        .onRef("hm.conversation_id", "=", "c.id")
        .on("hm.user_id", "=", userId),
    )
    .where("m.app_id", "=", appId)
    .where("m.user_id", "=", userId)
    .$if(role !== null, (query) => query.where(roleOf(userId), "=", role as GroupRole));

export const hostedGroupReads = {
  async findHostedGroups(db: Db, appId: number, conversationIds: number[]): Promise<HostedGroup[]> {
    const found: HostedGroup[] = [];
    for (const list of idLists(conversationIds)) {
      const rows = await hostedGroups(db, appId, list).select(hostedGroupColumns).execute();
      found.push(...rows.map(toHostedGroup));
    }
    return found;
  },

  async listHostedGroups(
    db: Db,
    appId: number,
    { after, isNewestFirst, limit }: HostedPage<Micros>,
  ): Promise<HostedGroup[]> {
    const rows = await hostedGroups(db, appId)
      .select(hostedGroupColumns)
      .where("h.app_id", "=", appId)
      .$if(after !== null, (query) => query.where("h.created_at", isNewestFirst ? "<" : ">", after as Micros))
      .orderBy("h.created_at", isNewestFirst ? "desc" : "asc")
      .limit(Math.max(0, limit))
      .execute();
    return rows.map(toHostedGroup);
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
      .select([...hostedGroupColumns, "m.changed_at as joinedAt", "hm.remark_name as remarkName"])
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
    return rows.map((row) => ({
      ...toHostedGroup(row),
      role: row.role,
      remarkName: row.remarkName ?? "",
      joinedAt: row.joinedAt,
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
