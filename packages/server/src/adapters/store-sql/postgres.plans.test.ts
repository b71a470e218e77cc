/**
 * What every look-up and every write costs on tables that have grown since their last `ANALYZE`, or never had one:
 * PostgreSQL then guesses, and a wrong guess reads an app's whole log to find one message. Counted are the rows that
 * statements touch, those of second steps included.
 */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type pg from "pg";
import { type PostgresServer, startPostgres } from "../../testing/postgres-server.ts";
import { doubtChatrooms } from "./operations/chatroom-doubts.ts";
import { type Read, reads, type Write, writes } from "./operations/tables.ts";
import { appendBatch } from "./postgres/append.ts";
import type { Batch } from "./postgres/batch.ts";
import { marksBatch } from "./postgres/marks.ts";
import { sessionsBatch } from "./postgres/sessions.ts";
import { scopeOf } from "./postgres/transaction.ts";
import { everySession, groupSession, openPostgresStore } from "./postgres.ts";
import { makeMonths } from "./testing/aging.ts";
import {
  app,
  begin,
  grow,
  huge,
  hugeAt,
  old,
  others,
  PER_ROOM,
  room,
  sleeper,
  user,
} from "./testing/grown-tables.ts";
import { changes, lookUps } from "./testing/look-ups.ts";
import { type Cost, CostlyConnection, connectTo } from "./testing/query-costs.ts";

let server: PostgresServer;
beforeAll(async () => {
  // Statistics must not come in the midst of it.
  server = await startPostgres(["autovacuum=off", "fsync=off"]);
}, 60_000);
afterAll(async () => {
  await server?.stop();
}, 60_000);

const expectCheap = (costs: readonly Cost[], most: number): void => {
  expect(costs.length).toBeGreaterThan(0);
  const rows = costs.reduce((sum, cost) => sum + cost.rows, 0);
  const dear = costs.filter(({ scans }) => scans.length > 0);
  expect(rows, dear.map(({ text, scans }) => `${text}: ${scans.join("; ")}`).join("\n")).toBeLessThan(most);
};

const ids = [room, ...others, huge];
const message = {
  senderId: user,
  type: "text",
  content: "{}",
  isCounted: true,
  marksRead: true,
  clientId: "new",
};
const toSome = {
  mentions: { isAll: false, userIds: ["user 3"] },
  toUserIds: ["user 3", "user 4"],
  push: { wish: "{}", hold: 1000 },
};

/** By the name of the write. */
const batches: Record<string, () => Batch<unknown>> = {
  append: () =>
    appendBatch(
      ids.map((conversationId) => ({ appId: app, message: { ...message, ...toSome, conversationId } })),
    ),
  moveReadMark: () =>
    marksBatch([
      ...ids.map((id): [number, number, string, number] => [app, id, user, id * PER_ROOM + 9]),
      [app, huge, sleeper, hugeAt(11)],
      [app, huge, user, hugeAt(50_000)],
    ]),
  openSession: () =>
    sessionsBatch(
      ids.map((id) => [
        app,
        { tokenHash: `n${id}`, userId: `user ${id}`, deviceId: "d", fcmToken: null, customData: "{}" },
        1,
      ]),
    ),
};
const people = Array.from({ length: 40 }, (_, index) => `user ${index + 1}`);

test("everything that the store does is looked at", () => {
  const named = (groups: Record<string, { calls: [name: string, ...args: unknown[]][] }>): string[] =>
    Object.values(groups).flatMap(({ calls }) => calls.map(([name]) => name));
  expect([...new Set(named(lookUps))].sort()).toEqual(Object.keys(reads).sort());
  const known = [...new Set([...named(changes), ...Object.keys(batches)])];
  expect(known.sort()).toEqual(["append", ...Object.keys(writes)].sort());
});

const states: Record<string, string[]> = {
  "without statistics": [begin, grow],
  "with statistics": [begin, grow, "analyze"],
  "with statistics of empty tables": [begin, "analyze", grow],
};

for (const [state, fill] of Object.entries(states)) {
  const hasStatistics = fill.at(-1) === "analyze";
  const isExpected = ([, { needsStatistics }]: [string, { needsStatistics?: true }]) =>
    hasStatistics || !needsStatistics;
  describe(`${state}, few rows are touched by`, () => {
    let client: pg.Client;
    beforeAll(async () => {
      const url = server.url(await server.createDatabase());
      await (await openPostgresStore({ url, connections: 2 })).close();
      await makeMonths(url, [old]);
      client = await connectTo(url, everySession);
      for (const text of fill) await client.query(text);
    }, 600_000);
    afterAll(() => client?.end());

    const look = async (
      most: number,
      work: (connection: CostlyConnection) => Promise<unknown>,
      session: readonly string[] = [],
    ): Promise<void> => {
      const connection = new CostlyConnection(client);
      await client.query(["begin", ...session.map((setting) => `set local ${setting}`)].join(";"));
      try {
        await work(connection);
      } finally {
        await client.query("rollback");
      }
      expectCheap(connection.costs, most);
    };

    for (const [what, { most, calls }] of Object.entries(lookUps).filter(isExpected))
      for (const [name, ...args] of calls)
        test(
          `${name}(${JSON.stringify(args).slice(1, -1).slice(0, 100)}), ${what}`,
          () => look(most, ({ db }) => (reads[name] as unknown as Read)(db, ...args)),
          60_000,
        );

    for (const [what, { most, calls }] of Object.entries(changes).filter(isExpected))
      for (const [name, ...args] of calls)
        test(`${name}(${JSON.stringify(args).slice(1, -1).slice(0, 100)}), ${what}`, () =>
          look(most, ({ db }) =>
            (writes[name] as unknown as Write)(
              scopeOf(db, () => {}),
              ...args,
            ),
          ));

    test("the end of connections", () => look(1500, ({ db }) => doubtChatrooms(db, app, people, 0)), 60_000);

    for (const [name, batch] of Object.entries(batches))
      test(
        `a batch of ${name}`,
        () =>
          look(1500, ({ connection }) => batch().run(connection, [app, crypto.randomUUID()]), groupSession),
        60_000,
      );
  });
}
