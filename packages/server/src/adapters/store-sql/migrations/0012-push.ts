import { type ColumnDefinitionBuilder, type Kysely, sql } from "kysely";
import type { Flavor } from "./flavor.ts";

const long = "bigint";
type Column = [name: string, type: "text" | "integer" | "bigint", optional?: "optional"];

/**
 * Whom notifications reach, what they want of them, and which are still to be sent. No table has a foreign key: a back end
 * may set something for users and groups that come later.
 *
 * `push_outbox` has a row for each message that somebody may have to be notified of, written with the message and removed
 * when that is done: it is short, and so is the index of when its rows are due.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration knows the tables of its day, not those of `schema.ts`.
export const createPush = async (db: Kysely<any>, flavor: Flavor): Promise<void> => {
  /** `names` are identifiers, and the key after `app_id`. */
  const create = async (table: string, names: string[], columns: Column[]): Promise<void> => {
    const required = (column: ColumnDefinitionBuilder) => column.notNull();
    let builder = db.schema.createTable(table).addColumn("app_id", "integer", required);
    for (const name of names)
      builder = isNumber.has(name)
        ? builder.addColumn(name, long, required)
        : builder.addColumn(name, "text", (column) => flavor.identifier(column.notNull()));
    for (const [name, type, optional] of columns)
      builder = builder.addColumn(name, type, (column) => (optional ? column : column.notNull()));
    const keyed = builder.addPrimaryKeyConstraint(`${table}_key`, ["app_id", ...names] as never);
    await flavor.clustered(keyed).execute();
  };
  const index = (table: string, name: string, columns: string[]) =>
    db.schema.createIndex(`${table}_by_${name}`).on(table).columns(columns).execute();

  await create(
    "push_devices",
    ["user_id", "device_id"],
    [
      ["provider", "text"],
      ["token", "text"],
      ["platform", "text"],
      ["package", "text", "optional"],
      ["changed_at", long],
    ],
  );
  await index("push_devices", "token", ["app_id", "token"]);
  await db.schema
    .createIndex("sessions_with_push")
    .on("sessions")
    .columns(["app_id", "user_id"])
    .where(sql.ref("fcm_token"), "is not", null)
    .execute();
  await create(
    "push_preferences",
    ["user_id"],
    [
      ["mute_levels", "text"],
      ["quiet_from", "integer", "optional"],
      ["quiet_minutes", "integer", "optional"],
      ["quiet_level", "integer", "optional"],
      ["hides_details", "integer"],
    ],
  );
  await create(
    "push_remarks",
    ["user_id", "target_id"],
    [
      ["remark", "text"],
      ["changed_at", long],
    ],
  );
  await create("group_remarks", ["group_key", "user_id"], [["remark", "text"]]);
  await create("user_tags", ["user_id", "tag"], [["place", "integer"]]);
  // Not the app first: without statistics PostgreSQL would look for users in it.
  await index("user_tags", "tag", ["tag", "app_id", "user_id"]);
  await create(
    "push_outbox",
    ["conversation_id", "sent_at"],
    [
      ["wish", "text", "optional"],
      ["attempts", "integer"],
      ["due_at", long],
    ],
  );
  await index("push_outbox", "time", ["due_at"]);
  await create(
    "push_jobs",
    ["id"],
    [
      ["body", "text"],
      ["after_user_id", "text", "optional"],
      ["attempts", "integer"],
      ["due_at", long],
      ["created_at", long],
    ],
  );
  await index("push_jobs", "time", ["due_at"]);

  await db.schema.alterTable("conversation_settings").addColumn("pinned_at", long).execute();
  await db.schema
    .alterTable("conversation_tags")
    .addColumn("tagged_at", long, (column) => column.notNull().defaultTo(0))
    .execute();
};

const isNumber: ReadonlySet<string> = new Set(["conversation_id", "sent_at"]);
