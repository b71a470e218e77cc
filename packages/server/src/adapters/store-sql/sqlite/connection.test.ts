import { expect, test } from "bun:test";
import { temporaries } from "../testing/temporary.ts";
import { openReading, openWriting } from "./connection.ts";

const { newFile } = temporaries();

test("the writing connection syncs every commit, keeps foreign keys, and waits for locks", async () => {
  const database = openWriting({ file: await newFile(), busyTimeoutMs: 1234, maxBytes: 1 << 20 });
  const read = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  expect(["journal_mode", "synchronous", "foreign_keys", "busy_timeout", "max_page_count"].map(read)).toEqual(
    ["wal", 2, 1, 1234, 256],
  );
  database.close();
});

test("the reading connection cannot write", async () => {
  const options = { file: await newFile(), busyTimeoutMs: 100 };
  const writing = openWriting(options);
  writing.exec("CREATE TABLE t (a)");
  const reading = openReading(options);
  expect(() => reading.exec("INSERT INTO t VALUES (1)")).toThrow(/readonly/);
  expect(reading.prepare("SELECT * FROM t").all()).toEqual([]);
  reading.close();
  writing.close();
});
