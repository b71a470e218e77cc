/** Conversations. A deleted one is found by nothing here; `purge` removes its rows. */

import { ParlanceError } from "../../../errors.ts";
import type { Conversation, ConversationKind, NewConversation } from "../../../ports/store.ts";
import type { EnsuredConversation } from "../../../ports/store-conversations.ts";
import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { conversationsByKey } from "./by-key.ts";
import { idLists } from "./id-lists.ts";
import { insertMembers } from "./members.ts";
import { rowLists } from "./row-lists.ts";
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
  async findConversations(
    db: Db,
    appId: number,
    kind: ConversationKind,
    keys: string[],
  ): Promise<Conversation[]> {
    const found: Conversation[] = [];
    for (const list of idLists(keys)) {
      const rows = await db
        .selectFrom(conversationsByKey(db, appId, kind, list).as("c"))
        .leftJoin("members as m", (join) =>
          join
            .onRef("m.app_id", "=", "c.app_id")
            .onRef("m.conversation_id", "=", "c.id")
            .on("c.kind", "=", "direct")
            .on("c.member_count", "=", 1),
        )
        .select(["c.id", "c.kind", "c.key", "c.admission", "c.created_at as createdAt", "m.user_id as sole"])
        .execute();
      for (const { sole, ...conversation } of rows)
        found.push(sole === null ? conversation : { ...conversation, soleMemberId: sole });
    }
    return found;
  },

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

const nameOf = ({ kind, key }: Pick<Conversation, "kind" | "key">): string => `${kind}/${key}`;

/**
 * Those that weren't there, by name. In the order of their names, so that no two transactions wait for each other's
 * conversations.
 */
const insertAll = async (
  { db, nextTick }: WriteScope,
  appId: number,
  wanted: readonly NewConversation[],
): Promise<Map<string, Conversation>> => {
  await requireApp(db, appId);
  const rows = [];
  for (const { kind, key, admission, memberIds } of wanted) {
    const id = await nextTick();
    const head = { last_seq: 0, last_sent_at: 0, last_counted: 0, changed_at: id };
    const member_count = new Set(memberIds).size;
    rows.push({
      app_id: appId,
      id,
      kind,
      key,
      admission,
      created_at: Date.now(),
      deleted_at: null,
      ...head,
      member_count,
    });
  }
  rows.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  const created = new Map<string, Conversation>();
  for (const list of rowLists(rows)) {
    const inserted = await db
      .insertInto("conversations")
      .values(list)
      .onConflict((conflict) =>
        conflict.columns(["app_id", "kind", "key"]).where("deleted_at", "is", null).doNothing(),
      )
      .returning(["id", "kind", "key", "admission", "created_at as createdAt"])
      .execute();
    for (const conversation of inserted) created.set(nameOf(conversation), conversation);
  }
  const members = [];
  for (const one of wanted) {
    const conversation = created.get(nameOf(one));
    const [soleMemberId, ...others] = new Set(one.memberIds);
    if (conversation?.kind === "direct" && soleMemberId !== undefined && others.length === 0)
      conversation.soleMemberId = soleMemberId;
    const own = conversation && {
      app_id: appId,
      conversation_id: conversation.id,
      changed_at: conversation.id,
    };
    if (own) for (const user_id of new Set(one.memberIds)) members.push({ ...own, user_id, joined_seq: 0 });
  }
  for (const list of rowLists(members)) await db.insertInto("members").values(list).execute();
  return created;
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

  async ensureConversations(
    scope: WriteScope,
    appId: number,
    wanted: NewConversation[],
  ): Promise<EnsuredConversation[]> {
    const created = await insertAll(scope, appId, wanted);
    const ensured: EnsuredConversation[] = [];
    for (const one of wanted) {
      const conversation = created.get(nameOf(one));
      ensured.push(
        conversation
          ? { conversation, isNew: true }
          : await conversationWrites.ensureConversation(scope, appId, one),
      );
    }
    return ensured;
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
