/** A live installation moves: the server runs and is written to, a migration is killed, and nothing is lost. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { NumberedSender, readRoom } from "../../../../tests/numbered-sender.ts";
import { openStore } from "../adapters/open-store.ts";
import { i2aPrefix } from "../dialects/i2a/endpoints/index.ts";
import type { Store } from "../ports/store.ts";
import { i2aBackEnd } from "../testing/i2a-back-end.ts";
import { farAhead } from "../testing/i2a-world.ts";
import { cleanEnvironment, type Finished, runParlance, watchProcess } from "../testing/parlance-process.ts";
import type { PostgresServer } from "../testing/postgres-server.ts";
import { sharedPostgres } from "../testing/shared-servers.ts";
import { startTestServer, testApps } from "../testing/test-server.ts";
import { TestSocket } from "../testing/test-socket.ts";
import { until } from "../testing/until.ts";

const dataDir = mkdtempSync(join(tmpdir(), "parlance-migrate-"));
let postgres: PostgresServer;
let database: string;
beforeAll(async () => {
  postgres = await sharedPostgres();
  database = await postgres.createDatabase();
}, 60_000);
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const SEEDED = 60_000;
const ROOMS = 20;
const main = resolve(import.meta.dir, "../main.ts");

/** Without the launcher, so that a SIGKILL meets the migration itself. */
const spawnMigration = () =>
  watchProcess(
    spawn(
      process.execPath,
      [main, "migrate", "--from", `sqlite:${dataDir}`, "--to", postgres.url(database)],
      {
        env: cleanEnvironment(),
        stdio: ["ignore", "pipe", "pipe"],
      },
    ),
  );

const migrate = (): Promise<Finished> => spawnMigration().finished;

/** Many messages, put there before the server starts, with all kinds of texts. */
const seed = async () => {
  const store = await openStore({ dataDir });
  const { id: appId } = await store.apps.create(testApps.shop);
  const own = store.forApp(appId);
  const rooms: number[] = [];
  for (let index = 0; index < ROOMS; index++) {
    const room = {
      kind: "group",
      admission: "members",
      memberIds: ["ann", "bob", `guest ${index}`],
    } as const;
    const key = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
    rooms.push((await own.createConversation({ ...room, key, memberIds: [...room.memberIds] })).id);
  }
  const texts = ["hello", "", "héllo 👩‍👩‍👧 \u{10ffff} ￿", "x".repeat(3000), '"\\ \n\u2028'];
  const message = (number: number) => ({
    conversationId: rooms[number % ROOMS] as number,
    senderId: number % 7 === 0 ? null : "bob",
    type: "text",
    content: JSON.stringify({ text: `${texts[number % texts.length]} ${number}` }),
    isCounted: number % 5 !== 0,
    clientId: number % 3 === 0 ? `client ${number}` : null,
    marksRead: number % 11 === 0,
  });
  for (let at = 0; at < SEEDED; at += 5000)
    await Promise.all(Array.from({ length: 5000 }, (_, index) => own.append(message(at + index))));
  await store.close();
};

const storedMessages = async (): Promise<number> => {
  const [row] = await postgres
    .query(database, "select count(*)::int4 as count from messages")
    .catch(() => []);
  return Number(row?.count ?? 0);
};

/** Everything that a store knows of an app, as the core would ask for it. */
const everythingOf = async (store: Store, userIds: string[], keys: string[]) => {
  const apps = await store.apps.list();
  const own = store.forApp(apps.find(({ key }) => key === testApps.shop.key)?.id ?? 0);
  const rooms = [];
  for (const key of keys) {
    const room = await own.findConversation(key, ["group"]);
    if (room === null) {
      rooms.push(null);
      continue;
    }
    rooms.push({
      room,
      head: await own.findHeads([room.id]),
      log: await own.listEntriesAfter(room.id, 0, 1_000_000),
      members: await own.listMembers(room.id, null, 1000),
      marks: await own.listReadMarks(room.id, 1000),
      unread: await Promise.all(userIds.map((id) => own.countUnread([room.id], id, 1_000_000))),
    });
  }
  const users = (await own.findUsers(userIds)).sort((a, b) => (a.id < b.id ? -1 : 1));
  return { apps, rooms, users, reports: await own.listReports(null, 1000) };
};

test("one node to many: under load, killed, run again, switched over", async () => {
  await seed();
  const old = await startTestServer({ framesPerMinute: 1_000_000 }, dataDir);
  const shop = i2aBackEnd(old.url, testApps.shop.secret);
  const [annToken, bobToken, closedToken] = [
    await shop.token("ann", "phone", { display_name: "Ann" }),
    await shop.token("bob"),
    await shop.token("ann", "tablet"),
  ];
  const [busy, doomed] = [await shop.room(["ann", "bob"]), await shop.room(["ann", "bob"])];
  const bob = await TestSocket.open(`${old.socketUrl}/socket/`, { "X-TOKEN": bobToken });
  const ask = async (socket: TestSocket, room: string, limit: number) =>
    (await socket.ask({
      type: "GET_HISTORY",
      chat_room_identifier: room,
      from_message_timestamp_identifier: farAhead,
      limit,
    })) as { value: { payload: { message: string; message_timestamp_identifier: string }[] } };
  const say = async (socket: TestSocket, room: string, message: string) => {
    socket.send({ type: "ROUTABLE", chat_room_identifier: room, message });
    await socket.next(({ value }) => value.message === message);
  };
  for (const text of ["first", "rude", "hidden later"]) await say(bob, busy, text);
  await say(bob, doomed, "soon gone");
  const sender = new NumberedSender("load", busy, old.socketUrl, annToken);
  const sending = sender.run();

  const killed = spawnMigration();
  await until("something was copied", async () => (await storedMessages()) > 0);
  killed.child.kill("SIGKILL");
  await killed.finished;
  const before = await storedMessages();
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(SEEDED);

  const live = await migrate();
  expect([live.code, live.stderr]).toEqual([0, expect.stringContaining("A server runs on the source")]);
  expect(live.stdout).toContain("no difference.\nNow stop the server");
  expect(live.stdout).not.toContain("verified:");
  expect(await storedMessages()).toBeGreaterThan(SEEDED);

  // Between the two runs: what was copied is deleted, hidden, left, closed, reported and added to.
  const recent = (await ask(bob, busy, 100)).value.payload.find(({ message }) => message.startsWith("load:"));
  const time = String(recent?.message_timestamp_identifier);
  const roomOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, "0")}:shop`;
  const report = { chat_room_identifier: busy, message_timestamp_identifier: time };
  const changes = [
    await shop.call("DELETE", `chat-room/${doomed}/`),
    await shop.call("DELETE", `chat-room/${roomOf(3)}/`),
    await shop.post(`chat-room/${roomOf(4)}/remove-users/`, {
      application_users_identifiers: ["guest 4"],
    }),
    await shop.post("session/close-session/", { token: closedToken }),
    await shop.post(`chat-message/${time}/set-active/`, { is_active: false }),
    await shop.post("reported-chat-message/", {
      application_user_identifier: "ann",
      message: "Rude.",
      ...report,
    }),
  ];
  expect(changes.map(({ status }) => Math.floor(status / 100))).toEqual(changes.map(() => 2));
  const lateToken = await shop.token("late", "phone", { display_name: "Late" });
  const lateRoom = await shop.room(["late", "ann"]);
  await say(bob, roomOf(5), "a late word");
  expect((await runParlance(["app", "delete", "bank", "--yes"], { PARLANCE_DATA: dataDir })).code).toBe(0);

  await old.drain();
  await sending;
  expect(sender.errors).toEqual([]);
  const final = await migrate();
  // On a busy machine it says now and then how far it is.
  const complaints = final.stderr.replace(/^app \S+: .*\n/gm, "");
  expect([final.code, complaints]).toEqual([0, ""]);
  const [, conversations, messages] =
    /verified: (\S+) conversations, (\S+) messages/.exec(final.stdout) ?? [];
  expect(Number(conversations)).toBe(ROOMS + 1);
  expect(final.stdout).toContain(
    "Removed what is gone at the source: 1 sessions, 2 conversations, 1 members.",
  );

  const keys = [busy, doomed, lateRoom, ...Array.from({ length: ROOMS }, (_, index) => roomOf(index))].map(
    (room) => room.replace(/:shop$/, ""),
  );
  const people = ["ann", "bob", "late", ...Array.from({ length: ROOMS }, (_, index) => `guest ${index}`)];
  const source = await openStore({ dataDir });
  const target = await openStore({ dataDir: "", store: postgres.url(database), storeConnections: 4 });
  const expected = await everythingOf(source, people, keys);
  const found = await everythingOf(target, people, keys);
  await Promise.all([source.close(), target.close()]);
  expect(found).toEqual(expected);
  const logs = found.rooms.flatMap((room) => room?.log ?? []);
  expect(logs).toHaveLength(Number(messages?.replaceAll(",", "")));
  expect(logs.filter((entry) => "message" in entry && !entry.message.isActive)).toHaveLength(1);
  expect(logs.filter((entry) => "change" in entry)).toHaveLength(1);
  expect(found.reports).toHaveLength(1);
  expect(found.apps.map(({ key }) => key)).toEqual(["shop"]);

  // The whole server on the copy: nobody notices.
  const node = await startTestServer({ store: postgres.url(database), apps: [], storeConnections: 4 });
  const connect = (token: string) => TestSocket.open(`${node.socketUrl}/socket/`, { "X-TOKEN": token });
  const [ann, late] = [await connect(annToken), await connect(lateToken)];
  const refusal = await connect(closedToken).catch((error: Error) => error.message);
  expect(refusal).toBe("the connection was refused");
  const log = new Set(await readRoom(node.url, testApps.shop.secret, busy));
  const lost = sender.acknowledged.filter((number) => !log.has(`load:${number}`));
  expect(lost.map(String).filter((number) => `load:${number}` !== recent?.message)).toEqual([]);
  const gone = await fetch(`${node.url}${i2aPrefix}/chat-room/${doomed}/messages/`, {
    headers: { "x-application-secret": testApps.shop.secret },
  });
  expect(gone.status).toBe(404);

  await say(ann, busy, "after the switch");
  await say(late, lateRoom, "me too");
  const after = await openStore({ dataDir: "", store: postgres.url(database), storeConnections: 4 });
  const { rooms } = await everythingOf(after, people, keys.slice(0, 1));
  await after.close();
  const [newer, older] = [rooms[0], expected.rooms[0]].map((room) => {
    const last = room?.log.at(-1);
    return last && ("message" in last ? last.message : last.change);
  });
  expect(newer?.seq).toBe((older?.seq ?? 0) + 1);
  expect(newer?.sentAt).toBeGreaterThan(older?.sentAt ?? 0);

  const beside = await migrate();
  expect([beside.code, beside.stderr]).toEqual([
    1,
    expect.stringContaining("is used by a running Parlance."),
  ]);
  await node.stop();
  const undoing = await migrate();
  expect([undoing.code, undoing.stderr]).toEqual([
    1,
    expect.stringContaining("was written to by a server since"),
  ]);
}, 120_000);

test("what cannot be meant is refused with a sentence, and no password is repeated", async () => {
  const env = { PARLANCE_DATA: join(dataDir, "nothing-here") };
  const to = ["--to", "postgres://a:secret-word@127.0.0.1:1/b"];
  const wrong: [string[], number, string][] = [
    [[], 2, "--to or PARLANCE_STORE names the PostgreSQL database"],
    [["--to", "mysql://a:secret-word@b/c"], 2, "must be postgres://user:password@host:port/database"],
    [["--from", "postgres://a", ...to], 2, "must be sqlite:FOLDER or sqlite:FILE"],
    [to, 1, "There is no "],
    [["--from", `sqlite:${tmpdir()}`, ...to], 1, "There is no database at "],
  ];
  const results = await Promise.all(wrong.map(([more]) => runParlance(["migrate", ...more], env)));
  for (const [index, { code, stdout, stderr }] of results.entries()) {
    expect([code, stdout]).toEqual([wrong[index]?.[1] ?? null, ""]);
    expect(stderr).toContain(wrong[index]?.[2] ?? "");
    expect(stderr).not.toContain("secret-word");
  }
  expect(existsSync(env.PARLANCE_DATA)).toBe(false);
}, 60_000);
