import { expect, test } from "bun:test";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { temporaries } from "../testing/temporary.ts";
import { Clock } from "./clock.ts";

const { newFolder } = temporaries();

const openDatabase = async () => {
  const file = join(await newFolder(), "clock.db");
  const database = new DatabaseSync(file);
  database.exec(
    "PRAGMA journal_mode=WAL; CREATE TABLE meta (name, value); INSERT INTO meta VALUES ('clock', 0)",
  );
  return { file, database };
};

test("ticks are microseconds, and rise within one millisecond", async () => {
  const { database } = await openDatabase();
  const clock = new Clock(database, () => 1000);
  clock.begin();
  expect([clock.next(), clock.next(), clock.next()]).toEqual([1_000_000, 1_000_001, 1_000_002]);
  expect(clock.next(5_000_000)).toBe(5_000_001);
  expect(clock.next()).toBe(5_000_002);
});

test("ticks go on above the last one saved, though the wall clock stepped back", async () => {
  const { database } = await openDatabase();
  const before = new Clock(database, () => 2000);
  before.begin();
  const last = before.next();
  before.save();
  const after = new Clock(database, () => 1000);
  after.begin();
  expect(after.next()).toBe(last + 1);
});

test("ticks go on above those of another process", async () => {
  const { file, database } = await openDatabase();
  const own = new Clock(database, () => 1000);
  own.begin();
  own.next();
  const elsewhere = new DatabaseSync(file);
  const other = new Clock(elsewhere, () => 9000);
  other.begin();
  const last = other.next();
  other.save();
  elsewhere.close();
  own.begin();
  expect(own.next()).toBe(last + 1);
});

test("what a rollback undid is saved again", async () => {
  const { database } = await openDatabase();
  const clock = new Clock(database, () => 1000);
  database.exec("BEGIN");
  clock.begin();
  clock.next();
  clock.save();
  database.exec("ROLLBACK");
  clock.forget();
  clock.begin();
  clock.save();
  expect(database.prepare("SELECT value FROM meta").get()?.value).toBe(1_000_000);
});
