/** What a member sets for themselves alone. Each change gets a tick, so that the user's other devices find it. */

import { ParlanceError } from "../../../errors.ts";
import type { Micros } from "../../../ports/store.ts";
import type { SettingsChange } from "../../../ports/store-conversations.ts";
import type { ConversationSettingsTable, Db } from "../schema.ts";
import { messagesByTime } from "./by-key.ts";
import { idLists } from "./id-lists.ts";
import { requireConversation } from "./live-conversations.ts";
import { memberReads } from "./members.ts";
import { keptSince } from "./retention.ts";
import type { WriteScope } from "./write-scope.ts";

interface Owner {
  appId: number;
  conversationId: number;
  userId: string;
}

const requireMember = async (db: Db, { appId, conversationId, userId }: Owner): Promise<void> => {
  await requireConversation(db, appId, conversationId);
  if (!(await memberReads.isMember(db, appId, conversationId, userId))) throw new ParlanceError("notMember");
};

/** What holds for those who never set anything. */
const defaults = {
  is_pinned: 0,
  mute_level: null,
  draft: null,
  cleared_up_to: 0,
  cleared_counted: 0,
  removed_seq: -1,
  deleted_at: 0,
  pinned_at: null,
} as const;

export type SettingsValues = Partial<
  Omit<ConversationSettingsTable, "app_id" | "conversation_id" | "user_id" | "changed_at">
>;

/** Whatever else is set stays; with nothing to set it has changed all the same. */
export const saveSettings = async (
  { db, nextTick }: WriteScope,
  owner: Owner,
  values: SettingsValues,
): Promise<void> => {
  const change = { ...values, changed_at: await nextTick() };
  await db
    .insertInto("conversation_settings")
    .values({
      app_id: owner.appId,
      conversation_id: owner.conversationId,
      user_id: owner.userId,
      ...defaults,
      ...change,
    })
    .onConflict((conflict) => conflict.columns(["app_id", "conversation_id", "user_id"]).doUpdateSet(change))
    .execute();
};

/** Throws `notFound`. */
export const requireTags = async (db: Db, appId: number, userId: string, wanted: string[]): Promise<void> => {
  const known = await db
    .selectFrom("tags")
    .select("id")
    .where("app_id", "=", appId)
    .where("user_id", "=", userId)
    .where("id", "in", wanted)
    .execute();
  if (known.length < wanted.length) throw new ParlanceError("notFound", { tags: "There is no such tag." });
};

const addTags = async (
  { db, nextTick }: WriteScope,
  { appId, conversationId, userId }: Owner,
  tagIds: string[],
): Promise<void> => {
  const wanted = [...new Set(tagIds)];
  await requireTags(db, appId, userId, wanted);
  const taggedAt = await nextTick();
  await db
    .insertInto("conversation_tags")
    .values(
      wanted.map((tagId) => ({
        app_id: appId,
        conversation_id: conversationId,
        user_id: userId,
        tag_id: tagId,
        tagged_at: taggedAt,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

const removeTags = async (db: Db, { appId, conversationId, userId }: Owner, tagIds: string[]) => {
  await db
    .deleteFrom("conversation_tags")
    .where("app_id", "=", appId)
    .where("conversation_id", "=", conversationId)
    .where("user_id", "=", userId)
    .where("tag_id", "in", tagIds)
    .execute();
};

/** The last message at or before a time. */
const lastMessage = ({ appId, conversationId }: Owner, db: Db, upTo: Micros) =>
  db
    .selectFrom("messages")
    .select(["sent_at", "counted"])
    .where("app_id", "=", appId)
    .where("conversation_id", "=", conversationId)
    .where("sent_at", "<=", upTo)
    .where("sent_at", ">=", keptSince(appId))
    .where("change_of", "is", null)
    .orderBy("sent_at", "desc")
    .limit(1)
    .executeTakeFirst();

const deletionsOf = ({ appId, conversationId, userId }: Owner) =>
  ({ app_id: appId, conversation_id: conversationId, user_id: userId }) as const;

export const settingsWrites = {
  async updateSettings(
    scope: WriteScope,
    appId: number,
    conversationId: number,
    userId: string,
    change: SettingsChange,
  ): Promise<void> {
    const owner = { appId, conversationId, userId };
    await requireMember(scope.db, owner);
    // A tag must not go while it is being put on something.
    if (change.addTags?.length) await scope.holdUser(appId, userId);
    const values: SettingsValues = {};
    if (change.isPinned !== undefined) {
      values.is_pinned = change.isPinned ? 1 : 0;
      values.pinned_at = Date.now();
    }
    if (change.muteLevel !== undefined) values.mute_level = change.muteLevel;
    if (change.draft !== undefined) values.draft = change.draft;
    await saveSettings(scope, owner, values);
    if (change.removeTags?.length) await removeTags(scope.db, owner, change.removeTags);
    if (change.addTags?.length) await addTags(scope, owner, change.addTags);
  },

  async clearHistory(
    scope: WriteScope,
    appId: number,
    conversationId: number,
    userId: string,
    upTo: Micros,
  ): Promise<Micros> {
    const { db } = scope;
    const owner = { appId, conversationId, userId };
    await requireMember(db, owner);
    await scope.holdUser(appId, userId);
    const standing = await db
      .selectFrom("conversation_settings")
      .select("cleared_up_to as at")
      .where("app_id", "=", appId)
      .where("conversation_id", "=", conversationId)
      .where("user_id", "=", userId)
      .executeTakeFirst();
    const last = await lastMessage(owner, db, upTo);
    const standingAt = standing?.at ?? 0;
    if (last === undefined || last.sent_at <= standingAt) return standingAt;
    await saveSettings(scope, owner, { cleared_up_to: last.sent_at, cleared_counted: last.counted });
    await db
      .deleteFrom("own_deletions")
      .where("app_id", "=", appId)
      .where("conversation_id", "=", conversationId)
      .where("user_id", "=", userId)
      .where("sent_at", "<=", last.sent_at)
      .execute();
    return last.sent_at;
  },

  async removeFromList(
    scope: WriteScope,
    appId: number,
    conversationId: number,
    userId: string,
  ): Promise<void> {
    const owner = { appId, conversationId, userId };
    await requireMember(scope.db, owner);
    const { last_seq } = await scope.db
      .selectFrom("conversations")
      .select("last_seq")
      .where("app_id", "=", appId)
      .where("id", "=", conversationId)
      .executeTakeFirstOrThrow();
    await saveSettings(scope, owner, { removed_seq: last_seq });
  },

  async deleteOwn(
    scope: WriteScope,
    appId: number,
    conversationId: number,
    userId: string,
    sentAts: Micros[],
    most: number,
  ): Promise<number> {
    const { db } = scope;
    const owner = { appId, conversationId, userId };
    await requireMember(db, owner);
    await scope.holdUser(appId, userId);
    let deleted = 0;
    for (const list of idLists(sentAts)) {
      const found = await db
        .selectFrom(messagesByTime(db, appId, conversationId, list).as("m"))
        .select("sent_at")
        .where("sent_at", ">=", keptSince(appId))
        .where("change_of", "is", null)
        .execute();
      for (const times of idLists(found.map(({ sent_at }) => sent_at))) {
        const rows = await db
          .insertInto("own_deletions")
          .values(times.map((sentAt) => ({ ...deletionsOf(owner), sent_at: sentAt })))
          .onConflict((conflict) => conflict.doNothing())
          .returning("sent_at")
          .execute();
        deleted += rows.length;
      }
    }
    if (deleted === 0) return 0;
    const { count } = await db
      .selectFrom("own_deletions")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("app_id", "=", appId)
      .where("conversation_id", "=", conversationId)
      .where("user_id", "=", userId)
      .executeTakeFirstOrThrow();
    if (Number(count) > most)
      throw new ParlanceError("invalidInput", {
        sentAt: `No more than ${most} messages of a conversation can be deleted one by one; clear its history.`,
      });
    await saveSettings(scope, owner, { deleted_at: await scope.nextTick() });
    return deleted;
  },
};
