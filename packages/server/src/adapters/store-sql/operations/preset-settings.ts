/** What a back end sets of somebody's conversations, whether that one is a member or not yet. */

import type { ConversationKind, Micros } from "../../../ports/store.ts";
import type {
  MuteLevel,
  OwnSettings,
  PresetSettings,
  TaggedConversation,
} from "../../../ports/store-conversations.ts";
import type { Db } from "../schema.ts";
import { idLists } from "./id-lists.ts";
import { liveConversations, requireConversation } from "./live-conversations.ts";
import { requireTags, type SettingsValues, saveSettings } from "./settings.ts";
import type { WriteScope } from "./write-scope.ts";

/** Newest first. */
const tagged = (db: Db, appId: number, userId: string, tagId: string) =>
  db
    .selectFrom("conversation_tags as t")
    .where("t.app_id", "=", appId)
    .where("t.user_id", "=", userId)
    .where("t.tag_id", "=", tagId)
    .orderBy("t.tagged_at", "desc")
    .orderBy("t.conversation_id", "desc");

export const presetReads = {
  async findOwnSettings(
    db: Db,
    appId: number,
    conversationId: number,
    userId: string,
  ): Promise<OwnSettings | null> {
    const row = await db
      .selectFrom("conversation_settings")
      .select(["is_pinned as isPinned", "pinned_at as pinnedAt", "mute_level as muteLevel"])
      .where("app_id", "=", appId)
      .where("conversation_id", "=", conversationId)
      .where("user_id", "=", userId)
      .executeTakeFirst();
    if (row === undefined) return null;
    const tags = await db
      .selectFrom("conversation_tags")
      .select("tag_id")
      .where("app_id", "=", appId)
      .where("conversation_id", "=", conversationId)
      .where("user_id", "=", userId)
      .execute();
    return {
      isPinned: row.isPinned === 1,
      pinnedAt: row.pinnedAt,
      muteLevel: row.muteLevel as MuteLevel | null,
      tags: tags.map(({ tag_id }) => tag_id),
    };
  },

  async listTagged(
    db: Db,
    appId: number,
    userId: string,
    tagId: string,
    limit: number,
  ): Promise<TaggedConversation[]> {
    const rows = await tagged(db, appId, userId, tagId)
      .select("t.conversation_id as id")
      .limit(limit)
      .execute();
    const found = new Map<number, { kind: ConversationKind; key: string }>();
    for (const list of idLists(rows.map(({ id }) => id)))
      for (const { id, kind, key } of await liveConversations(db, appId, list)
        .select(["c.id", "c.kind", "c.key"])
        .execute())
        found.set(id, { kind, key });
    return rows.flatMap(({ id }) => found.get(id) ?? []);
  },
};

const oneTag = { app_id: 0, user_id: "", tag_id: "" };
const ofTag = (appId: number, userId: string, tagId: string): typeof oneTag => ({
  app_id: appId,
  user_id: userId,
  tag_id: tagId,
});

const removeFrom = async (
  scope: WriteScope,
  { app_id, user_id, tag_id }: typeof oneTag,
  ids: number[],
): Promise<number[]> => {
  const removed: number[] = [];
  for (const list of idLists(ids)) {
    const rows = await scope.db
      .deleteFrom("conversation_tags")
      .where("app_id", "=", app_id)
      .where("user_id", "=", user_id)
      .where("tag_id", "=", tag_id)
      .where("conversation_id", "in", list)
      .returning("conversation_id as id")
      .execute();
    for (const { id } of rows) removed.push(id);
  }
  for (const conversationId of removed)
    await saveSettings(scope, { appId: app_id, conversationId, userId: user_id }, {});
  return removed;
};

/** The oldest above `most` give way. */
const dropOldest = async (scope: WriteScope, tag: typeof oneTag, most: number): Promise<number[]> => {
  const { app_id, user_id, tag_id } = tag;
  const rows = await tagged(scope.db, app_id, user_id, tag_id)
    .select("t.conversation_id as id")
    .offset(most)
    .limit(most)
    .execute();
  const ids = rows.map(({ id }) => id);
  return removeFrom(scope, tag, ids);
};

export const presetWrites = {
  async presetSettings(
    scope: WriteScope,
    appId: number,
    conversationId: number,
    userId: string,
    { isPinned, muteLevel }: PresetSettings,
  ): Promise<void> {
    await requireConversation(scope.db, appId, conversationId);
    const values: SettingsValues = {};
    if (isPinned !== undefined) {
      values.is_pinned = isPinned ? 1 : 0;
      values.pinned_at = Date.now();
    }
    if (muteLevel !== undefined) values.mute_level = muteLevel;
    await saveSettings(scope, { appId, conversationId, userId }, values);
  },

  async tagConversations(
    scope: WriteScope,
    appId: number,
    userId: string,
    tagId: string,
    conversationIds: number[],
    most: number,
  ): Promise<number[]> {
    const { db } = scope;
    await scope.holdUser(appId, userId);
    await requireTags(db, appId, userId, [tagId]);
    const tag = ofTag(appId, userId, tagId);
    const changed = new Set<number>();
    for (const conversationId of [...new Set(conversationIds)].sort((one, other) => one - other)) {
      await requireConversation(db, appId, conversationId);
      const taggedAt: Micros = await scope.nextTick();
      await db
        .insertInto("conversation_tags")
        .values({ ...tag, conversation_id: conversationId, tagged_at: taggedAt })
        .onConflict((conflict) =>
          conflict
            .columns(["app_id", "conversation_id", "user_id", "tag_id"])
            .doUpdateSet({ tagged_at: taggedAt }),
        )
        .execute();
      await saveSettings(scope, { appId, conversationId, userId }, {});
      changed.add(conversationId);
    }
    for (const id of await dropOldest(scope, tag, most)) changed.add(id);
    return [...changed];
  },

  async untagConversations(
    scope: WriteScope,
    appId: number,
    userId: string,
    tagId: string,
    conversationIds: number[],
  ): Promise<number[]> {
    await scope.holdUser(appId, userId);
    return removeFrom(scope, ofTag(appId, userId, tagId), conversationIds);
  },
};
