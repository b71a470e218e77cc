import { ParlanceError } from "../../../errors.ts";
import type { Db } from "../schema.ts";

/** The one place that says which conversations exist: this app's, not deleted, and the app not deleted either. */
export const liveConversations = (db: Db, appId: number) =>
  db
    .selectFrom("conversations as c")
    .innerJoin("apps as a", "a.id", "c.app_id")
    .where("c.app_id", "=", appId)
    .where("c.deleted_at", "is", null)
    .where("a.deleted_at", "is", null);

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
