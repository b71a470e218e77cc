/**
 * Removes what is deleted, in pieces small enough to share a commit with everybody's messages. Children go before their
 * parents, so that a purge can stop anywhere and go on later, and a parent goes only when nothing points to it.
 */

import { type SqlBool, sql } from "kysely";
import type { Db, Schema } from "../schema.ts";
import type { WriteScope } from "./write-scope.ts";

const LARGEST_PIECE = 1000;

/** Rows that hang on a conversation, with the columns that tell them apart within it. */
const ofConversation = [
  { table: "messages", key: ["sent_at"] },
  { table: "mentions", key: ["user_id", "sent_at"] },
  { table: "recipients", key: ["user_id", "sent_at"] },
  { table: "chatroom_members", key: ["user_id"] },
  { table: "chatroom_keys", key: ["key"] },
  { table: "chatrooms", key: ["conversation_id"] },
  { table: "read_marks", key: ["user_id"] },
  { table: "members", key: ["user_id"] },
] as const;

/** Rows that hang on an app only. Sessions point to users. */
const ofApp = [
  { table: "sessions", key: ["token_hash"] },
  { table: "users", key: ["id"] },
  { table: "reports", key: ["id"] },
] as const;

/** Deletes up to `limit` rows of the table where `owner` columns have these values. */
const deleteSome = async (
  db: Db,
  { table, key }: { table: keyof Schema; key: readonly string[] },
  owner: Record<string, number>,
  limit: number,
): Promise<number> => {
  const isOwned = sql.join<SqlBool>(
    Object.entries(owner).map(([name, value]) => sql`${sql.ref(name)} = ${value}`),
    sql` and `,
  );
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const result = await sql`delete from ${sql.table(table)} where ${isOwned} and (${columns}) in
    (select ${columns} from ${sql.table(table)} where ${isOwned} order by ${columns} limit ${limit})`.execute(
    db,
  );
  return Number(result.numAffectedRows ?? 0);
};

const findDeletedApp = (db: Db) =>
  db.selectFrom("apps").select("id").where("deleted_at", "is not", null).limit(1).executeTakeFirst();

/** A conversation that is deleted, or any of a deleted app. */
const findDeletedConversation = (db: Db, deletedAppId: number | undefined) =>
  db
    .selectFrom("conversations")
    .select(["app_id", "id"])
    .$if(deletedAppId === undefined, (query) => query.where("deleted_at", "is not", null))
    .$if(deletedAppId !== undefined, (query) => query.where("app_id", "=", deletedAppId as number))
    .limit(1)
    .executeTakeFirst();

export const purgeWrites = {
  /** Removes at most 1000 rows a call, whatever `limit` says, because others wait for the commit. */
  async purge({ db }: WriteScope, limit: number): Promise<number> {
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
        left -= await deleteSome(db, rows, { app_id, conversation_id: id }, left);
      }
      if (left > 0) left -= await deleteSome(db, { table: "conversations", key: ["id"] }, { app_id, id }, 1);
    }
    if (app !== undefined) {
      for (const rows of ofApp) left -= await deleteSome(db, rows, { app_id: app.id }, left);
      if (left > 0) left -= await deleteSome(db, { table: "apps", key: ["id"] }, { id: app.id }, 1);
    }
    return room - left;
  },
};
