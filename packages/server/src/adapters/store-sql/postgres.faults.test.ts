/** Lost answers, a killed server, a silent network: what was acknowledged is there, once and in order. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import pg from "pg";
import { OutcomeUnknown } from "../../ports/outcome-unknown.ts";
import type { Appended, Store } from "../../ports/store.ts";
import { type PostgresServer, startPostgres } from "../../testing/postgres-server.ts";
import { startTcpProxy } from "../../testing/tcp-proxy.ts";
import { openPostgresStore, type PostgresStoreOptions } from "./postgres.ts";
import { startLosingProxy } from "./testing/losing-proxy.ts";
import { expectLogToHold, sendNumbered } from "./testing/numbered-sends.ts";
import { newGroup, setActive, textMessage } from "./testing/temporary.ts";

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop(), 60_000);

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const open = async (via?: number, options: Partial<PostgresStoreOptions> = {}) => {
  const failures: string[] = [];
  const database = await server.createDatabase();
  const store = await openPostgresStore({
    url: server.url(database, via),
    connections: 10,
    onFailure: (error) => failures.push(error.message),
    ...options,
  });
  cleanups.push(() => store.close());
  return { store, database, failures };
};

/** Asks again and again until the answer is right. */
const until = async <Answer>(
  ask: () => Promise<Answer>,
  isRight: (answer: Answer) => boolean,
): Promise<Answer> => {
  const end = performance.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (performance.now() > end) throw new Error("What was waited for did not happen.");
    await new Promise((go) => setTimeout(go, 10));
  }
};

const newRooms = async (store: Store, count: number) => {
  const { own, appId, id } = await newGroup(store);
  const ids = [id];
  while (ids.length < count) {
    const room = { kind: "group", key: `room ${ids.length}`, admission: "members", memberIds: [] } as const;
    ids.push((await own.createConversation({ ...room, memberIds: [] })).id);
  }
  return { own, appId, ids };
};

/**
 * Two stores over one database: one that asks through a line that loses answers and gives up after `patienceMs`, and one
 * that makes what the test needs and looks at what became of it.
 */
const openImpatient = async (patienceMs: number, rooms: number) => {
  const { store: patient, database } = await open();
  const { own: seen, appId, ids } = await newRooms(patient, rooms);
  const proxy = await startLosingProxy(server.port);
  cleanups.push(() => proxy.close());
  const url = server.url(database, proxy.port);
  const store = await openPostgresStore({ url, connections: 10, patienceMs, doubtMs: 20_000 });
  cleanups.push(() => store.close());
  return { proxy, own: store.forApp(appId), seen, ids };
};

test("answers lost right after the commit, dozens of times: every message is stored once", async () => {
  const proxy = await startLosingProxy(server.port);
  cleanups.push(() => proxy.close());
  const { store } = await open(proxy.port, { patienceMs: 20_000 });
  const { own, ids } = await newRooms(store, 5);
  const LOST = 40;
  proxy.lose(0.4, LOST);
  let after = 0;
  const sends = await sendNumbered(own, ids, 40, () => proxy.lost >= LOST && ++after > 400);
  expect(proxy.lost).toBe(LOST);
  expect(sends.filter(({ position }) => position === null)).toEqual([]);
  await expectLogToHold(own, sends);
  const log = await Promise.all(ids.map((id) => own.listMessages(id, null, 1_000_000)));
  expect(log.flat()).toHaveLength(sends.length);
}, 120_000);

test("the answer to any other write is found again, not made again", async () => {
  const proxy = await startLosingProxy(server.port);
  cleanups.push(() => proxy.close());
  const { store } = await open(proxy.port, { patienceMs: 20_000 });
  const { own, id } = await newGroup(store);
  const { sentAt } = await own.append(textMessage(id));
  const LOST = 20;
  const notice = { senderId: null, type: "text", content: "{}", isCounted: true, marksRead: false };
  proxy.lose(0.5, LOST);
  for (let round = 0; proxy.lost < LOST; round++) {
    // Each of them would say something else if it were run a second time.
    expect(await setActive(own, id, sentAt, round % 2 === 1)).toBe(true);
    expect(await own.addMembers(id, [`user ${round}`])).toEqual([`user ${round}`]);
    const room = { kind: "group", key: `room ${round}`, admission: "open", memberIds: [] } as const;
    expect((await own.createConversation({ ...room, memberIds: [] })).key).toBe(room.key);
    const join = { userIds: [`user ${round}`], most: 1000, seesHistory: true };
    const change = await own.changeGroup({ groupId: "made of it", join, message: notice });
    expect([change.joined, change.message?.seq]).toEqual([join.userIds, round + 1]);
  }
}, 120_000);

test("a PostgreSQL that is killed under load, again and again, loses nothing, and the store goes on", async () => {
  const { store, failures } = await open(undefined, { patienceMs: 20_000 });
  const { own, ids } = await newRooms(store, 8);
  const probe = ids.pop() as number;
  let isOver = false;
  const sending = sendNumbered(own, ids, 100, () => isOver);
  const KILLS = 5;
  for (let round = 0; round < KILLS; round++) {
    // Batches are under way, and on the connections that were made after the last kill.
    for (let number = 0; number < 10; number++) await own.append(textMessage(probe));
    await server.kill();
    await server.start();
  }
  expect((await own.append(textMessage(probe))).seq).toBe(10 * KILLS + 1);
  isOver = true;
  const sends = await sending;
  expect(sends.filter(({ position }) => position !== null).length).toBeGreaterThan(1000);
  expect(failures.length).toBeGreaterThan(0);
  await store.check();
  await expectLogToHold(own, sends);
}, 120_000);

test("a server that is gone for good: calls are refused in time, and the process lives", async () => {
  const proxy = await startTcpProxy(server.port);
  cleanups.push(() => proxy.close());
  const { store, failures } = await open(proxy.port, { patienceMs: 500, doubtMs: 500 });
  const { own, id } = await newGroup(store);
  proxy.cut();
  const calls = [
    ...Array.from({ length: 2000 }, () => own.append(textMessage(id))),
    own.findUsers(["ann"]),
    own.addMembers(id, ["ben"]),
    store.check(),
  ];
  const codes = (await Promise.allSettled(calls)).map(
    (call) => call.status === "rejected" && call.reason.code,
  );
  // What was on its way when the line was cut may have been stored, for all the store can know.
  expect(new Set(codes)).toBeOneOf([new Set(["unavailable"]), new Set(["unavailable", "outcomeUnknown"])]);
  expect(codes.slice(-3)).toEqual(Array(3).fill("unavailable"));
  expect(failures.length).toBeGreaterThan(0);
  proxy.restore();
  expect((await own.append(textMessage(id))).seq).toBe(1);
}, 60_000);

test("a network that swallows everything: calls end by their time limit, and nothing is stored twice", async () => {
  const proxy = await startTcpProxy(server.port);
  cleanups.push(() => proxy.close());
  const { store } = await open(proxy.port, { patienceMs: 20_000, statementTimeoutMs: 200 });
  const { own, id } = await newGroup(store);
  const first = await own.append(textMessage(id));
  proxy.pause();
  const sends = Array.from({ length: 20 }, () => own.append(textMessage(id)));
  const reading = own.listMessages(id, null, 1);
  // The client's own limit is two seconds above the statement's.
  setTimeout(() => proxy.restore(), 3000);
  expect((await Promise.all(sends)).map(({ seq }) => seq)).toEqual(sends.map((_, index) => index + 2));
  expect((await reading).length).toBe(1);
  expect((await own.listMessages(id, null, 100)).map(({ seq }) => seq)).toEqual([
    ...sends.map((_, index) => 21 - index),
    first.seq,
  ]);
}, 30_000);

describe("refused is never stored", () => {
  /** With no patience every lost answer leaves a batch in doubt, and the answers of those who ask get lost as well. */
  test("however many answers are lost, to batches and to those who ask about them", async () => {
    const { proxy, own, seen, ids } = await openImpatient(1, 5);
    const LOST = 30;
    proxy.lose(0.4, Number.POSITIVE_INFINITY);
    let after = 0;
    const sends = await sendNumbered(own, ids, 20, (sent) => {
      // Whether a lost answer ends in a refusal is up to whether the one who asks about it is answered in time.
      const isEnough = proxy.lost >= LOST && sent.some(({ position }) => position === null);
      if (isEnough) proxy.lose(0, 0);
      return isEnough && ++after > 200;
    });
    expect(proxy.lost).toBeGreaterThanOrEqual(LOST);
    expect(sends.some(({ position }) => position === null)).toBe(true);
    expect(sends.filter(({ isUnknown }) => isUnknown)).toEqual([]);
    await expectLogToHold(seen, sends);
  }, 120_000);

  test("marks and sessions as well: what was refused is not there, what was not is", async () => {
    const { proxy, own, seen, ids } = await openImpatient(20, 1);
    const [id] = ids as [number];
    const { sentAt } = await seen.append(textMessage(id));
    const LOST = 20;
    proxy.lose(0.5, Number.POSITIVE_INFINITY);
    const outcomes = new Map<string, { marked: boolean; opened: boolean }>();
    const isDone = (call: Promise<unknown>) =>
      call.then(
        () => true,
        (error) => {
          expect(error.code).toBe("unavailable");
          return false;
        },
      );
    /** How often each comes depends on how busy the machine is. */
    const known = new Set<boolean>();
    for (let round = 0; proxy.lost < LOST || known.size < 2; round++)
      await Promise.all(
        Array.from({ length: 5 }, async (_, number) => {
          const userId = `user ${round}-${number}`;
          const session = { tokenHash: userId, userId, deviceId: "d", fcmToken: null };
          const [marked, opened] = await Promise.all([
            isDone(own.moveReadMark(id, userId, sentAt)),
            isDone(own.openSession(session, 1)),
          ]);
          outcomes.set(userId, { marked, opened });
          known.add(marked).add(opened);
        }),
      );
    const marks = await seen.listReadMarks(id, 100_000);
    const users = [...outcomes.keys()];
    const withMark = users.filter((user) => outcomes.get(user)?.marked);
    expect(marks.map(({ userId }) => userId).sort()).toEqual(withMark.sort());
    const withSession = users.filter((user) => outcomes.get(user)?.opened);
    expect((await seen.findOpenSessions(users)).sort()).toEqual(withSession.sort());
    expect((await seen.findUsers(users)).map((user) => user.id).sort()).toEqual(withSession.sort());
  }, 120_000);

  test("changes as well: those that were made are in the log, in their order, and no others", async () => {
    const { proxy, own, seen, ids } = await openImpatient(10, 1);
    const [id] = ids as [number];
    const { sentAt } = await seen.append(textMessage(id));
    const LOST = 20;
    proxy.lose(0.5, LOST);
    const made: (number | undefined)[] = [];
    for (let round = 0; proxy.lost < LOST; round++)
      await own
        .change({ conversationId: id, of: sentAt, by: "ann", kind: "setKeys", keys: { k: `${round}` } })
        .then(
          (changed) => made.push(changed?.change.seq),
          (error) => {
            expect(error.code).toBe("unavailable");
          },
        );
    const entries = await seen.listEntriesAfter(id, sentAt, 100_000);
    expect(entries.map((entry) => ("change" in entry ? entry.change.seq : null))).toEqual(made as number[]);
    expect(made).toEqual(made.map((_, index) => index + 2));
  }, 120_000);

  test("a statement that still waits for a lock when its node asks can't commit afterwards", async () => {
    const proxy = await startTcpProxy(server.port);
    cleanups.push(() => proxy.close());
    const { store, database } = await open(proxy.port, { patienceMs: 1, statementTimeoutMs: 20_000 });
    const { own, id } = await newGroup(store);
    await own.append(textMessage(id));
    const holder = new pg.Client({ connectionString: server.url(database) });
    await holder.connect();
    cleanups.push(() => holder.end());
    await holder.query("begin; select from conversations for update");
    const waiting =
      "select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%wanted%'";
    const sending = own.append(textMessage(id, '{"text":"late"}')).catch((error) => error);
    const pids = await until(
      () => server.query(database, waiting),
      (rows) => rows.length > 0,
    );
    proxy.cut();
    proxy.restore();
    expect((await sending).code).toBe("unavailable");
    // The server hasn't noticed that nobody is there any more: it still wants to store it.
    expect(await server.query(database, waiting)).toEqual(pids);
    await holder.query("rollback");
    await until(
      () => server.query(database, waiting),
      (rows) => rows.length === 0,
    );
    expect((await own.append(textMessage(id))).seq).toBe(2);
    expect(await own.listMessages(id, null, 10)).toHaveLength(2);
  }, 60_000);
});

describe("when it can't be known in time", () => {
  test("callers are told so, what waits behind is refused, and the outcome comes later, in order", async () => {
    const proxy = await startTcpProxy(server.port);
    cleanups.push(() => proxy.close());
    const { store, failures } = await open(proxy.port, {
      patienceMs: 200,
      doubtMs: 200,
      statementTimeoutMs: 200,
    });
    const { own, id } = await newGroup(store);
    await own.append(textMessage(id));
    proxy.pause();
    const inDoubt = own.append(textMessage(id, '{"text":"doubt"}')).catch((error) => error);
    // So that they aren't of the same batch.
    await new Promise((go) => setTimeout(go, 0));
    const behind = Array.from({ length: 5 }, () => own.append(textMessage(id)).catch((error) => error));
    const unknown: OutcomeUnknown<Appended> = await inDoubt;
    expect(unknown).toBeInstanceOf(OutcomeUnknown);
    expect(unknown.code).toBe("outcomeUnknown");
    expect((await Promise.all(behind)).map(({ code }) => code)).toEqual(behind.map(() => "unavailable"));
    expect(failures.join()).toContain("does not say whether it stored 1 writes");
    proxy.restore();
    // The old connection's bytes arrive now, and may or may not be ahead of the question.
    const outcome = await unknown.outcome;
    const log = (await own.listMessages(id, null, 10)).map(({ content, seq }) => ({ content, seq }));
    expect(log.filter(({ content }) => content.includes("doubt"))).toEqual(
      outcome === null ? [] : [{ content: '{"text":"doubt"}', seq: outcome.seq }],
    );
    expect(
      (
        await until(
          () => own.append(textMessage(id)).catch(() => null),
          (sent) => sent !== null,
        )
      )?.seq,
    ).toBe(log.length + 1);
  }, 60_000);

  test("closing the store doesn't wait for a server that is gone for good", async () => {
    const proxy = await startTcpProxy(server.port);
    cleanups.push(() => proxy.close());
    const { store } = await open(proxy.port, { patienceMs: 200, doubtMs: 200, statementTimeoutMs: 200 });
    const { own, id } = await newGroup(store);
    await own.append(textMessage(id));
    proxy.pause();
    const inDoubt = own.append(textMessage(id)).catch((error) => error);
    await new Promise((go) => setTimeout(go, 0));
    await store.close();
    const unknown: OutcomeUnknown<Appended> = await inDoubt;
    expect(unknown.code).toBe("outcomeUnknown");
    expect(await unknown.outcome).toBeNull();
  }, 60_000);
});
