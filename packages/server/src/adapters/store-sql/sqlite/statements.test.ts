import { expect, test } from "bun:test";
import { DatabaseSync } from "node:sqlite";
import { StatementCache } from "./statements.ts";

test("prepares a text once, and forgets what was unused for longest", () => {
  const cache = new StatementCache(new DatabaseSync(":memory:"), 2);
  const one = cache.prepare("SELECT 1");
  const two = cache.prepare("SELECT 2");
  expect(cache.prepare("SELECT 1")).toBe(one);
  cache.prepare("SELECT 3");
  expect(cache.prepare("SELECT 1")).toBe(one);
  expect(cache.prepare("SELECT 2")).not.toBe(two);
});

test("knows which statements yield rows", () => {
  const database = new DatabaseSync(":memory:");
  database.exec("CREATE TABLE t (a)");
  const cache = new StatementCache(database);
  expect(cache.prepare("SELECT a FROM t").isReader).toBe(true);
  expect(cache.prepare("INSERT INTO t VALUES (1) RETURNING a").isReader).toBe(true);
  expect(cache.prepare("INSERT INTO t VALUES (1)").isReader).toBe(false);
});
