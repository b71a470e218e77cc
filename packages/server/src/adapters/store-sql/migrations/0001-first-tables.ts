import { type Kysely, sql } from "kysely";
import type { Flavor } from "./flavor.ts";

/** Long integers; SQLite reads this name as its one integer type. */
const long = "bigint";

// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const createFirstTables = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  await createDirectory(db, flavor);
  await createUsers(db, flavor);
  await createConversations(db, flavor);
  await createMessages(db, flavor);
  await flavor.createOwnTables(db);
};

// biome-ignore lint/suspicious/noExplicitAny: as above.
const createDirectory = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  await db.schema
    .createTable("meta")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("value", long, (column) => column.notNull())
    .execute();
  await db
    .insertInto("meta")
    .values([
      { name: "revision", value: 0 },
      { name: "clock", value: 0 },
    ])
    .execute();

  await db.schema
    .createTable("apps")
    .addColumn("id", "integer", flavor.generatedId)
    .addColumn("key", "text", (column) => flavor.identifier(column.notNull()))
    .addColumn("secret", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("is_active", "integer", (column) => column.notNull())
    .addColumn("max_online_users", long)
    .addColumn("created_at", long, (column) => column.notNull())
    .addColumn("deleted_at", long)
    .execute();
  // A deleted app keeps its row until the purge is through; its key and secret are free again at once.
  for (const column of ["key", "secret"]) {
    await db.schema
      .createIndex(`apps_by_${column}`)
      .on("apps")
      .unique()
      .column(column)
      .where(sql.ref("deleted_at"), "is", null)
      .execute();
  }
};

// biome-ignore lint/suspicious/noExplicitAny: as above.
const createUsers = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  await db.schema
    .createTable("users")
    .addColumn("app_id", "integer", (column) => column.notNull().references("apps.id"))
    .addColumn("id", "text", (column) => flavor.identifier(column.notNull()))
    .addColumn("custom_data", "text")
    .addPrimaryKeyConstraint("users_key", ["app_id", "id"])
    .execute();

  await flavor
    .clustered(
      db.schema
        .createTable("sessions")
        .addColumn("app_id", "integer", (column) => column.notNull())
        .addColumn("token_hash", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("device_id", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("fcm_token", "text")
        .addColumn("created_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("sessions_key", ["app_id", "token_hash"])
        .addForeignKeyConstraint("sessions_user", ["app_id", "user_id"], "users", ["app_id", "id"]),
    )
    .execute();
  await db.schema
    .createIndex("sessions_by_device")
    .on("sessions")
    .columns(["app_id", "user_id", "device_id", "created_at"])
    .execute();
};

// biome-ignore lint/suspicious/noExplicitAny: as above.
const createConversations = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  await flavor
    .clustered(
      db.schema
        .createTable("conversations")
        .addColumn("app_id", "integer", (column) => column.notNull().references("apps.id"))
        .addColumn("id", long, (column) => column.notNull())
        .addColumn("kind", "text", (column) => column.notNull())
        .addColumn("key", "text", (column) => flavor.identifier(column.notNull()))
        .addColumn("admission", "text", (column) => column.notNull())
        .addColumn("created_at", long, (column) => column.notNull())
        .addColumn("deleted_at", long)
        .addColumn("last_seq", long, (column) => column.notNull())
        .addColumn("last_sent_at", long, (column) => column.notNull())
        .addColumn("last_counted", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("conversations_key", ["app_id", "id"]),
    )
    .execute();
  await db.schema
    .createIndex("conversations_by_key")
    .on("conversations")
    .unique()
    .columns(["app_id", "kind", "key"])
    .where(sql.ref("deleted_at"), "is", null)
    .execute();
  await db.schema
    .createIndex("conversations_deleted")
    .on("conversations")
    .columns(["app_id", "id"])
    .where(sql.ref("deleted_at"), "is not", null)
    .execute();

  for (const [table, extra] of [
    ["members", []],
    ["read_marks", ["sent_at", "seq", "counted"]],
  ] as const) {
    let create = db.schema
      .createTable(table)
      .addColumn("app_id", "integer", (column) => column.notNull())
      .addColumn("conversation_id", long, (column) => column.notNull())
      .addColumn("user_id", "text", (column) => flavor.identifier(column.notNull()));
    for (const name of extra) create = create.addColumn(name, long, (column) => column.notNull());
    create = create
      .addPrimaryKeyConstraint(`${table}_key`, ["app_id", "conversation_id", "user_id"])
      .addForeignKeyConstraint(`${table}_conversation`, ["app_id", "conversation_id"], "conversations", [
        "app_id",
        "id",
      ]);
    await flavor.clustered(create).execute();
  }
  await db.schema
    .createIndex("members_by_user")
    .on("members")
    .columns(["app_id", "user_id", "conversation_id"])
    .execute();
};

/**
 * The log. In SQLite it is an ordinary rowid table and not WITHOUT ROWID, though it is read along its primary key:
 * measured with a row of 250 bytes, appends at 20 and 100 a commit run 8 to 38 % faster with rowids (10 conversations:
 * 44 against 41 and 87 against 80 thousand a second; 1000 conversations: 34 against 24 and 37 against 32 thousand),
 * because rows of all conversations go to the same last page and only small index entries are scattered.
 *
 * There is no foreign key to the conversation: `append` has just read that very row in the same transaction, and the
 * purge removes messages before their conversation.
 */
// biome-ignore lint/suspicious/noExplicitAny: as above.
const createMessages = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  const log = ["app_id", "conversation_id"];
  await db.schema
    .createTable("messages")
    .addColumn("app_id", "integer", (column) => column.notNull())
    .addColumn("conversation_id", long, (column) => column.notNull())
    .addColumn("sent_at", long, (column) => column.notNull())
    .addColumn("seq", long, (column) => column.notNull())
    .addColumn("counted", long, (column) => column.notNull())
    .addColumn("is_counted", "integer", (column) => column.notNull())
    .addColumn("sender_id", "text", flavor.identifier)
    .addColumn("type", "text", (column) => column.notNull())
    .addColumn("content", "text", (column) => column.notNull())
    .addColumn("client_id", "text", flavor.identifier)
    .addColumn("is_active", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("messages_key", ["app_id", "conversation_id", "sent_at"])
    .execute();
  await db.schema.createIndex("messages_by_time").on("messages").columns(["app_id", "sent_at"]).execute();
  // `coalesce`, because nulls differ from each other and messages of the app itself have no sender.
  await db.schema
    .createIndex("messages_by_client_id")
    .on("messages")
    .unique()
    .columns(log)
    .expression(sql`coalesce(sender_id, '')`)
    .column("client_id")
    .where(sql.ref("client_id"), "is not", null)
    .execute();
  await db.schema
    .createIndex("messages_hidden")
    .on("messages")
    .columns([...log, "sent_at"])
    .where(sql.ref("is_active"), "=", sql.lit(0))
    .execute();

  await flavor
    .clustered(
      db.schema
        .createTable("reports")
        .addColumn("app_id", "integer", (column) => column.notNull().references("apps.id"))
        .addColumn("id", long, (column) => column.notNull())
        .addColumn("conversation_id", long, (column) => column.notNull())
        .addColumn("conversation_key", "text", (column) => column.notNull())
        .addColumn("sent_at", long, (column) => column.notNull())
        .addColumn("sender_id", "text", flavor.identifier)
        .addColumn("message_type", "text", (column) => column.notNull())
        .addColumn("content", "text", (column) => column.notNull())
        .addColumn("reporter_id", "text", (column) => column.notNull())
        .addColumn("report_type", long)
        .addColumn("comment", "text")
        .addColumn("created_at", long, (column) => column.notNull())
        .addPrimaryKeyConstraint("reports_key", ["app_id", "id"]),
    )
    .execute();
};
