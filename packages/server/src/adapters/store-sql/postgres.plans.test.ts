/**
 * What every look-up costs on tables that have grown since their last `ANALYZE`, or never had one: PostgreSQL then guesses,
 * and a wrong guess reads an app's whole log to find one message. Counted are the rows that a query touches.
 */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { type PostgresServer, startPostgres } from "../../testing/postgres-server.ts";
import { doubtChatrooms } from "./operations/chatroom-doubts.ts";
import { chatroomWrites } from "./operations/chatrooms.ts";
import { type Read, reads } from "./operations/tables.ts";
import type { WriteScope } from "./operations/write-scope.ts";
import { appendBatch } from "./postgres/append.ts";
import type { Batch } from "./postgres/batch.ts";
import type { Connection } from "./postgres/connections.ts";
import { marksBatch } from "./postgres/marks.ts";
import { monthStart } from "./postgres/months.ts";
import { sessionsBatch } from "./postgres/sessions.ts";
import { groupSession, openPostgresStore } from "./postgres.ts";
import type { Schema } from "./schema.ts";
import { makeMonths } from "./testing/aging.ts";

const APPS = 500;
const ROOMS = 5000;
const MESSAGES = 300_000;
const PER_ROOM = MESSAGES / ROOMS;
/** Room 7 of the app that has everything; its newest messages are old ones among the app's. */
const room = 7;
const user = "user 7";
const others = [11, 13, 17];
/** All messages are of the first moments of this month, which has its partition. */
const start = monthStart(Date.now() * 1000);
const sentAt = start + room * PER_ROOM + 3;

const fill = `
insert into apps (key, secret, name, is_active, created_at)
  select 'k' || n, 's' || n, 'n', 1, 0 from generate_series(1, ${APPS}) n;
insert into users (app_id, id) select 1, 'user ' || n from generate_series(1, 20000) n;
insert into sessions (app_id, token_hash, user_id, device_id, created_at)
  select 1, 'token ' || n, 'user ' || n, 'd', n from generate_series(1, 20000) n;
insert into conversations (app_id, id, kind, key, admission, created_at, last_seq, last_sent_at, last_counted)
  select 1, n, 'group', 'room ' || n, 'members', 0, ${PER_ROOM}, ${start} + (n + 1) * ${PER_ROOM} - 1, ${PER_ROOM}
  from generate_series(1, ${ROOMS}) n;
insert into members (app_id, conversation_id, user_id)
  select 1, n % ${ROOMS} + 1, 'user ' || n from generate_series(1, 20000) n;
insert into read_marks (app_id, conversation_id, user_id, sent_at, seq, counted)
  select 1, n % ${ROOMS} + 1, 'user ' || n, ${start} + (n % ${ROOMS} + 1) * ${PER_ROOM}, 1, 1 from generate_series(1, 20000) n;
insert into chatroom_members (app_id, conversation_id, user_id, joined_at, doubted_at)
  select 1, ${room}, 'user ' || n, n, case when n % 2000 = 0 then 1 end from generate_series(1, 20000) n;
insert into chatroom_keys (app_id, conversation_id, key, user_id, is_auto_delete, changed_at)
  select 1, n / 20, 'k' || n % 20, 'user 1', 1, n from generate_series(1, 20000) n;
insert into chatrooms (app_id, conversation_id, member_count, revision, keys_since)
  select 1, n, 1, 1, 0 from generate_series(1, ${ROOMS}) n;
insert into messages (app_id, conversation_id, sent_at, seq, counted, is_counted, sender_id, type, content, client_id, is_active)
  select 1, n / ${PER_ROOM}, ${start} + n, n % ${PER_ROOM} + 1, n % ${PER_ROOM} + 1, 1, 'user 1', 'text', '{}', 'c' || n, (n % 50 > 0)::int
  from generate_series(${PER_ROOM}, ${MESSAGES}) n;`;

let server: PostgresServer;
let client: pg.Client;
beforeAll(async () => {
  server = await startPostgres();
  // Or the statistics would come in the midst of it.
  await server.query("postgres", "alter system set autovacuum = off");
  await server.query("postgres", "select pg_reload_conf()");
  const url = server.url(await server.createDatabase());
  await (await openPostgresStore({ url, connections: 2 })).close();
  client = new pg.Client({ connectionString: url });
  await client.connect();
  await makeMonths(url, [0]);
  await client.query(fill);
}, 120_000);
afterAll(async () => {
  await client?.end();
  await server?.stop();
}, 60_000);

interface Plan {
  "Node Type": string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Rows Removed by Join Filter"?: number;
  "Relation Name"?: string;
  "Index Name"?: string;
  Plans?: Plan[];
}

/** Rows that scans read and joins compared, those that they threw away included, and which nodes did so with many. */
const costOf = (plan: Plan): { rows: number; scans: string[] } => {
  const below = (plan.Plans ?? []).map(costOf);
  let rows = (plan["Rows Removed by Join Filter"] ?? 0) * plan["Actual Loops"];
  const scans = rows > 100 ? [`${plan["Node Type"]} of ${rows} pairs`] : [];
  if (plan["Relation Name"] !== undefined || plan["Index Name"] !== undefined) {
    const removed = (plan["Rows Removed by Filter"] ?? 0) + (plan["Rows Removed by Index Recheck"] ?? 0);
    rows += (plan["Actual Rows"] + removed) * plan["Actual Loops"];
    if (rows > 100)
      scans.push(`${plan["Node Type"]} ${plan["Relation Name"]} ${plan["Index Name"]}: ${rows}`);
  }
  return {
    rows: below.reduce((sum, one) => sum + one.rows, rows),
    scans: [...scans, ...below.flatMap((one) => one.scans)],
  };
};

/** Runs it and tells what it cost; leaves nothing. Of several statements those that explain can explain. */
const explain = async (text: string, values: unknown[]) => {
  const result = await client.query({
    text: `explain (analyze, format json) ${text}`,
    values,
    rowMode: "array",
  });
  const [explained] = JSON.parse(JSON.stringify(result.rows[0]?.[0])) as { Plan: Plan }[];
  return costOf(explained?.Plan as Plan);
};

const MOST = 1500;
const expectCheap = (costs: { rows: number; scans: string[] }[]) => {
  expect(costs.length).toBeGreaterThan(0);
  for (const { rows, scans } of costs) expect(rows, scans.join("; ")).toBeLessThan(MOST);
};

describe("without statistics, few rows are touched by", () => {
  const ids = [room, ...others];
  const calls: [name: keyof typeof reads, ...args: unknown[]][] = [
    ["findSession", "token 7"],
    ["findUsers", [user, "user 8"]],
    ["findConversation", `room ${room}`, ["direct", "group"]],
    ["listMembers", room, null, 100],
    ["listMembers", room, "user 1", 100],
    ["listMemberships", user],
    ["listLatestTalks", user, 100],
    ["isMember", room, user],
    ["findMembers", room, [user, "user 8", "nobody"]],
    ["listMessages", room, null, 20],
    ["listMessages", room, sentAt, 20],
    ["listLastMessages", ids],
    ["findMessages", sentAt],
    ["findMessage", room, sentAt],
    ["listReadMarks", room, 100],
    ["findReadMarks", ids, user],
    ["countUnread", ids, user, 1000],
    ["findHeads", ids],
    ["listEntriesAfter", room, sentAt, 20],
    ["listEntriesSince", room, PER_ROOM - 20, 20, user],
    ["findTimeBehind", room, PER_ROOM - 20],
    ["findStates", room, [sentAt]],
    ["findSent", room, user, "c"],
    ["countMentions", ids, user, 100],
    ["listMentions", room, user, null, 20],
    ["findOpenSessions", ["token 7", "token 8"]],
    ["listMembershipsOf", [user, "user 8"]],
    ["listReports", null, 20],
    ["findChatroom", room],
    ["listChatroomMembers", room, { after: null, isNewestFirst: false, limit: 100 }],
    ["listChatroomMembers", room, { after: 7000, isNewestFirst: true, limit: 100 }],
    ["findChatroomMembers", room, [user, "user 8"]],
    ["listChatroomKeys", room, 9],
    ["listUnsettled"],
  ];
  const explaining = (costs: { rows: number; scans: string[] }[]) => {
    const query = async (text: string, values: unknown[]) => {
      costs.push(await explain(text, values));
      return { command: "SELECT", rowCount: 0, rows: [] };
    };
    const pool = { connect: async () => ({ query, release: () => {} }), end: async () => {} };
    return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: pool as never }) });
  };
  for (const [name, ...args] of calls)
    test(`${name}(${JSON.stringify(args).slice(1, -1)})`, async () => {
      const costs: { rows: number; scans: string[] }[] = [];
      await (reads[name] as unknown as Read)(explaining(costs), 1, ...args);
      expectCheap(costs);
    });

  const people = Array.from({ length: 40 }, (_, index) => `user ${index + 1}`);
  const left = people.map((userId) => ({ conversationId: room, userId }));
  const changes: [name: string, change: (scope: WriteScope) => Promise<unknown>][] = [
    ["leaving a chatroom", (scope) => chatroomWrites.updateChatrooms(scope, 1, { left, joined: [] }, 20)],
    ["the end of connections", ({ db }) => doubtChatrooms(db, 1, people, 0)],
    ["settling chatrooms", (scope) => chatroomWrites.settleChatrooms(scope, 1, 0, 500)],
  ];
  for (const [name, change] of changes)
    test(name, async () => {
      const costs: { rows: number; scans: string[] }[] = [];
      await client.query("begin");
      try {
        await change({ db: explaining(costs), nextTick: () => 1 } as unknown as WriteScope);
      } finally {
        await client.query("rollback");
      }
      expectCheap(costs);
    });

  const batches: [name: string, batch: () => Batch<unknown>][] = [
    [
      "a batch of messages",
      () =>
        appendBatch(
          ids.map((conversationId) => ({
            appId: 1,
            message: {
              conversationId,
              senderId: user,
              type: "text",
              content: "{}",
              isCounted: true,
              marksRead: true,
              clientId: "new",
            },
          })),
        ),
    ],
    ["a batch of marks", () => marksBatch(ids.map((id) => [1, id, user, id * PER_ROOM + 9]))],
    [
      "a batch of sessions",
      () =>
        sessionsBatch(
          ids.map((id) => [
            1,
            { tokenHash: `n${id}`, userId: `user ${id}`, deviceId: "d", fcmToken: null, customData: "{}" },
            1,
          ]),
        ),
    ],
  ];
  for (const [name, batch] of batches)
    test(name, async () => {
      const costs: { rows: number; scans: string[] }[] = [];
      const answer = { heads: "", repeats: "" };
      const connection = {
        async rows(text: string, values: unknown[]) {
          costs.push(await explain(text, values));
          return [["", ""]];
        },
        async script(text: string) {
          for (const statement of text.split(";\n"))
            costs.push(await explain(statement.replace(/^\/\*.*\*\//, ""), []));
          return [{ rows: [answer] }];
        },
      } as unknown as Connection;
      await client.query(`begin; ${groupSession.map((setting) => `set local ${setting}`).join(";")}`);
      try {
        await batch().run(connection, [1, crypto.randomUUID()]);
      } finally {
        await client.query("rollback");
      }
      expectCheap(costs);
    });
});
