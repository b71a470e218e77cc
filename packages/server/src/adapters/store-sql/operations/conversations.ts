/** Conversations and who belongs to them. A deleted conversation is found by nothing here; `purge` removes its rows. */

import { ParlanceError } from "../../../errors.ts";
import type { Conversation, ConversationKind, NewConversation } from "../../../ports/store.ts";
import type { Db } from "../schema.ts";
import { requireApp } from "./apps.ts";
import { insertMembers } from "./members.ts";
import type { WriteScope } from "./write-scope.ts";

const columns = ["id", "kind", "key", "admission", "created_at as createdAt"] as const;

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
    return found[0] ?? null;
  },
};

export const conversationWrites = {
  async createConversation(
    { db, nextTick }: WriteScope,
    appId: number,
    { kind, key, admission, memberIds }: NewConversation,
  ): Promise<Conversation> {
    await requireApp(db, appId);
    const created = await db
      .insertInto("conversations")
      .values({
        app_id: appId,
        id: await nextTick(),
        kind,
        key,
        admission,
        created_at: Date.now(),
        deleted_at: null,
        last_seq: 0,
        last_sent_at: 0,
        last_counted: 0,
      })
      .onConflict((conflict) =>
        conflict.columns(["app_id", "kind", "key"]).where("deleted_at", "is", null).doNothing(),
      )
      .returning(columns)
      .executeTakeFirst();
    if (created === undefined) {
      throw new ParlanceError("invalidInput", { key: "A conversation of this kind has this key." });
    }
    await insertMembers(db, appId, created.id, memberIds);
    return created;
  },

  async deleteConversation({ db }: WriteScope, appId: number, conversationId: number): Promise<boolean> {
    const row = await db
      .updateTable("conversations")
      .set({ deleted_at: Date.now() })
      .where("app_id", "=", appId)
      .where("id", "=", conversationId)
      .where("deleted_at", "is", null)
      .returning("id")
      .executeTakeFirst();
    return row !== undefined;
  },
};
