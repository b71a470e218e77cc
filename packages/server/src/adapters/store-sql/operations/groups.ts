/** Groups by their app's ids: who comes and goes, in one transaction with what is said about it, and their names. */

import { ParlanceError } from "../../../errors.ts";
import type { Conversation } from "../../../ports/store.ts";
import type { GroupChange, GroupChanged, GroupJoin, NamedGroup } from "../../../ports/store-groups.ts";
import type { Db } from "../schema.ts";
import type { GroupsTable } from "../schema-groups.ts";
import { appendWithin } from "./append-within.ts";
import { requireApp } from "./apps.ts";
import { groupsById } from "./by-key.ts";
import { conversationReads, conversationWrites } from "./conversations.ts";
import { forgetHostedGroup } from "./hosted-group-rows.ts";
import { idLists } from "./id-lists.ts";
import { liveMembers, memberWrites, removeEverybody } from "./members.ts";
import { rowLists } from "./row-lists.ts";
import type { Head, WriteScope } from "./write-scope.ts";

interface Place {
  conversation: Conversation;
  /** Held until the transaction ends. */
  head: Head;
}

const find = async (scope: WriteScope, appId: number, change: GroupChange): Promise<Place | null> => {
  const { groupId: key, join } = change;
  const wanted = { kind: "group", key, admission: "members", memberIds: [] } as const;
  const conversation = join
    ? (await conversationWrites.ensureConversation(scope, appId, { ...wanted, memberIds: [] })).conversation
    : await conversationReads.findConversation(scope.db, appId, key, ["group"]);
  if (conversation === null) return null;
  const head = await scope.holdHead(appId, conversation.id);
  if (head !== undefined) return { conversation, head };
  // Deleted in between.
  if (join) throw new ParlanceError("conversationNotFound");
  return null;
};

const save = async (db: Db, appId: number, groupId: string, values: Partial<GroupsTable>): Promise<void> => {
  await db
    .insertInto("groups")
    .values({ app_id: appId, group_id: groupId, name: null, dismissed_at: null, ...values })
    .onConflict((conflict) => conflict.columns(["app_id", "group_id"]).doUpdateSet(values))
    .execute();
};

/** What was sent so far is as if they had cleared it. */
const hideHistory = async (
  scope: WriteScope,
  appId: number,
  { conversation: { id }, head }: Place,
  userIds: readonly string[],
): Promise<void> => {
  if (head.seq === 0) return;
  const { db } = scope;
  const changes = {
    cleared_up_to: head.sentAt,
    cleared_counted: head.counted,
    changed_at: await scope.nextTick(),
  };
  const rows = userIds.map((userId) => ({
    app_id: appId,
    conversation_id: id,
    user_id: userId,
    is_pinned: 0 as const,
    mute_level: null,
    draft: null,
    removed_seq: -1,
    deleted_at: 0,
    ...changes,
  }));
  for (const list of rowLists(rows))
    await db
      .insertInto("conversation_settings")
      .values(list)
      .onConflict((conflict) =>
        conflict.columns(["app_id", "conversation_id", "user_id"]).doUpdateSet(changes),
      )
      .execute();
};

const countMembers = async (db: Db, appId: number, id: number): Promise<number> => {
  const row = await db
    .selectFrom("conversations")
    .select("member_count")
    .where("app_id", "=", appId)
    .where("id", "=", id)
    .executeTakeFirst();
  return Number(row?.member_count ?? 0);
};

const isDismissed = async (db: Db, appId: number, groupId: string): Promise<boolean> => {
  const row = await db
    .selectFrom("groups")
    .select("dismissed_at")
    .where("app_id", "=", appId)
    .where("group_id", "=", groupId)
    .executeTakeFirst();
  return row !== undefined && row.dismissed_at !== null;
};

const enter = async (
  scope: WriteScope,
  appId: number,
  place: Place,
  { userIds, most, seesHistory }: GroupJoin,
): Promise<string[]> => {
  const { db } = scope;
  const { id, key } = place.conversation;
  const joined = await memberWrites.addMembers(scope, appId, id, userIds);
  if (joined.length === 0) return joined;
  const members = await countMembers(db, appId, id);
  if (members > most) throw new ParlanceError("groupFull", { most });
  const isBack = members === joined.length && (await isDismissed(db, appId, key));
  if (isBack) await save(db, appId, key, { dismissed_at: null });
  else if (!seesHistory) await hideHistory(scope, appId, place, joined);
  return joined;
};

const exit = async (
  scope: WriteScope,
  appId: number,
  id: number,
  { isDismissed: isEnd, leave = [] }: GroupChange,
): Promise<string[]> => {
  if (isEnd) return removeEverybody(scope, appId, id);
  return leave.length > 0 ? memberWrites.removeMembers(scope, appId, id, leave) : [];
};

export const groupWrites = {
  async changeGroup(scope: WriteScope, appId: number, change: GroupChange): Promise<GroupChanged> {
    const { db } = scope;
    const { groupId, name, join, message } = change;
    await requireApp(db, appId);
    // First the conversation, then what is known of its id: all hold the two in this order.
    const place = await find(scope, appId, change);
    if (name !== undefined) await save(db, appId, groupId, { name });
    const before = { sentAt: place?.head.sentAt ?? 0, seq: place?.head.seq ?? 0 };
    if (place === null) return { conversation: null, joined: [], left: [], before, message: null };
    const { conversation } = place;
    const { id } = conversation;
    const joined = join ? await enter(scope, appId, place, join) : [];
    const said = message ? await appendWithin(scope, appId, { ...message, conversationId: id }) : null;
    const left = await exit(scope, appId, id, change);
    if (change.isDismissed) {
      await save(db, appId, groupId, { dismissed_at: Date.now() });
      await forgetHostedGroup(db, appId, id);
    }
    return { conversation, joined, left, before, message: said };
  },
};

export const groupReads = {
  async listGroupsOf(
    db: Db,
    appId: number,
    userId: string,
    { offset, limit }: { offset: number; limit: number },
  ): Promise<NamedGroup[]> {
    return liveMembers(db, appId)
      .leftJoin("groups as g", (join) =>
        join.onRef("g.app_id", "=", "c.app_id").onRef("g.group_id", "=", "c.key"),
      )
      .select(["c.key as id", "g.name"])
      .where("m.app_id", "=", appId)
      .where("m.user_id", "=", userId)
      .where("c.kind", "=", "group")
      .orderBy("c.id")
      .limit(Math.max(0, limit))
      .offset(Math.max(0, offset))
      .execute();
  },

  async findGroupNames(db: Db, appId: number, groupIds: string[]): Promise<{ id: string; name: string }[]> {
    const found: { id: string; name: string }[] = [];
    for (const list of idLists(groupIds)) {
      const rows = await db
        .selectFrom(groupsById(db, "groups", appId, list).as("g"))
        .select(["group_id as id", "name"])
        .execute();
      for (const { id, name } of rows) if (name !== null) found.push({ id, name });
    }
    return found;
  },
};
