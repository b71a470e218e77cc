import { afterEach, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ParlanceError } from "../../errors.ts";
import { storeContract } from "../../ports/store.contract.ts";
import { failureOf } from "../../testing/failure-of.ts";
import { WRITER_CHECKPOINT_PAGES } from "./sqlite/checkpoints.ts";
import { openSqliteStore } from "./sqlite.ts";
import { agingSqlite } from "./testing/aging.ts";
import { newGroup, temporaries, textMessage } from "./testing/temporary.ts";

storeContract("SQLite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "parlance-store-"));
  const file = join(folder, "parlance.db");
  const open = () => openSqliteStore({ file });
  return {
    store: await open(),
    reopen: open,
    ...agingSqlite(file),
    dispose: () => rm(folder, { recursive: true }),
  };
});

const { newFolder, newFile, openStore } = temporaries();
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);
const codeOf = (outcome: PromiseSettledResult<unknown>) =>
  outcome.status === "rejected" && outcome.reason instanceof ParlanceError
    ? outcome.reason.code
    : outcome.status;

describe("opening", () => {
  test("creates files that only their owner reads", async () => {
    const file = await newFile();
    await newGroup(await openStore(file));
    expect([modeOf(file), modeOf(`${file}-wal`)]).toEqual(["600", "600"]);
  });

  test("says in a sentence what is wrong", async () => {
    const folder = await newFolder();
    const text = join(folder, "text");
    writeFileSync(text, "This is not a database. ".repeat(100), { mode: 0o644 });
    const directory = join(folder, "directory");
    mkdirSync(directory);
    for (const [file, sentence] of [
      [text, /^Cannot open the database .*text: the file is not a SQLite database/],
      [join(folder, "missing", "a.db"), /^Cannot open the database .*a\.db: the folder does not exist/],
      [join(text, "a.db"), /: a part of its path is not a folder/],
      [directory, /: the file cannot be opened/],
    ] as const) {
      expect(await failureOf(openSqliteStore({ file }))).toMatch(sentence);
    }
    expect(modeOf(text)).toBe("644");
  });

  test("refuses a damaged database", async () => {
    const file = await newFile();
    writeFileSync(file, Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(8000, 7)]));
    expect(await failureOf(openSqliteStore({ file }))).toMatch(/^Cannot open the database .*damaged/);
  });

  test("refuses a database of a newer program", async () => {
    const file = await newFile();
    await (await openStore(file)).close();
    const database = new DatabaseSync(file);
    database.exec("INSERT INTO migrations VALUES (1000, 'from the future', 0)");
    database.close();
    expect(await failureOf(openSqliteStore({ file }))).toMatch(/written by a newer Parlance \(version 1000/);
  });
});

describe("group commit", () => {
  const commits: number[] = [];
  const stats = {
    onCommit(writes: number, seconds: number) {
      expect(seconds).toBeGreaterThan(0);
      commits.push(writes);
    },
  };
  afterEach(() => {
    commits.length = 0;
  });

  test("a lone write is a commit; many at once share few", async () => {
    const store = await openStore(await newFile(), { stats });
    const { own, id } = await newGroup(store);
    commits.length = 0;
    await own.append(textMessage(id));
    expect(commits).toEqual([1]);
    await Promise.all(Array.from({ length: 1200 }, () => own.append(textMessage(id))));
    expect(commits).toEqual([1, 500, 500, 200]);
  });

  test("refuses what the queue cannot hold, and goes on", async () => {
    const store = await openStore(await newFile(), { maxQueue: 10 });
    const { own, id } = await newGroup(store);
    const sends = Array.from({ length: 15 }, () => own.append(textMessage(id)));
    const codes = (await Promise.allSettled(sends)).map(codeOf);
    expect(codes).toEqual([...Array(10).fill("fulfilled"), ...Array(5).fill("unavailable")]);
    expect((await own.append(textMessage(id))).seq).toBe(11);
  });

  test("an unforeseen error harms one write, and its message is kept for the log", async () => {
    const store = await openStore(await newFile());
    const { own, id } = await newGroup(store);
    const wrong = { ...textMessage(id), senderId: { not: "a text" } as unknown as string };
    const [before, failed, after] = await Promise.allSettled([
      own.append(textMessage(id)),
      own.append(wrong),
      own.append(textMessage(id)),
    ]);
    expect([before, failed, after].map(codeOf)).toEqual(["fulfilled", "internal", "fulfilled"]);
    const reason = (failed as PromiseRejectedResult).reason as ParlanceError;
    expect(reason.cause).toBeInstanceOf(Error);
    expect((await own.listMessages(id, null, 10)).map(({ seq }) => seq)).toEqual([2, 1]);
  });
});

describe("a database that refuses", () => {
  test("a lock that stays: the whole batch is refused, nothing of it is visible, and the store goes on", async () => {
    const file = await newFile();
    const failures: string[] = [];
    const store = await openStore(file, {
      busyTimeoutMs: 50,
      onFailure: (error) => failures.push(error.message),
    });
    const { own, id } = await newGroup(store);
    const other = new DatabaseSync(file);
    other.exec("BEGIN IMMEDIATE");
    const sends = Array.from({ length: 5 }, () => own.append(textMessage(id)));
    expect((await Promise.allSettled(sends)).map(codeOf)).toEqual(Array(5).fill("unavailable"));
    expect(failures).toEqual([
      expect.stringMatching(/^The database refused 5 writes: another process holds/),
    ]);
    expect(await own.listMessages(id, null, 10)).toEqual([]);
    other.exec("ROLLBACK");
    other.close();
    expect((await own.append(textMessage(id))).seq).toBe(1);
  });

  test("a full disk: nothing of the batch is visible, and the store goes on when there is room", async () => {
    const failures: string[] = [];
    const maxBytes = 1 << 20;
    const store = await openStore(await newFile(), {
      maxBytes,
      onFailure: (error) => failures.push(error.message),
    });
    const { own, id } = await newGroup(store);
    const content = JSON.stringify({ text: "x".repeat(20_000) });
    const doomed = await own.createConversation({
      kind: "group",
      key: "b",
      admission: "open",
      memberIds: [],
    });
    for (let sent = 0; sent < 20; sent++) await own.append(textMessage(doomed.id, content));
    const sends = Array.from({ length: 60 }, () => own.append(textMessage(id, content)));
    expect((await Promise.allSettled(sends)).map(codeOf)).toEqual(Array(60).fill("unavailable"));
    expect(failures).toEqual([expect.stringMatching(/^The database refused 60 writes: the disk is full/)]);
    expect(await own.listMessages(id, null, 10)).toEqual([]);
    expect(await own.countUnread([id], "ben", 10)).toEqual([0]);

    expect(await own.deleteConversation(doomed.id)).toBe(true);
    expect(await store.apps.purge(100)).toBeGreaterThan(20);
    const again = await Promise.all(Array.from({ length: 20 }, () => own.append(textMessage(id, content))));
    expect(again.map(({ seq }) => seq)).toEqual(again.map((_, index) => index + 1));
  });
});

describe("the write-ahead log", () => {
  test("stays bounded under constant load, and is gone after close", async () => {
    const file = await newFile();
    const store = await openStore(file);
    const { own, id } = await newGroup(store);
    const content = JSON.stringify({ text: "x".repeat(12_000) });
    let longest = 0;
    for (let round = 0; round < 80; round++) {
      await Promise.all(Array.from({ length: 500 }, () => own.append(textMessage(id, content))));
      longest = Math.max(longest, statSync(`${file}-wal`).size);
    }
    // 80 rounds write some 500 MB; the log may pass its bound by the batches of one checkpoint.
    expect(longest).toBeLessThan(2 * WRITER_CHECKPOINT_PAGES * 4096);
    await store.close();
    expect(existsSync(`${file}-wal`)).toBe(false);
  }, 60_000);
});
