/** Hosted groups as they are read: the conversation and its facts. A name is what any group may have. */

import { type RawBuilder, sql } from "kysely";
import { ParlanceError } from "../../../errors.ts";
import type { Conversation, Micros } from "../../../ports/store.ts";
import type { HostedGroup } from "../../../ports/store-hosted-groups.ts";
import type { Db } from "../schema.ts";
import type { HostedGroupsTable } from "../schema-hosting.ts";
import { factsOf } from "./by-key.ts";
import { liveConversations } from "./live-conversations.ts";
import { oneByOne } from "./one-by-one.ts";
import type { WriteScope } from "./write-scope.ts";

/** Of these conversations, or of all of an app. */
export const hostedGroups = (db: Db, appId: number, ids?: number[]) =>
  liveConversations(db, appId, ids).innerJoin(factsOf(db, "hosted_groups").as("h"), (join) =>
    join.onRef("h.app_id", "=", "c.app_id").onRef("h.conversation_id", "=", "c.id"),
  );

export const hostedGroupColumns = [
  "c.id",
  "c.kind",
  "c.key",
  "c.admission",
  "c.created_at as madeAt",
  "c.member_count as memberCount",
  "h.owner_id as ownerId",
  "h.creator_id as creatorId",
  "h.fields",
  "h.own_fields as ownFields",
  "h.permissions",
  "h.created_at as hostedAt",
] as const;

export interface HostedGroupRow extends Pick<Conversation, "id" | "kind" | "key" | "admission"> {
  madeAt: number;
  memberCount: number;
  ownerId: string;
  creatorId: string;
  fields: string;
  ownFields: string;
  permissions: string;
  hostedAt: Micros;
}

export const toHostedGroup = (row: HostedGroupRow, name: string): HostedGroup => ({
  conversation: {
    id: row.id,
    kind: row.kind,
    key: row.key,
    admission: row.admission,
    createdAt: row.madeAt,
  },
  name,
  ownerId: row.ownerId,
  creatorId: row.creatorId,
  fields: JSON.parse(row.fields),
  ownFields: JSON.parse(row.ownFields),
  permissions: JSON.parse(row.permissions),
  memberCount: row.memberCount,
  createdAt: row.hostedAt,
});

/** The facts of one group, for a `from`. */
export const onlyGroup = (appId: number, conversationId: number): RawBuilder<HostedGroupsTable> =>
  sql`(select * from hosted_groups where app_id = ${appId} and conversation_id = ${conversationId} limit 1)`;

/** Whether this member of group `h` is an admin: asked of one row after the other, by its key. */
export const isAdmin = (userId: RawBuilder<string>): RawBuilder<boolean> => sql`exists (
  select 1 from hosted_members hm where hm.app_id = h.app_id and hm.conversation_id = h.conversation_id
    and hm.user_id = ${userId} and hm.is_admin = 1 ${oneByOne})`;

/** Whether the conversation of group `h` is there; asked as `isAdmin` is. */
export const isThere = sql<boolean>`exists (
  select 1 from conversations c where c.app_id = h.app_id and c.id = h.conversation_id
    and coalesce(c.deleted_at, 0) = 0 ${oneByOne})`;

export interface HeldGroup {
  ownerId: string;
  fields: string;
  ownFields: string;
  permissions: string;
}

/**
 * The facts, while no other transaction changes them or who is in the group: all of them hold the conversation first.
 * Throws `conversationNotFound`, `groupNotHosted`.
 */
export const holdHosted = async (
  scope: WriteScope,
  appId: number,
  conversationId: number,
): Promise<HeldGroup> => {
  if ((await scope.holdHead(appId, conversationId)) === undefined)
    throw new ParlanceError("conversationNotFound");
  const row = await scope.db
    .selectFrom("hosted_groups")
    .select(["owner_id as ownerId", "fields", "own_fields as ownFields", "permissions"])
    .where("app_id", "=", appId)
    .where("conversation_id", "=", conversationId)
    .executeTakeFirst();
  if (row === undefined) throw new ParlanceError("groupNotHosted");
  return row;
};

/** What is kept of members goes as they leave. */
export const forgetHostedMembers = async (
  db: Db,
  appId: number,
  conversationId: number,
  userIds: string[],
): Promise<void> => {
  await db
    .deleteFrom("hosted_members")
    .where("app_id", "=", appId)
    .where("conversation_id", "=", conversationId)
    .where("user_id", "in", userIds)
    .execute();
};

/** The group is dismissed; who brings it back begins anew. */
export const forgetHostedGroup = async (db: Db, appId: number, conversationId: number): Promise<void> => {
  for (const table of ["group_follows", "hosted_members", "hosted_groups"] as const)
    await sql`delete from ${sql.table(table)}
      where app_id = ${appId} and conversation_id = ${conversationId}`.execute(db);
};
