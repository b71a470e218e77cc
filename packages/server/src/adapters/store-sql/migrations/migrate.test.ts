import { expect, test } from "bun:test";
import { DatabaseSync } from "node:sqlite";
import { type Kysely, sql } from "kysely";
import { failureOf } from "../../../testing/failure-of.ts";
import { openKysely } from "../sqlite/kysely.ts";
import { sqliteFlavor } from "./flavor.ts";
import { migrate, migrations } from "./migrate.ts";

const openDatabase = () => {
  const database = new DatabaseSync(":memory:");
  const db = openKysely<Record<string, never>>(database);
  const inTransaction = async (work: () => Promise<void>) => {
    database.exec("BEGIN");
    try {
      await work();
      database.exec("COMMIT");
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  };
  const run = (known?: typeof migrations) => migrate(db, sqliteFlavor, inTransaction, known);
  const names = (query: string) =>
    database
      .prepare(query)
      .all()
      .map((row) => row.name);
  return { database, run, names };
};

const createTable = (name: string) => ({
  name: `create ${name}`,
  run: async (db: Kysely<never>) => {
    await sql`create table ${sql.table(name)} (id integer)`.execute(db);
  },
});

test("runs each migration once, in order", async () => {
  const { run, names } = openDatabase();
  const [one, two] = [createTable("one"), createTable("two")];
  await run([one]);
  await run([one, two]);
  await run([one, two]);
  expect(names("SELECT name FROM migrations ORDER BY version")).toEqual(["create one", "create two"]);
});

test("a migration that fails leaves nothing behind, and those before it stand", async () => {
  const { run, names } = openDatabase();
  const broken = {
    name: "broken",
    run: async (db: Kysely<never>) => {
      await createTable("half").run(db);
      throw new Error("broken");
    },
  };
  expect(await failureOf(run([createTable("one"), broken]))).toMatch("broken");
  expect(names("SELECT name FROM migrations")).toEqual(["create one"]);
  expect(names("SELECT name FROM sqlite_schema WHERE name = 'half'")).toEqual([]);
  await run([createTable("one"), createTable("half")]);
  expect(names("SELECT name FROM migrations ORDER BY version")).toEqual(["create one", "create half"]);
});

test("refuses a database that is newer, and leaves it as it is", async () => {
  const { run, names } = openDatabase();
  await run([createTable("one"), createTable("two")]);
  expect(await failureOf(run([createTable("one")]))).toMatch(/newer Parlance \(version 2 .* knows 1\)/);
  expect(names("SELECT name FROM migrations")).toHaveLength(2);
});

test("the members of conversations that are there already are counted", async () => {
  const { database, run, names } = openDatabase();
  const states = migrations.findIndex(({ name }) => name === "conversation states");
  await run(migrations.slice(0, states));
  database.exec(`
    insert into apps (id, key, secret, name, is_active, max_online_users, created_at, deleted_at) values (1, 'k', 's', 'n', 1, null, 0, null);
    insert into conversations (app_id, id, kind, key, admission, created_at, last_seq, last_sent_at, last_counted)
      values (1, 5, 'group', 'a', 'members', 0, 0, 0, 0), (1, 6, 'group', 'b', 'members', 0, 0, 0, 0);
    insert into members (app_id, conversation_id, user_id) values (1, 5, 'ann'), (1, 5, 'ben'), (1, 6, 'ann')`);
  await run();
  expect(names("SELECT member_count AS name FROM conversations ORDER BY id")).toEqual([2, 1]);
});

test("the tables of today can be made", async () => {
  const { run, names } = openDatabase();
  await run();
  expect(names("SELECT name FROM migrations")).toHaveLength(migrations.length);
});

test("what was hidden before changes were entries of the log stays so, and can be shown", async () => {
  const { database, run } = openDatabase();
  await run(migrations.slice(0, 1));
  const message = (sentAt: number, isActive: number) =>
    database.exec(`insert into messages (app_id, conversation_id, sent_at, seq, counted, is_counted, type, content, is_active)
      values (1, 1, ${sentAt}, ${sentAt}, ${sentAt}, 1, 'text', '{}', ${isActive})`);
  message(1, 1);
  message(2, 0);
  await run();
  const rows = database.prepare("select is_hidden, recalled, change_seq from messages order by seq").all();
  expect(rows.map((row) => Object.values(row))).toEqual([
    [0, 0, null],
    [1, 0, 0],
  ]);
});
