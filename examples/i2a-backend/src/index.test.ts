/** The example back end against a real Parlance: what the page may ask, and what it may not. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  startTestServer,
  type TestServer,
  testApps,
} from "../../../packages/server/src/testing/test-server.ts";
import { TestSocket } from "../../../packages/server/src/testing/test-socket.ts";
import { createDemo, type Demo } from "./index.ts";

let server: TestServer;
let demo: Demo;
let file: string;
const unexpected: unknown[] = [];

beforeAll(async () => {
  server = await startTestServer();
  file = join(server.dataDir, "demo.sqlite");
  demo = createDemo({
    apiUrl: server.url,
    secret: testApps.shop.secret,
    file,
    basePath: "/demo",
    onError: (error) => unexpected.push(error),
  });
});

afterAll(async () => {
  demo.close();
  await server.stop();
});

const fetchDemo = (path: string, init?: RequestInit) =>
  demo.fetch(new Request(`http://demo.test/demo${path}`, init));

const ask = async (token: string, method: string, path: string, body?: unknown) => {
  const response = await fetchDemo(`/api/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field
  return { status: response.status, body: (await response.json()) as any };
};

const signIn = async (name: string) => {
  const { body } = await ask("", "POST", "login", { name });
  return { token: body.token as string, user: body.user as { id: string; name: string } };
};

const connect = async (token: string, device: string) => {
  const { body } = await ask(token, "POST", "socket-session", { device_identifier: device });
  const socket = await TestSocket.open(`${server.socketUrl}${body.socket_url}?token=${body.token}`);
  return { socket, id: body.app_user_identifier as string };
};

describe("signing in", () => {
  test("needs a name, and the same name is the same person", async () => {
    const [first, second] = [await signIn("Ann"), await signIn("  ANN ")];
    expect(second.user).toEqual(first.user);
    expect(first.user).toMatchObject({ name: "Ann", initials: "A" });
    expect(second.token).not.toBe(first.token);
    expect((await ask(first.token, "GET", "me")).body.user).toEqual(first.user);
  });

  test("ends with the sign-out, and with time", async () => {
    const { token } = await signIn("Ann");
    expect((await ask(token, "POST", "logout", {})).status).toBe(200);
    expect((await ask(token, "GET", "me")).status).toBe(401);
    const late = await signIn("Ann");
    const database = new DatabaseSync(file);
    database.exec("update sessions set expires_at = 1");
    database.close();
    expect((await ask(late.token, "GET", "me")).status).toBe(401);
  });

  test("leaves no token in the database", async () => {
    const { token } = await signIn("Ann");
    for (const name of [file, `${file}-wal`]) expect(readFileSync(name).includes(token)).toBe(false);
  });

  test.each([
    [{}, "must be text"],
    [{ name: "   " }, "must not be empty"],
    [{ name: "x".repeat(41) }, "at most 40"],
    [{ name: "a\u0000b" }, "visible"],
    [{ name: "\u200B\u200B" }, "visible"],
    [{ name: "Ann\u202E" }, "visible"],
    [{ name: 7 }, "must be text"],
  ])("refuses %j", async (body, sentence) => {
    const answer = await ask("", "POST", "login", body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toContain(sentence);
  });
});

describe("rooms", () => {
  test("a fresh demo has one to chat in and one to join", async () => {
    const [ann, zoe] = [await signIn("Ann"), await signIn("Zoe")];
    const rooms = async (token: string) =>
      (await ask(token, "GET", "rooms")).body.rooms.map(
        (room: { name: string; is_member: boolean }) => `${room.name} ${room.is_member}`,
      );
    expect((await rooms(ann.token)).sort()).toEqual(["Town square true", "Welcome true"]);
    expect((await rooms(zoe.token)).sort()).toEqual(["Town square false", "Welcome true"]);
  });

  test("created here, people chat over the socket, and whoever is removed no longer can", async () => {
    const [ann, bob] = [await signIn("Ann"), await signIn("Bob")];
    const { body: room } = await ask(ann.token, "POST", "rooms", { name: "Lunch", members: ["bob"] });
    expect(room).toMatchObject({ name: "Lunch", is_owner: true, is_member: true, member_count: 2 });
    const [left, right] = [await connect(ann.token, "a"), await connect(bob.token, "b")];
    expect(left.id).toBe(`${ann.user.id}:shop`);
    const frame = { type: "ROUTABLE", chat_room_identifier: room.chat_room_identifier, message: "Hi" };
    left.socket.send(frame);
    const { value } = await right.socket.next("ROUTABLE");
    expect(value).toMatchObject({ message: "Hi", app_user_identifier: left.id });
    expect(JSON.parse(value.custom_data)).toMatchObject({ display_name: "Ann", initials: "A" });

    const removed = await ask(ann.token, "DELETE", `rooms/${room.id}/members/${bob.user.id}`);
    expect(removed.body.member_count).toBe(1);
    right.socket.send(frame);
    const refused = await right.socket.next("ERROR");
    expect(refused.value.exception.error_code).toBe(10001);
    left.socket.close();
    right.socket.close();
  });

  test("changes belong to the owner, and nothing to strangers", async () => {
    const [ann, bob, eve] = [await signIn("Ann"), await signIn("Bob"), await signIn("Eve")];
    const { body: room } = await ask(ann.token, "POST", "rooms", { name: "Board", members: ["Bob"] });
    const path = `rooms/${room.id}`;
    const refusals = [
      await ask(bob.token, "PATCH", path, { name: "Mine" }),
      await ask(bob.token, "DELETE", path),
      await ask(bob.token, "DELETE", `${path}/members/${ann.user.id}`),
      await ask(eve.token, "POST", `${path}/members`, { name: "Eve" }),
      await ask(eve.token, "POST", `${path}/announce`, { text: "hello" }),
      await ask(eve.token, "POST", `${path}/join`),
      await ask(eve.token, "POST", `${path}/leave`),
      await ask(eve.token, "POST", `${path}/report`, { message_timestamp_identifier: "1", report_type: 1 }),
    ];
    expect(refusals.map(({ status }) => status)).toEqual(refusals.map(() => 403));
    expect((await ask(eve.token, "GET", "rooms")).body.rooms).not.toContainEqual(
      expect.objectContaining({ name: "Board" }),
    );
  });

  test("when the owner leaves the next one inherits, and with the last one the room goes", async () => {
    const [ann, bob] = [await signIn("Ann"), await signIn("Bob")];
    const { body: room } = await ask(ann.token, "POST", "rooms", { name: "Relay", members: ["Bob"] });
    await ask(ann.token, "POST", `rooms/${room.id}/leave`);
    const renamed = await ask(bob.token, "PATCH", `rooms/${room.id}`, { name: "Bob's" });
    expect(renamed.body).toMatchObject({ name: "Bob's", is_owner: true });
    await ask(bob.token, "POST", `rooms/${room.id}/leave`);
    expect((await ask(bob.token, "POST", `rooms/${room.id}/leave`)).status).toBe(404);
  });
});

describe("what is wrong with a request is said", () => {
  test.each([
    ["POST", "rooms", "{", 400],
    ["POST", "rooms", "[]", 400],
    ["POST", "rooms", { name: "Room", members: "Bob" }, 400],
    ["POST", "rooms", { name: "Room", members: ["Nobody"] }, 404],
    ["POST", "rooms", { name: "Room", members: Array(101).fill("Bob") }, 400],
    ["POST", "rooms", `{"name":"${"x".repeat(20_000)}"}`, 413],
    ["POST", "rooms/999/leave", undefined, 404],
    ["POST", "rooms/abc/leave", undefined, 404],
    ["POST", "socket-session", {}, 400],
    ["PATCH", "rooms", {}, 405],
    ["GET", "nothing", undefined, 404],
  ] as const)("%s %s %j", async (method, path, body, status) => {
    const { token } = await signIn("Ann");
    const answer = await ask(token, method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.body.error.length).toBeGreaterThan(5);
  });

  test("too many calls at once", async () => {
    const { token } = await signIn("Hasty");
    const answers = await Promise.all(Array.from({ length: 80 }, () => ask(token, "GET", "me")));
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(10);
  });

  test("without Parlance, calls that need it fail and the rest goes on", async () => {
    const alone = createDemo({ apiUrl: "http://127.0.0.1:1", secret: "x", file: ":memory:", basePath: "" });
    const answer = await alone.fetch(
      new Request("http://demo.test/api/login", { method: "POST", body: '{"name":"Ann"}' }),
    );
    expect(answer.status).toBe(502);
    expect((await alone.fetch(new Request("http://demo.test/"))).status).toBe(200);
    alone.close();
  });
});

describe("the page's files", () => {
  test("come with an ETag and a policy without inline script", async () => {
    const response = await fetchDemo("/");
    expect(response.headers.get("content-type")).toStartWith("text/html");
    expect(response.headers.get("content-security-policy")).toContain("script-src 'self';");
    const etag = response.headers.get("etag") ?? "";
    const again = await fetchDemo("/", { headers: { "if-none-match": etag } });
    expect(again.status).toBe(304);
    expect((await fetchDemo("", {})).headers.get("location")).toBe("/demo/");
  });

  test.each([
    "/../src/index.ts",
    "/%2e%2e/package.json",
    "/js/ids.test.ts",
    "/tsconfig.json",
    "/js/types.d.ts",
    "/x",
  ])("%s is not one of them", async (path) => {
    expect((await fetchDemo(path)).status).toBe(404);
  });
});

test("nothing went wrong behind the scenes", () => {
  expect(unexpected).toEqual([]);
});
