import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Store } from "../../../ports/store.ts";
import { type PostgresServer, startPostgres } from "../../../testing/postgres-server.ts";
import { migrate, migrations } from "../migrations/migrate.ts";
import { postgresFlavor } from "../migrations/postgres-flavor.ts";
import { catchUpReads } from "../operations/catch-up.ts";
import { entryReads } from "../operations/entries.ts";
import { messageReads } from "../operations/messages.ts";
import { readMarkReads } from "../operations/read-marks.ts";
import { openPostgresStore } from "../postgres.ts";
import type { Db, Schema } from "../schema.ts";
import { agingPostgres, makeMonths, withConnection } from "../testing/aging.ts";
import { newGroup, textMessage } from "../testing/temporary.ts";
import { appendStatements } from "./append-statement.ts";
import { keepMonths, monthStart } from "./months.ts";

const DAY = 86_400_000_000;

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop(), 60_000);

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const open = async (database: string): Promise<Store> => {
  const store = await openPostgresStore({ url: server.url(database), connections: 10 });
  cleanups.push(() => store.close());
  return store;
};

const openFresh = async () => {
  const database = await server.createDatabase();
  const store = await open(database);
  const query = (text: string) => server.query(database, text);
  const group = await newGroup(store);
  const key = (await store.apps.list())[0]?.key as string;
  return { store, database, query, key, ...group, ...agingPostgres(server.url(database), query) };
};

const partitionsOf = async (query: (text: string) => Promise<Record<string, unknown>[]>) =>
  (
    await query(
      "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'messages'::regclass order by 1",
    )
  ).map(({ name }) => String(name));

const nameOf = (time: number): string =>
  `messages_${new Date(time / 1000).toISOString().slice(0, 7).replace("-", "_")}`;

const now = () => Date.now() * 1000;

/** Calls until the condition holds; the store does something at most every 50 ms. */
const expireUntil = async (store: Store, isDone: () => Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 20_000;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error("What should have been removed is still there.");
    await store.apps.expire(1000);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

describe("months", () => {
  test("this one and the next two are there, and there is none for the rest", async () => {
    const { query } = await openFresh();
    const expected = [0, 1, 2].map((ahead) => nameOf(monthStart(now(), ahead)));
    expect(await partitionsOf(query)).toEqual(expected.sort());
    expect(await query("select 1 from pg_partitioned_table where partdefid <> 0")).toEqual([]);
  });

  test("are made once, however many nodes make them at the same moment", async () => {
    const { database, query } = await openFresh();
    const later = monthStart(now(), 5);
    const make = () =>
      withConnection(server.url(database), (connection) => keepMonths(connection, [later, later + 1]));
    await Promise.all(Array.from({ length: 12 }, make));
    expect(await partitionsOf(query)).toHaveLength(4);
  });

  test("follow the clock, and client ids are looked up in those of the last week", async () => {
    const { database, query } = await openFresh();
    const recent = async (time: number) => {
      await withConnection(server.url(database), (connection) => keepMonths(connection, [], time));
      return String(
        (await query("select obj_description('recent_client_ids'::regclass) as months"))[0]?.months,
      );
    };
    const next = monthStart(now(), 1);
    const [current, following, third] = [now(), next, monthStart(now(), 2)].map(nameOf);
    expect(await recent(next + 3 * DAY)).toBe(`${current},${following}`);
    expect(await partitionsOf(query)).toHaveLength(4);
    expect(await recent(next + 7 * DAY)).toBe(`${following}`);
    expect(await recent(monthStart(now(), 2) - DAY)).toBe(`${following},${third}`);
  });

  test("one that is missing is made by the message that needs it", async () => {
    const { own, id, query } = await openFresh();
    await own.append(textMessage(id));
    await query(`drop view recent_client_ids; drop table ${nameOf(now())}`);
    await query(
      "create view recent_client_ids as select app_id, conversation_id, sender_id, client_id, seq, sent_at from messages",
    );
    expect((await own.append({ ...textMessage(id), clientId: "c" })).seq).toBe(2);
    // Somebody's clock was half a year ahead.
    const ahead = monthStart(now(), 6) - 1;
    await query(`update conversations set last_sent_at = ${ahead - 1}`);
    const sends = await Promise.all([1, 2, 3].map(() => own.append(textMessage(id))));
    expect(sends.map(({ seq, sentAt }) => [seq, sentAt])).toEqual([
      [3, ahead],
      [4, ahead + 1],
      [5, ahead + 2],
    ]);
    expect(await partitionsOf(query)).toContain(nameOf(ahead + 1));
    const repeated = { ...textMessage(id), clientId: "ahead" };
    const first = await own.append(repeated);
    expect(await own.append(repeated)).toEqual({ ...first, isRepeat: true });
  });
});

describe("what looks for messages looks into the months that it needs", () => {
  /** The months that a plan, as it was run, has read. */
  const monthsRead = (plan: unknown): string[] => {
    const found = new Set<string>();
    const walk = (node: unknown): void => {
      if (typeof node !== "object" || node === null) return;
      const {
        "Relation Name": name,
        "Node Type": type,
        "Actual Loops": loops,
      } = node as Record<string, unknown>;
      if (String(name).startsWith("messages_") && type !== "ModifyTable" && Number(loops) > 0)
        found.add(String(name));
      for (const part of Object.values(node)) walk(part);
    };
    walk(plan);
    return [...found].sort();
  };

  /** A conversation with messages of five months, and a way to learn which months a piece of work reads. */
  const newLongGroup = async () => {
    const made = await openFresh();
    const { own, id, appId, database, query } = made;
    // Enough for indexes to be worth while: 2000 in each month, a second apart, the last of them now.
    for (let month = 4; month >= 0; month--) {
      const last = now() - month * 31 * DAY;
      await makeMonths(server.url(database), [last, last - 2_000_000_000]);
      const first = `(${4 - month} * 2000)`;
      await query(`insert into messages select ${appId}, ${id}, ${last} - (2000 - n) * 1000000, ${first} + n, ${first} + n,
        1, 'ann', 'text', '{}', 'c' || ${first} + n, 1 from generate_series(1, 2000) n`);
      await query(`update conversations set last_seq = ${first} + 2000, last_counted = ${first} + 2000,
        last_sent_at = ${last}`);
    }
    const sends = await own.listMessages(id, null, 100_000, { isForward: true });
    expect(sends).toHaveLength(10_000);
    await query("analyze");
    const pool = new pg.Pool({ connectionString: server.url(database), max: 1 });
    const statements: { text: string; values: unknown[] }[] = [];
    const db = new Kysely<Schema>({
      dialect: new PostgresDialect({ pool }),
      log: ({ query: { sql: text, parameters } }) => {
        statements.push({ text, values: [...parameters] });
      },
    });
    cleanups.push(() => pool.end());
    const explain = async (text: string, values: unknown[]) =>
      monthsRead((await pool.query(`explain (analyze, format json) ${text}`, values)).rows);
    const monthsOf = async (work: (db: Kysely<Schema>) => Promise<unknown>) => {
      statements.length = 0;
      await work(db);
      const months = new Set<string>();
      for (const { text, values } of [...statements])
        for (const month of await explain(text, values)) months.add(month);
      return [...months].sort();
    };
    return { ...made, sends, monthsOf, explain };
  };

  test("readings by time, and with a retention", async () => {
    const { store, key, appId, id, sends, monthsOf } = await newLongGroup();
    const times = sends.map(({ sentAt }) => sentAt);
    const [first, last] = [times[0] as number, times.at(-1) as number];
    expect(new Set(times.map(nameOf)).size).toBeGreaterThanOrEqual(5);
    expect(await monthsOf((db) => messageReads.findMessage(db, appId, id, first))).toEqual([nameOf(first)]);
    expect(await monthsOf((db) => messageReads.findMessages(db, appId, first))).toEqual([nameOf(first)]);
    expect(
      await monthsOf((db) => messageReads.listMessages(db, appId, id, (times[3000] as number) + 1, 2)),
    ).not.toContain(nameOf(last));
    const isOld = (month: string) => month < nameOf(last);
    expect((await monthsOf((db) => messageReads.listMessages(db, appId, id, null, 2))).filter(isOld)).toEqual(
      [],
    );
    expect(
      (await monthsOf((db) => entryReads.listEntriesAfter(db, appId, id, last - 2, 10))).filter(isOld),
    ).toEqual([]);

    await store.apps.update(key, { retentionDays: 20 });
    const oldest = nameOf(now() - 20 * DAY);
    for (const read of [
      (db: Db) => messageReads.listMessages(db, appId, id, null, 100),
      (db: Db) => messageReads.listLastMessages(db, appId, [id]),
      (db: Db) => entryReads.listEntriesAfter(db, appId, id, 0, 100),
      (db: Db) => catchUpReads.findLogStarts(db, appId, [id]),
      (db: Db) => readMarkReads.countUnread(db, appId, [id], "ben", 100),
    ])
      expect((await monthsOf(read)).filter((month) => month < oldest)).toEqual([]);
  });

  test("appending", async () => {
    const { appId, id, explain, sends } = await newLongGroup();
    const months = [monthStart(now()), monthStart(now(), 1)];
    const values = (clientId: string) => [
      ...[appId, crypto.randomUUID(), now(), [appId], [id], [appId], [id], [1]],
      ...[["ann"], ["text"], ["{}"], [clientId], [1], ...months, [0]],
    ];
    const recent = [nameOf(now() - 7 * DAY), nameOf(now() + 8 * DAY), nameOf(now())];
    expect(
      (await explain(appendStatements.plain.recent.text, values("new"))).filter(
        (month) => !recent.includes(month),
      ),
    ).toEqual([]);
    // One of long ago is found only by the statement that searches all.
    expect(await explain(appendStatements.plain.searching.text, values("c1"))).toContain(
      nameOf(sends[0]?.sentAt as number),
    );
  });
});

describe("client ids", () => {
  test("one that another node stores at the turn of a month, after this one has looked, is stored once", async () => {
    const { own, id, appId, query, database } = await openFresh();
    const first = await own.append(textMessage(id));
    const before = monthStart(now()) - 1000;
    await makeMonths(server.url(database), [before]);
    await query(`update messages set sent_at = ${before}; update conversations set last_sent_at = ${before}`);
    // The other node: it holds the conversation, and its clock still shows the last month.
    const other = new pg.Client(server.url(database));
    await other.connect();
    cleanups.push(() => other.end());
    await other.query("begin");
    await other.query(
      `update conversations set last_seq = 2, last_sent_at = ${before + 1}, last_counted = 2`,
    );
    await other.query(`insert into messages (app_id, conversation_id, sent_at, seq, counted, is_counted, sender_id, type,
      content, client_id, is_active) values (${appId}, ${id}, ${before + 1}, 2, 2, 1, 'ann', 'text', '{}', 'c', 1)`);
    const repeat = own.append({ ...textMessage(id), clientId: "c" });
    const waits =
      "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    const deadline = Date.now() + 20_000;
    while ((await query(waits)).length === 0 && Date.now() < deadline)
      await new Promise((go) => setTimeout(go, 5));
    await other.query("commit");
    expect(await repeat).toEqual({ seq: 2, sentAt: before + 1, isRepeat: true });
    expect(first.seq).toBe(1);
  });

  test("one that is longer ago, in a month that is not over, is found all the same", async () => {
    const { own, id, query } = await openFresh();
    const first = await own.append({ ...textMessage(id), clientId: "c" });
    // The view is behind, and knows nothing of this month.
    await query(`create or replace view recent_client_ids as
      select app_id, conversation_id, sender_id, client_id, seq, sent_at from ${nameOf(monthStart(now(), 2))}`);
    expect(await own.append({ ...textMessage(id), clientId: "c" })).toEqual({ ...first, isRepeat: true });
    expect((await own.append({ ...textMessage(id), clientId: "d" })).seq).toBe(2);
  });
});

describe("a month in which nobody keeps anything", () => {
  test("is dropped whole; as long as one app keeps it, the others' messages go one by one", async () => {
    const { store, key, own, id, appId, age, query, countMessages } = await openFresh();
    const { own: others, id: othersId, appId: otherApp } = await newGroup(store);
    const otherKey = (await store.apps.list()).find((app) => app.id === otherApp)?.key as string;
    await own.append(textMessage(id));
    await others.append(textMessage(othersId));
    for (const app of [appId, otherApp]) await age(app, 100 * 86_400_000);
    const month = nameOf(now() - 100 * DAY);
    const isThere = async () => (await partitionsOf(query)).includes(month);
    await store.apps.update(key, { retentionDays: 30 });
    await expireUntil(store, async () => (await countMessages(appId)) === 0);
    expect(await countMessages(otherApp)).toBe(1);
    expect(await isThere()).toBe(true);
    await store.apps.update(otherKey, { retentionDays: 40 });
    await expireUntil(store, async () => !(await isThere()));
    expect(await countMessages(otherApp)).toBe(0);
    expect((await others.append(textMessage(othersId))).seq).toBe(2);
    expect(await partitionsOf(query)).toHaveLength(3);
  });

  test("waits for who is using the log, and holds nobody up", async () => {
    const { store, key, own, id, appId, age, query, database } = await openFresh();
    await own.append(textMessage(id));
    await age(appId, 100 * 86_400_000);
    await store.apps.update(key, { retentionDays: 30 });
    const reader = new pg.Client(server.url(database));
    await reader.connect();
    cleanups.push(() => reader.end());
    await reader.query("begin");
    await reader.query("select * from messages");
    for (let tries = 0; tries < 3; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      // What can't be dropped is not begun; its rows are removed meanwhile.
      expect(await store.apps.expire(10)).toBeLessThanOrEqual(1);
      expect((await own.append(textMessage(id))).seq).toBe(tries + 2);
    }
    expect(await partitionsOf(query)).toHaveLength(4);
    await reader.query("commit");
    await expireUntil(store, async () => (await partitionsOf(query)).length === 3);
    expect(await own.listMessages(id, null, 10)).toHaveLength(3);
  });

  test("is dropped once by many nodes, and a node that is killed at it has done nothing", async () => {
    const { store, key, own, id, appId, age, query, database } = await openFresh();
    for (const days of [100, 50]) {
      await own.append(textMessage(id));
      await age(appId, days * 86_400_000);
    }
    await store.apps.update(key, { retentionDays: 10 });
    const killed = new pg.Client(server.url(database));
    killed.on("error", () => {});
    await killed.connect();
    await killed.query(`begin; update meta set value = ${Date.now()} where name = 'expired_at';
      drop table ${nameOf(now() - 150 * DAY)}`);
    await query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'",
    );
    expect(await partitionsOf(query)).toContain(nameOf(now() - 150 * DAY));
    const nodes = await Promise.all([open(database), open(database), open(database)]);
    await Promise.all(
      nodes.map((node) => expireUntil(node, async () => (await partitionsOf(query)).length === 3)),
    );
    expect(await own.listMessages(id, null, 10)).toEqual([]);
    expect((await own.append(textMessage(id))).seq).toBe(3);
  });
});

describe("a database from before there were months", () => {
  test("keeps all it has, in one partition, and goes on by month", async () => {
    const database = await server.createDatabase();
    const query = (text: string) => server.query(database, text);
    const before = migrations.slice(
      0,
      migrations.findIndex(({ name }) => name === "retention"),
    );
    await withConnection(server.url(database), (connection) =>
      migrate(connection.db, postgresFlavor, async (work) => work(), before),
    );
    await query(`insert into apps (key, secret, name, is_active, created_at) values ('k', 's', 'n', 1, 0);
      insert into conversations values (1, 7, 'group', 'room', 'members', 0, null, 300, ${now()}, 300)`);
    // Three hundred messages, one a day, the last of now; every tenth is hidden.
    await query(`insert into messages select 1, 7, ${now()} - (300 - n) * ${DAY}, n, n, 1, 'ann', 'text',
      '{"n":' || n || '}', 'c' || n, (n % 10 > 0)::int from generate_series(1, 300) n`);
    const columns =
      "app_id, conversation_id, sent_at, seq, counted, sender_id, type, content, client_id, is_active";
    const rows = () => query(`select ${columns} from messages order by seq`);
    const all = await rows();
    const stores = await Promise.all([open(database), open(database)]);
    const store = stores[0] as Store;
    const own = store.forApp(1);
    expect(await rows()).toEqual(all);
    // The first of them goes on to the end of this month.
    const later = [1, 2].map((ahead) => nameOf(monthStart(now(), ahead))).sort();
    expect(await partitionsOf(query)).toEqual([...later, "messages_before"]);
    expect(await own.listMessages(7, null, 1000)).toHaveLength(270);
    expect(await own.countUnread([7], "ben", 1000)).toEqual([270]);
    const message = { ...textMessage(7), senderId: "ann" };
    expect((await own.append(message)).seq).toBe(301);
    for (const seq of [300, 299, 150, 1])
      expect(await own.append({ ...message, clientId: `c${seq}` })).toMatchObject({ seq, isRepeat: true });
    await store.apps.update("k", { retentionDays: 100 });
    expect((await own.findLogStarts([7]))[0]?.seq).toBe(201);
    const kept = await own.listMessages(7, null, 1000);
    const removable = monthStart(now() - 100 * DAY);
    const left = async () =>
      Number((await query(`select count(*) from messages where sent_at < ${removable}`))[0]?.count);
    await expireUntil(store, async () => (await left()) === 0);
    expect(await own.listMessages(7, null, 1000)).toEqual(kept);
  });
});
