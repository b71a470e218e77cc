import { sql } from "kysely";
import { ParlanceError } from "../../../errors.ts";
import type { ConversationsTable, Db } from "../schema.ts";
import { conversationsById } from "./by-key.ts";

/**
 * The one place that says which conversations exist: this app's, not deleted, and the app not deleted either. It says so
 * with `coalesce`: asked for `deleted_at is null`, PostgreSQL without statistics reads a whole app along the index of the
 * keys that are not deleted. Without `ids` all of them.
 */
export const liveConversations = (db: Db, appId: number, ids?: number[]) =>
  db
    .selectFrom((ids ? conversationsById(db, appId, ids) : sql<ConversationsTable>`conversations`).as("c"))
    .innerJoin("apps as a", "a.id", "c.app_id")
    .where("c.app_id", "=", appId)
    .where(({ eb, fn, lit }) => eb(fn.coalesce("c.deleted_at", lit(0)), "=", 0))
    .where(({ eb, fn, lit }) => eb(fn.coalesce("a.deleted_at", lit(0)), "=", 0));

/** Throws `conversationNotFound`. */
export const requireConversation = async (db: Db, appId: number, id: number): Promise<{ key: string }> => {
  const row = await liveConversations(db, appId).select("c.key").where("c.id", "=", id).executeTakeFirst();
  if (row === undefined) throw new ParlanceError("conversationNotFound");
  return row;
};

/** Where a log ends, with the running number of counted messages. */
export const selectHead = (db: Db, appId: number, id: number) =>
  liveConversations(db, appId)
    .select(["c.last_seq as seq", "c.last_sent_at as sentAt", "c.last_counted as counted"])
    .where("c.id", "=", id);
