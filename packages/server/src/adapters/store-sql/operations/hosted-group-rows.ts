/** Hosted groups as they are read: the conversation, its facts, and its name, which any group may have. */

import { sql } from "kysely";
import { ParlanceError } from "../../../errors.ts";
import type { Conversation, Micros } from "../../../ports/store.ts";
import type { HostedGroup } from "../../../ports/store-hosted-groups.ts";
import type { Db } from "../schema.ts";
import { liveConversations } from "./live-conversations.ts";
import type { WriteScope } from "./write-scope.ts";

/** Of these conversations, or of all of an app. */
export const hostedGroups = (db: Db, appId: number, ids?: number[]) =>
  liveConversations(db, appId, ids)
    .innerJoin("hosted_groups as h", (join) =>
      join.onRef("h.app_id", "=", "c.app_id").onRef("h.conversation_id", "=", "c.id"),
    )
    .leftJoin("groups as g", (join) =>
      join.onRef("g.app_id", "=", "c.app_id").onRef("g.group_id", "=", "c.key"),
    );

export const hostedGroupColumns = [
  "c.id",
  "c.kind",
  "c.key",
  "c.admission",
  "c.created_at as madeAt",
  "c.member_count as memberCount",
  "g.name",
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
  name: string | null;
  ownerId: string;
  creatorId: string;
  fields: string;
  ownFields: string;
  permissions: string;
  hostedAt: Micros;
}

export const toHostedGroup = (row: HostedGroupRow): HostedGroup => ({
  conversation: {
    id: row.id,
    kind: row.kind,
    key: row.key,
    admission: row.admission,
    createdAt: row.madeAt,
  },
  name: row.name ?? "",
  ownerId: row.ownerId,
  creatorId: row.creatorId,
  fields: JSON.parse(row.fields),
  ownFields: JSON.parse(row.ownFields),
  permissions: JSON.parse(row.permissions),
  memberCount: row.memberCount,
  createdAt: row.hostedAt,
});

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
