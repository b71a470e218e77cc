import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { ParlanceError } from "../../errors.ts";
import { storeContract } from "../../ports/store.contract.ts";
import type { AppStore } from "../../ports/store.ts";
import { failureOf } from "../../testing/failure-of.ts";
import { type PostgresServer, startPostgres } from "../../testing/postgres-server.ts";
import { until } from "../../testing/until.ts";
import { Connections } from "./postgres/connections.ts";
import { pruneCommits } from "./postgres/upkeep.ts";
import { openPostgresStore, type PostgresStoreOptions } from "./postgres.ts";
import { agingPostgres } from "./testing/aging.ts";
import { expectLogToHold, sendNumbered } from "./testing/numbered-sends.ts";
import { newGroup, textMessage } from "./testing/temporary.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop(), 60_000);

storeContract("PostgreSQL", async () => {
  const database = await server.createDatabase();
  // Some make a thousand things at once, each a transaction: on a busy machine that takes longer than people would wait.
  const open = () => openPostgresStore({ url: server.url(database), connections: 10, patienceMs: 60_000 });
  const query = (text: string) => server.query(database, text);
  return {
    store: await open(),
    reopen: open,
    ...agingPostgres(server.url(database), query),
    dispose: async () => {},
  };
});

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const open = async (database: string, options: Partial<PostgresStoreOptions> = {}) => {
  const store = await openPostgresStore({ url: server.url(database), connections: 10, ...options });
  cleanups.push(() => store.close());
  return store;
};

const openFresh = async (options: Partial<PostgresStoreOptions> = {}) => {
  const failures: string[] = [];
  const database = await server.createDatabase();
  const store = await open(database, { onFailure: (error) => failures.push(error.message), ...options });
  return { store, database, failures };
};

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("opening", () => {
  test("nodes that start together make the tables once", async () => {
    const database = await server.createDatabase();
    await Promise.all(numbers(6).map(() => open(database)));
    const rows = await server.query(database, "select version from migrations order by version");
    expect(rows.map(({ version }) => version)).toEqual(numbers(rows.length));
    expect(rows.length).toBeGreaterThan(0);
  });

  test("refuses a database of a newer program", async () => {
    const { store, database } = await openFresh();
    await store.close();
    await server.query(database, "insert into migrations values (1000, 'from the future', 0)");
    expect(await failureOf(open(database))).toMatch(
      /^Cannot open the database 127\.0\.0\.1:\d+\/\w+: The database was written by a newer Parlance \(version 1000/,
    );
  });

  test("says in a sentence what is wrong, and never the password", async () => {
    const right = new URL(server.url("postgres"));
    const wrong = (change: Partial<URL>) => Object.assign(new URL(right), change).href;
    for (const [url, sentence] of [
      [wrong({ password: "wrong-password" }), /: the password is wrong/],
      [wrong({ pathname: "/missing" }), /\/missing: there is no such database/],
      [wrong({ port: "1" }), /127\.0\.0\.1:1\/postgres: nothing listens there/],
    ] as const) {
      const error = await openPostgresStore({ url, connections: 2, patienceMs: 200 }).then(
        () => null,
        (reason: Error) => reason.message,
      );
      expect(error).toMatch(sentence);
      expect(error).not.toContain(right.password);
      expect(error).not.toContain("wrong-password");
    }
  });

  test("refuses a database that is not in UTF-8", async () => {
    await server.query("postgres", "create database latin encoding 'LATIN1' locale 'C' template template0");
    expect(await failureOf(open("latin"))).toMatch(/encoding is LATIN1; it must be UTF8/);
  });
});

describe("several nodes on one database", () => {
  const openNodes = async (count: number) => {
    const failures: string[] = [];
    const database = await server.createDatabase();
    const stores = await Promise.all(
      numbers(count).map(() => open(database, { onFailure: (error) => failures.push(error.message) })),
    );
    const { own, appId, id } = await newGroup(stores[0] as (typeof stores)[0]);
    return { nodes: stores.map((store) => store.forApp(appId)), own, id, failures };
  };

  test("count in one row, in time, without deadlocks", async () => {
    const { nodes, own, id, failures } = await openNodes(3);
    const rooms = [id];
    for (const key of ["a", "b", "c", "d"]) {
      const room = { kind: "group", key, admission: "members", memberIds: [] } as const;
      rooms.push((await own.createConversation({ ...room, memberIds: [] })).id);
    }
    const end = performance.now() + 1500;
    const sends = await Promise.all(
      nodes.map((node, index) => {
        // Each node begins with other rooms; what it sends is told apart by its appenders and numbers.
        const turned = [...rooms.slice(index), ...rooms.slice(0, index)];
        return sendNumbered(node, turned, 50, () => performance.now() > end, index * 1_000_000);
      }),
    );
    expect(sends.flat().filter(({ position }) => position === null)).toEqual([]);
    await expectLogToHold(own, sends.flat());
    expect(failures).toEqual([]);
  });

  test("of many that race with one client id on all nodes, one is stored", async () => {
    const { nodes, own, id } = await openNodes(3);
    const race = (node: AppStore, clientId: string) => node.append({ ...textMessage(id), clientId });
    const outcomes = await Promise.all(
      numbers(40).flatMap((round) => nodes.map((node) => race(node, `client id ${round}`))),
    );
    expect(outcomes.filter(({ isRepeat }) => !isRepeat)).toHaveLength(40);
    for (const round of numbers(40)) {
      const ofRound = outcomes.slice(3 * (round - 1), 3 * round);
      expect(new Set(ofRound.map(({ seq, sentAt }) => `${seq}/${sentAt}`)).size).toBe(1);
    }
    expect((await own.listMessages(id, null, 100)).map(({ seq }) => seq)).toEqual(numbers(40).reverse());
  });

  test("move the same marks and open sessions of the same users at once, without deadlocks", async () => {
    const { nodes, own, id, failures } = await openNodes(3);
    const users = numbers(60).map((number) => `user ${number}`);
    const sent: number[] = [];
    for (const _ of numbers(10)) sent.push((await own.append(textMessage(id))).sentAt);
    const session = (userId: string, node: number, round: number) => ({
      tokenHash: `${userId}/${node}/${round}`,
      userId,
      deviceId: "d",
      fcmToken: null,
      customData: `{"round":${round}}`,
    });
    const moved = await Promise.all(
      nodes.flatMap((node, index) =>
        sent.flatMap((sentAt, round) => {
          // Each node begins with other users.
          const turned = [...users.slice(20 * index), ...users.slice(0, 20 * index)];
          return turned.map(async (user) => {
            await node.openSession(session(user, index, round), 2);
            return node.moveReadMark(id, user, sentAt);
          });
        }),
      ),
    );
    // Every mark stands on the last message, and each step of it was told to one caller.
    const marks = await own.listReadMarks(id, 1000);
    expect(marks).toHaveLength(users.length);
    expect(new Set(marks.map(({ sentAt }) => sentAt))).toEqual(new Set(sent.slice(-1)));
    for (const user of users) {
      const steps = moved.filter((mark) => mark?.userId === user && mark.hasMoved).map((mark) => mark?.seq);
      expect(new Set(steps).size).toBe(steps.length);
      expect(steps).toContain(10);
    }
    const tokens = users.flatMap((user) =>
      [0, 1, 2].flatMap((node) => sent.map((_, round) => session(user, node, round).tokenHash)),
    );
    expect(await own.findOpenSessions(tokens)).toHaveLength(2 * users.length);
    expect(failures).toEqual([]);
  });

  test("keep no more sessions of a device than asked, and refuse the second app of a key", async () => {
    const database = await server.createDatabase();
    const [one, two] = [await open(database), await open(database)];
    const { own, appId } = await newGroup(one);
    const nodes = [own, two.forApp(appId)];
    const session = (token: string) => ({ tokenHash: token, userId: "ann", deviceId: "d", fcmToken: null });
    const tokens = numbers(30).map((number) => `token ${number}`);
    await Promise.all(
      tokens.map((token, index) => (nodes[index % 2] as AppStore).openSession(session(token), 2)),
    );
    const found = await Promise.all(tokens.map((token) => own.findSession(token)));
    expect(found.filter((one) => one !== null)).toHaveLength(2);

    const app = { key: "same", secret: "same", name: "An app" };
    const made = await Promise.allSettled([one, two, one, two].map((store) => store.apps.create(app)));
    expect(made.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const outcome of made)
      if (outcome.status === "rejected") expect((outcome.reason as ParlanceError).code).toBe("invalidInput");
  });
});

describe("what it refuses", () => {
  const refusalOf = async (call: Promise<unknown>): Promise<ParlanceError> =>
    call.then(
      () => expect.unreachable("It was not refused."),
      (error: ParlanceError) => error,
    );

  test("a NUL is refused by name, alone, and nothing else suffers", async () => {
    const { store, failures } = await openFresh();
    const { own, id } = await newGroup(store);
    const session = { tokenHash: "t", userId: "ann", deviceId: "d", fcmToken: null };
    for (const [name, call] of [
      ["content", () => own.append({ ...textMessage(id), content: "a\0b" })],
      ["senderId", () => own.append({ ...textMessage(id), senderId: "\0" })],
      ["clientId", () => own.append({ ...textMessage(id), clientId: "\0" })],
      ["userIds", () => own.addMembers(id, ["ben", "a\0b"])],
      [
        "memberIds",
        () => own.createConversation({ kind: "group", key: "k", admission: "open", memberIds: ["\0"] }),
      ],
      ["userId", () => own.openSession({ ...session, userId: "\0" }, 1)],
      ["customData", () => own.openSession({ ...session, customData: "\0" }, 1)],
      ["tokenHash", () => own.findSession("\0")],
      ["ids", () => own.findUsers(["\0"])],
      ["key", () => store.apps.delete("\0")],
    ] as const) {
      const [fine, refusal] = await Promise.all([own.append(textMessage(id)), refusalOf(call())]);
      expect(fine.isRepeat).toBe(false);
      expect([refusal.code, Object.keys(refusal.details)]).toEqual(["invalidInput", [name]]);
    }
    expect(failures).toEqual([]);
  });

  test("a value out of range is the caller's mistake", async () => {
    const { store } = await openFresh();
    const { own, id } = await newGroup(store);
    expect((await refusalOf(own.findMessages(1.5))).code).toBe("invalidInput");
    expect((await refusalOf(own.listMembers(1e30, null, 1))).code).toBe("invalidInput");
    expect((await refusalOf(own.append(textMessage(Number.NaN)))).code).toBe("conversationNotFound");
    expect((await own.append(textMessage(id))).seq).toBe(1);
  });

  test("a message that is none harms no other of its batch", async () => {
    const { store } = await openFresh();
    const { own, id } = await newGroup(store);
    const wrong = { ...textMessage(id), content: { not: "a text" } as unknown as string };
    const calls = [own.append(textMessage(id)), own.append(wrong), own.append(textMessage(id))];
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((await refusalOf(calls[1] as Promise<unknown>)).code).toBe("internal");
  });

  test("a client id that is too long for its index is refused alone", async () => {
    const { store, failures } = await openFresh();
    const { own, id } = await newGroup(store);
    const long = numbers(2000)
      .map(() => crypto.randomUUID())
      .join("");
    const outcomes = await Promise.allSettled(
      numbers(50).map((number) =>
        own.append({ ...textMessage(id), clientId: number % 20 === 0 ? `${number}${long}` : `${number}` }),
      ),
    );
    const codes = outcomes.map((one) => (one.status === "rejected" ? one.reason.code : one.value.seq));
    let seq = 0;
    expect(codes).toEqual(numbers(50).map((number) => (number % 20 === 0 ? "invalidInput" : ++seq)));
    expect((await refusalOf(own.addMembers(id, [long]))).code).toBe("invalidInput");
    expect(failures).toEqual([]);
  });

  test("a backup is PostgreSQL's own tool's", async () => {
    const { store } = await openFresh();
    expect(await failureOf(store.backup("/nowhere"))).toMatch(/pg_dump/);
  });

  test("more than the queue holds", async () => {
    const { store } = await openFresh({ maxQueue: 10 });
    const { own, id } = await newGroup(store);
    const sends = await Promise.allSettled(numbers(15).map(() => own.append(textMessage(id))));
    expect(sends.map(({ status }) => status)).toEqual([
      ...Array(10).fill("fulfilled"),
      ...Array(5).fill("rejected"),
    ]);
    expect((await own.append(textMessage(id))).seq).toBe(11);
  });
});

describe("life with a server", () => {
  test("commits are remembered for an hour, one row each, and then forgotten", async () => {
    const { store, database } = await openFresh();
    const { own, id } = await newGroup(store);
    // The app, the group, and three batches.
    for (let batch = 0; batch < 3; batch++) await own.append(textMessage(id));
    const connections = new Connections({
      url: server.url(database),
      max: 1,
      statementTimeoutMs: 5000,
      connectTimeoutMs: 5000,
      onFailure: (error) => expect.unreachable(error.message),
    });
    cleanups.push(() => connections.close());
    expect(await pruneCommits(connections)).toBe(0);
    expect(await pruneCommits(connections, Date.now() + 3_700_000)).toBe(5);
    expect(await pruneCommits(connections, Date.now() + 3_700_000)).toBe(0);
  });

  test("many at once share few commits", async () => {
    const commits: number[] = [];
    const { store } = await openFresh({ stats: { onCommit: (writes) => commits.push(writes) } });
    const { own, id } = await newGroup(store);
    commits.length = 0;
    await Promise.all(numbers(1200).map(() => own.append(textMessage(id))));
    expect(commits).toEqual([500, 500, 200]);
  });

  test("connections that the server ends are reported and made again", async () => {
    const { store, database, failures } = await openFresh();
    const { own, id } = await newGroup(store);
    await own.append(textMessage(id));
    const others = `datname = '${database}' and pid <> pg_backend_pid()`;
    await server.query(database, `select pg_terminate_backend(pid) from pg_stat_activity where ${others}`);
    expect((await own.append(textMessage(id))).seq).toBe(2);
    expect(await own.isMember(id, "ann")).toBe(true);
    await store.check();
    await until("the loss is reported", () => failures.length > 0);
    expect(failures[0]).toMatch(/^The database lost a connection: /);
  });

  test("health is a real commit: a database that cannot be written to is not healthy", async () => {
    const { store, database } = await openFresh({ patienceMs: 300 });
    await store.check();
    await server.query(database, `alter database ${database} set default_transaction_read_only = on`);
    const others = `datname = '${database}' and pid <> pg_backend_pid()`;
    await server.query(database, `select pg_terminate_backend(pid) from pg_stat_activity where ${others}`);
    expect(await store.check().catch((error) => error)).toMatchObject({ code: "unavailable" });
  });

  test("a statement that waits too long is ended, and the call is refused", async () => {
    const { store, database } = await openFresh({ statementTimeoutMs: 200, patienceMs: 300 });
    const { own, id } = await newGroup(store);
    const holding = server.query(
      database,
      "begin; lock table members in access exclusive mode; select pg_sleep(60)",
    );
    const held = holding.catch((error: Error) => error.message);
    const isLocked = "mode = 'AccessExclusiveLock' and granted and relation = 'members'::regclass";
    const locks = () => server.query(database, `select 1 from pg_locks where ${isLocked}`);
    await until("the table is locked", async () => (await locks()).length > 0);
    expect(await own.isMember(id, "ann").catch((error) => error)).toMatchObject({ code: "unavailable" });
    await server.query(database, `select pg_cancel_backend(pid) from pg_locks where ${isLocked}`);
    expect(await held).toContain("canceling statement");
    expect(await own.isMember(id, "ann")).toBe(true);
  });
});
