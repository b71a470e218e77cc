/** Conversations. A deleted one is found by nothing here; `purge` removes its rows. */

import { ParlanceError } from "../../../errors.ts";
import type { Conversation, ConversationKind, NewConversation } from "../../../ports/store.ts";
import type { EnsuredConversation } from "../../../ports/store-conversations.ts";
import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { insertMembers } from "./members.ts";
import type { WriteScope } from "./write-scope.ts";

const columns = [
  "id",
  "kind",
  "key",
  "admission",
  "created_at as createdAt",
  "member_count as memberCount",
] as const;

type Row = Conversation & { memberCount: number };

const toConversation = async (db: Db, appId: number, row: Row): Promise<Conversation> => {
  const { memberCount, ...conversation } = row;
  if (conversation.kind !== "direct" || memberCount !== 1) return conversation;
  const member = await db
    .selectFrom("members")
    .select("user_id")
    .where("app_id", "=", appId)
    .where("conversation_id", "=", conversation.id)
    .limit(1)
    .executeTakeFirst();
  return member === undefined ? conversation : { ...conversation, soleMemberId: member.user_id };
};

export const conversationReads = {
  async findConversation(
    db: Db,
    appId: number,
    key: string,
    kinds: ConversationKind[],
  ): Promise<Conversation | null> {
    if (kinds.length === 0) return null;
    const found = await db
      .selectFrom("conversations")
      .select(columns)
      .where("app_id", "=", appId)
      .where("kind", "in", kinds)
      .where("key", "=", key)
      .where("deleted_at", "is", null)
      .execute();
    found.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
    return found[0] === undefined ? null : toConversation(db, appId, found[0]);
  },
};

/** Undefined when kind and key are taken. PostgreSQL waits for others who are creating the same. */
const insertConversation = async (
  { db, nextTick }: WriteScope,
  appId: number,
  { kind, key, admission, memberIds }: NewConversation,
): Promise<Conversation | undefined> => {
  await requireApp(db, appId);
  const id = await nextTick();
  const created = await db
    .insertInto("conversations")
    .values({
      app_id: appId,
      id,
      kind,
      key,
      admission,
      created_at: Date.now(),
      deleted_at: null,
      last_seq: 0,
      last_sent_at: 0,
      last_counted: 0,
      changed_at: id,
      member_count: 0,
    })
    .onConflict((conflict) =>
      conflict.columns(["app_id", "kind", "key"]).where("deleted_at", "is", null).doNothing(),
    )
    .returning(columns)
    .executeTakeFirst();
  if (created === undefined) return undefined;
  if (admission === "everyone")
    await db.insertInto("broadcasts").values({ app_id: appId, conversation_id: id }).execute();
  await insertMembers(db, appId, { id, changedAt: id, lastSeq: 0 }, memberIds);
  return toConversation(db, appId, { ...created, memberCount: new Set(memberIds).size });
};

/** A conversation that was there may be deleted before it is read, and be there again, and so on: not forever. */
const MOST_TRIES = 5;

export const conversationWrites = {
  async createConversation(
    scope: WriteScope,
    appId: number,
    conversation: NewConversation,
  ): Promise<Conversation> {
    const created = await insertConversation(scope, appId, conversation);
    if (created !== undefined) return created;
    throw new ParlanceError("invalidInput", { key: "A conversation of this kind has this key." });
  },

  async ensureConversation(
    scope: WriteScope,
    appId: number,
    wanted: NewConversation,
  ): Promise<EnsuredConversation> {
    const { key, kind } = wanted;
    for (let attempt = 0; attempt < MOST_TRIES; attempt++) {
      const created = await insertConversation(scope, appId, wanted);
      if (created !== undefined) return { conversation: created, isNew: true };
      const found = await conversationReads.findConversation(scope.db, appId, key, [kind]);
      if (found !== null) return { conversation: found, isNew: false };
    }
    throw new ParlanceError("unavailable");
  },

  async deleteConversation(
    { db, nextTick }: WriteScope,
    appId: number,
    conversationId: number,
  ): Promise<boolean> {
    const row = await db
      .updateTable("conversations")
      .set({ deleted_at: Date.now(), changed_at: await nextTick() })
      .where("app_id", "=", appId)
      .where("id", "=", conversationId)
      .where(({ eb, fn, lit }) => eb(fn.coalesce("deleted_at", lit(0)), "=", 0))
      .returning("id")
      .executeTakeFirst();
    return row !== undefined;
  },
};
