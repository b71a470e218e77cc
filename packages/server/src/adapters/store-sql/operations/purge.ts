/**
 * Removes what is deleted, in pieces small enough to share a commit with everybody's messages. Children go before their
 * parents, so that a purge can stop anywhere and go on later, and a parent goes only when nothing points to it.
 */

import { type SqlBool, sql } from "kysely";
import type { ConversationKind } from "../../../ports/store.ts";
import { TOMBSTONE_MICROS } from "../../../ports/store-conversations.ts";
import type { Db, Schema } from "../schema.ts";
import type { WriteScope } from "./write-scope.ts";

const LARGEST_PIECE = 1000;

/** Rows that hang on a conversation, with the columns that tell them apart within it. */
const ofConversation = [
  { table: "push_outbox", key: ["sent_at"] },
  { table: "messages", key: ["sent_at"] },
  { table: "mentions", key: ["user_id", "sent_at"] },
  { table: "recipients", key: ["user_id", "sent_at"] },
  { table: "chatroom_members", key: ["user_id"] },
  { table: "chatroom_keys", key: ["key"] },
  { table: "chatrooms", key: ["conversation_id"] },
  { table: "read_marks", key: ["user_id"] },
  { table: "own_deletions", key: ["user_id", "sent_at"] },
  { table: "conversation_tags", key: ["user_id", "tag_id"] },
  { table: "conversation_settings", key: ["user_id"] },
  { table: "group_follows", key: ["user_id", "followed_id"] },
  { table: "hosted_members", key: ["user_id"] },
  { table: "hosted_groups", key: ["conversation_id"] },
  { table: "members", key: ["user_id"] },
  { table: "broadcasts", key: ["conversation_id"] },
] as const;

/** Rows that hang on an app only. Sessions point to users. */
const ofApp = [
  { table: "sessions", key: ["token_hash"] },
  { table: "users", key: ["id"] },
  { table: "user_rules", key: ["user_id"] },
  { table: "contacts", key: ["user_id", "list", "contact_id"] },
  { table: "tags", key: ["user_id", "id"] },
  { table: "user_tags", key: ["user_id", "tag"] },
  { table: "push_devices", key: ["user_id", "device_id"] },
  { table: "push_preferences", key: ["user_id"] },
  { table: "push_remarks", key: ["user_id", "target_id"] },
  { table: "group_remarks", key: ["group_key", "user_id"] },
  { table: "push_jobs", key: ["id"] },
  { table: "past_members", key: ["user_id", "conversation_id"] },
  { table: "groups", key: ["group_id"] },
  { table: "muted_groups", key: ["group_id"] },
  { table: "group_mutes", key: ["group_id", "user_id"] },
  { table: "mute_exemptions", key: ["group_id", "user_id"] },
  { table: "profiles", key: ["user_id"] },
  { table: "friends", key: ["user_id", "friend_id"] },
  { table: "friend_lists", key: ["user_id"] },
  { table: "friend_applications", key: ["user_id", "target_id"] },
  { table: "reports", key: ["id"] },
  { table: "removed_log_hours", key: ["begins_at"] },
  { table: "sensitive_words", key: ["key"] },
  { table: "rate_windows", key: ["name", "seconds"] },
] as const;

/** Deletes up to `limit` rows, if that is any, of the table where `owner` columns have these values. */
const deleteSome = async (
  db: Db,
  { table, key }: { table: keyof Schema; key: readonly string[] },
  owner: Record<string, number>,
  limit: number,
): Promise<number> => {
  if (limit <= 0) return 0;
  const isOwned = sql.join<SqlBool>(
    Object.entries(owner).map(([name, value]) => sql`${sql.ref(name)} = ${value}`),
    sql` and `,
  );
  const columns = sql.join(key.map((column) => sql.ref(column)));
  // Two steps, each along the key: as one, PostgreSQL reads all that there is for each piece.
  const { rows } = await sql<Record<string, unknown>>`select ${columns} from ${sql.table(table)}
    where ${isOwned} order by ${columns} limit 1 offset ${limit - 1}`.execute(db);
  const [last] = rows;
  const isDue = last ? sql`and (${columns}) <= (${sql.join(key.map((column) => last[column]))})` : sql``;
  const result = await sql`delete from ${sql.table(table)} where ${isOwned} ${isDue}`.execute(db);
  return Number(result.numAffectedRows ?? 0);
};

const findDeletedApp = (db: Db) =>
  db.selectFrom("apps").select("id").where("deleted_at", "is not", null).limit(1).executeTakeFirst();

/** A conversation that is deleted, or any of a deleted app. */
const findDeletedConversation = (db: Db, deletedAppId: number | undefined) =>
  db
    .selectFrom("conversations")
    .select(["app_id", "id", "kind", "key"])
    .$if(deletedAppId === undefined, (query) => query.where("deleted_at", "is not", null))
    .$if(deletedAppId !== undefined, (query) => query.where("app_id", "=", deletedAppId as number))
    .limit(1)
    .executeTakeFirst();

/**
 * Members whose rows go next are remembered as past ones. Those whose rows go later are found through the conversation
 * itself, which stays as long as they do: whoever synchronises hears that it is gone at every moment in between.
 */
const keepTombstones = async (
  { db, nextTick }: WriteScope,
  conversation: { app_id: number; id: number; kind: ConversationKind; key: string },
  limit: number,
): Promise<void> => {
  const { app_id, id, kind, key } = conversation;
  if (kind === "chatroom") return;
  const changedAt = await nextTick();
  await db
    .insertInto("past_members")
    .columns(["app_id", "user_id", "conversation_id", "kind", "key", "changed_at"])
    .expression((query) =>
      query
        .selectFrom("members")
        .select((of) => [
          "app_id",
          "user_id",
          "conversation_id",
          of.cast<ConversationKind>(of.val(kind), "text").as("kind"),
          of.cast<string>(of.val(key), "text").as("key"),
          of.cast<number>(of.val(changedAt), "bigint").as("changed_at"),
        ])
        .where("app_id", "=", app_id)
        .where("conversation_id", "=", id)
        .orderBy("user_id")
        .limit(limit),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
};

const forgetTombstones = async (db: Db, limit: number): Promise<number> => {
  const before = Date.now() * 1000 - TOMBSTONE_MICROS;
  const result = await sql`delete from past_members where (app_id, user_id, conversation_id) in
    (select app_id, user_id, conversation_id from past_members where changed_at < ${before} limit ${limit})`.execute(
    db,
  );
  return Number(result.numAffectedRows ?? 0);
};

/** Those whose time is over count for nothing any more. */
const forgetApplications = async (db: Db, limit: number): Promise<number> => {
  const result = await sql`delete from friend_applications where (app_id, user_id, target_id) in
    (select app_id, user_id, target_id from friend_applications where expires_at < ${Date.now()} limit ${limit})`.execute(
    db,
  );
  return Number(result.numAffectedRows ?? 0);
};

export const purgeWrites = {
  /** Removes at most 1000 rows a call, whatever `limit` says, because others wait for the commit. */
  async purge(scope: WriteScope, limit: number): Promise<number> {
    const { db } = scope;
    let left = Math.min(limit, LARGEST_PIECE);
    const room = left;
    const app = await findDeletedApp(db);

    while (left > 0) {
      const conversation =
        (app && (await findDeletedConversation(db, app.id))) ??
        (await findDeletedConversation(db, undefined));
      if (conversation === undefined) break;
      const { app_id, id } = conversation;
      for (const rows of ofConversation) {
        const isForMembers = rows.table === "members" && app?.id !== app_id;
        if (isForMembers && left > 0) await keepTombstones(scope, conversation, left);
        left -= await deleteSome(db, rows, { app_id, conversation_id: id }, left);
      }
      if (left > 0) left -= await deleteSome(db, { table: "conversations", key: ["id"] }, { app_id, id }, 1);
    }
    if (app !== undefined) {
      for (const rows of ofApp) left -= await deleteSome(db, rows, { app_id: app.id }, left);
      if (left > 0) left -= await deleteSome(db, { table: "apps", key: ["id"] }, { id: app.id }, 1);
    }
    if (left > 0) left -= await forgetTombstones(db, left);
    if (left > 0) left -= await forgetApplications(db, left);
    return room - left;
  },
};
