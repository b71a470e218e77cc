import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { installationPairs } from "../testing/installation-pairs.ts";
import { textMessage } from "../testing/temporary.ts";
import { countInstallation } from "./copy-installation.ts";

const { newPair, newFile, postgres } = installationPairs();

describe("what is not copied from or to is refused in a sentence, and stays as it is", () => {
  test("a source that is not there is not made", async () => {
    const { refusal, query } = await newPair();
    const missing = `${await newFile()}-missing`;
    expect(await refusal({ file: missing })).toBe(`There is no database at ${missing}.`);
    expect(existsSync(missing)).toBe(false);
    expect(await query("select * from pg_tables where schemaname = 'public'")).toEqual([]);
  });

  test("a file that is no database, and one of another version", async () => {
    const { refusal, tamper } = await newPair();
    const text = await newFile();
    writeFileSync(text, "not a database at all, but long enough to be looked into".repeat(100));
    chmodSync(text, 0o400);
    expect(await refusal({ file: text })).toContain(`${text} is no database of Parlance`);
    tamper("insert into migrations values (1000, 'from the future', 0)");
    expect(await refusal()).toContain("was written by a newer Parlance (version 1000");
  });

  test("a target of a newer program", async () => {
    const { refusal, query, copy } = await newPair();
    await copy();
    await query("insert into migrations values (1000, 'from the future', 0)");
    expect(await refusal()).toContain("is of a newer Parlance (version 1000");
  });

  test("a target with another installation's data, for a dry run, too", async () => {
    const { copy, query } = await newPair();
    await copy();
    const other = await newPair();
    // Another birth, even if both were made within a millisecond.
    other.tamper("update migrations set applied_at = applied_at + 1000");
    const url = postgres().url(
      await query("select current_database() as name").then(([row]) => String(row?.name)),
    );
    const sentence = "has data of another installation (1 apps)";
    expect(await other.refusal({ url })).toContain(sentence);
    const dry = await countInstallation({ ...other.options, url }).catch((error: Error) => error.message);
    expect(dry).toContain(sentence);
    expect(await query("select count(*)::int4 as apps from apps")).toEqual([{ apps: 1 }]);
  });

  test("a target that a node wrote to since, and one that a node uses now", async () => {
    const { refusal, copy, useTarget, appId, id } = await newPair();
    await copy();
    await useTarget(async (target) => {
      await target.forApp(appId).append(textMessage(id));
      expect(await refusal()).toContain("is used by a running Parlance");
    });
    expect(await refusal()).toContain("was written to by a server since it was copied to");
  });

  test("a target that cannot be reached", async () => {
    const { refusal } = await newPair();
    expect(await refusal({ url: "postgres://a:secret-word@127.0.0.1:1/b" })).toBe(
      "Cannot open the database 127.0.0.1:1/b: nothing listens there (connect ECONNREFUSED 127.0.0.1:1)",
    );
  });
});
