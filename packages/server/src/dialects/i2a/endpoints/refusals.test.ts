import { describe, expect, test } from "bun:test";
import { failureOf } from "../../../testing/failure-of.ts";
import { i2aBackEnd } from "../../../testing/i2a-back-end.ts";
import { useWorld } from "../../../testing/i2a-world.ts";
import { startTestServer, testApps } from "../../../testing/test-server.ts";

const world = useWorld();
const prefix = "/server-to-server/v1";

/** A call whose body and headers are exactly these. */
async function raw(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  type: string,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${world.server.url}${prefix}/${path}`, {
    method: "POST",
    headers: { "x-application-secret": testApps.shop.secret, "content-type": type, ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as { token: string } };
}

const form = "application/x-www-form-urlencoded";
const ids = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);

describe("wrong fields", () => {
  test("are all named at once", async () => {
    const { status, body } = await world.shop.call("POST", "session/open-session/", {
      custom_data: "x".repeat(9000),
    });
    expect(status).toBe(400);
    expect(body).toEqual({
      application_user_identifier: ["This field is required."],
      device_identifier: ["This field is required."],
    });
  });

  test("of a chat room", async () => {
    const create = async (params: Record<string, unknown>) => {
      const answer = await world.shop.call("POST", "chat-room/", params, "json");
      return [answer.status, Object.keys(answer.body)];
    };
    const members = "application_users_identifiers";
    expect(await create({})).toEqual([400, [members]]);
    expect(await create({ [members]: [] })).toEqual([400, [members]]);
    expect(await create({ [members]: ["a"], type: 4 })).toEqual([400, ["type"]]);
    expect(await create({ [members]: ["a"], type: "regular" })).toEqual([400, ["type"]]);
    expect(await create({ [members]: { a: 1 } })).toEqual([400, [members]]);
    expect(await create({ [members]: [["a"]] })).toEqual([400, [members]]);
    expect(await create({ [members]: [""] })).toEqual([400, [members]]);
    expect(await create({ [members]: ["a\u0000b"] })).toEqual([400, [members]]);
    expect(await create({ [members]: ["x".repeat(256)] })).toEqual([400, [members]]);
    expect(await create({ [members]: [1, 2], type: "3" })).toEqual([201, ["identifier"]]);
    expect(await create({ type: 2 })).toEqual([201, ["identifier"]]);
  });

  test("of a session: custom data must be the text of a JSON object", async () => {
    const open = async (custom_data: unknown) => {
      const params = { application_user_identifier: "u", device_identifier: "d", custom_data };
      return (await world.shop.call("POST", "session/open-session/", params, "json")).status;
    };
    expect(await open("{}")).toBe(201);
    expect(await open({ name: "as an object" })).toBe(201);
    expect(await open(null)).toBe(201);
    expect(await open("")).toBe(201);
    for (const wrong of ["name", "[1]", "null", 5, ["x"], `{"x":"${"x".repeat(9000)}"}`]) {
      expect(await open(wrong)).toBe(400);
    }
  });
});

describe("many members", () => {
  test("10,000 in one call work; one more is refused and nothing is created or changed", async () => {
    const many = await world.shop.post("chat-room/", { application_users_identifiers: ids(10_000) });
    expect(many.status).toBe(201);
    const last = await world.connect("user-9999");
    await world.say(last, many.body.identifier, "from the last of them");
    const room = await world.shop.room(["ann"]);
    for (const path of ["chat-room/", `chat-room/${room}/add-users/`, `chat-room/${room}/remove-users/`]) {
      const { status, body } = await world.shop.post(path, { application_users_identifiers: ids(10_001) });
      expect(status).toBe(400);
      expect(body).toEqual({
        application_users_identifiers: ["Ensure this list has no more than 10000 items."],
      });
    }
    const stranger = await world.connect("user-3");
    expect(await failureOf(world.say(stranger, room, "not in"))).toMatch("10001");
  }, 60_000);

  test("the same one many times is one member", async () => {
    const room = await world.shop.room(["ann", "ann", "ann:shop"]);
    const ann = await world.connect("ann");
    await world.say(ann, room, "once");
    await world.history(ann, room);
    expect(ann.unread.filter(({ value }) => value.type === "ROUTABLE")).toEqual([]);
    const again = await world.shop.post(`chat-room/${room}/add-users/`, {
      application_users_identifiers: ["ann", "ann"],
    });
    expect([again.status, again.body]).toEqual([200, { identifier: room }]);
  });

  test("who is no member can be removed without harm", async () => {
    const room = await world.shop.room(["ann"]);
    const path = `chat-room/${room}/remove-users/`;
    expect((await world.shop.post(path, { application_users_identifiers: ["nobody"] })).status).toBe(200);
  });
});

describe("bodies", () => {
  test("that can't be read answer 400 or 415, in JSON", async () => {
    const open = "session/open-session/";
    const broken = await raw(open, "{", "application/json");
    expect([broken.status, Object.keys(broken.body)]).toEqual([400, ["detail"]]);
    expect((await raw(open, "[]", "application/json")).status).toBe(400);
    expect((await raw(open, "null", "application/json")).status).toBe(400);
    expect((await raw(open, "{".repeat(50_000), "application/json")).status).toBe(400);
    expect((await raw(open, `{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`, "application/json")).status).toBe(
      400,
    );
    expect((await raw(open, new Uint8Array([0x61, 0x3d, 0xff, 0xfe]), form)).status).toBe(400);
    expect((await raw(open, "x", "text/plain")).status).toBe(415);
  });

  test("of a form keep what the sender meant", async () => {
    const body =
      "application_user_identifier=Z%C3%BC%20rich+1&device_identifier=a=b&custom_data=%7B%22n%22%3A%22%E5%B0%8F%22%7D";
    const { status, body: answer } = await raw("session/open-session/", body, form);
    expect(status).toBe(201);
    expect(answer.token.endsWith(":shop")).toBe(true);
    const room = await world.shop.room(["Zü rich 1"]);
    const socket = await world.connect("Zü rich 1");
    await world.say(socket, room, "hi");
  });

  test("above the limit answer 413 and leave the connection usable for others", async () => {
    const large = `message=${"x".repeat(1_100_000)}`;
    expect((await raw("system-message/send-system-message/", large, form)).status).toBe(413);
    expect((await world.shop.call("GET", "ping/")).status).toBe(200);
  });

  test("a message above 128 KiB is refused by name", async () => {
    const room = await world.shop.room(["ann"]);
    const send = (message: string) =>
      world.shop.post("system-message/send-system-message/", { chat_room_identifier: room, message });
    expect(await send("x".repeat(131_073))).toMatchObject({
      status: 400,
      body: { message: ["Ensure this field has no more than 131072 bytes."] },
    });
    expect((await send("x".repeat(131_072))).status).toBe(200);
  });
});

describe("paths and methods", () => {
  test("that don't exist answer 404 and 405, also without a secret, in JSON", async () => {
    const at = async (method: string, path: string) => {
      const response = await fetch(`${world.server.url}${path}`, { method });
      return [response.status, Object.keys((await response.json()) as object)];
    };
    expect(await at("GET", `${prefix}/nothing/`)).toEqual([404, ["detail"]]);
    expect(await at("GET", `${prefix}/chat-room/`)).toEqual([405, ["detail"]]);
    expect(await at("PUT", `${prefix}/ping/`)).toEqual([405, ["detail"]]);
    expect(await at("GET", "/nothing")).toEqual([404, ["detail"]]);
    expect(await at("GET", "/demo/")).toEqual([404, ["detail"]]);
  });

  test("there is no call that lists chat rooms", async () => {
    expect((await world.shop.call("GET", "chat-room/")).status).toBe(405);
    const room = await world.shop.room(["ann"]);
    expect((await world.shop.call("GET", `chat-room/${room}/`)).status).toBe(405);
  });

  test("the documents are there for anybody", async () => {
    const document = await (await fetch(`${world.server.url}${prefix}/openapi.json`)).json();
    expect(Object.keys((document as { paths: object }).paths)).toHaveLength(11);
    const page = await fetch(`${world.server.url}${prefix}/docs/`);
    expect(page.headers.get("content-type")).toStartWith("text/html");
    expect(await page.text()).toContain("open-session");
  });
});

describe("reports", () => {
  test("are kept with their message, listed newest first, and outlive the room", async () => {
    const room = await world.shop.room(["ann", "bob"]);
    const ann = await world.connect("ann");
    const message_timestamp_identifier = await world.say(ann, room, "something rude");
    const report = (extra: Record<string, unknown>) =>
      world.shop.post("reported-chat-message/", {
        application_user_identifier: "bob",
        chat_room_identifier: room,
        message_timestamp_identifier,
        ...extra,
      });
    const first = await report({ report_type: 1, message: "Rude!" });
    const second = await report({});
    expect([first.status, second.status]).toEqual([200, 200]);
    expect((await report({ message_timestamp_identifier: "1763769600123456000" })).status).toBe(404);
    expect((await report({ chat_room_identifier: "nowhere" })).status).toBe(404);
    await world.shop.call("DELETE", `chat-room/${room}/`);
    const { body } = await world.shop.call("GET", "reported-chat-message/", { limit: 2 });
    expect(body.map((item: { identifier: string }) => item.identifier)).toEqual([
      second.body.identifier,
      first.body.identifier,
    ]);
    expect(body[1]).toMatchObject({
      chat_room_identifier: room,
      message_timestamp_identifier,
      reported_message: "something rude",
      app_user_identifier: "ann:shop",
      application_user_identifier: "bob:shop",
      report_type: 1,
      message: "Rude!",
    });
    const older = await world.shop.call("GET", "reported-chat-message/", {
      before: second.body.identifier,
      limit: 1,
    });
    expect(older.body[0].identifier).toBe(first.body.identifier);
    expect((await world.bank.call("GET", "reported-chat-message/")).body).toEqual([]);
  });
});

describe("the rate", () => {
  test("above it: 429 with the seconds to wait, per app", async () => {
    const server = await startTestServer({ requestsPerSecond: 1 });
    try {
      const shop = i2aBackEnd(server.url, testApps.shop.secret);
      const answers = await Promise.all(Array.from({ length: 60 }, () => shop.call("GET", "ping/")));
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThan(5);
      expect(Object.keys(refused[0]?.body)).toEqual(["detail"]);
      expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
      const bank = i2aBackEnd(server.url, testApps.bank.secret);
      expect((await bank.call("GET", "ping/")).status).toBe(200);
    } finally {
      await server.stop();
    }
  });
});

describe("logs", () => {
  test("tell of business events without secrets, tokens or texts", async () => {
    const room = await world.shop.room(["ann"]);
    const token = await world.shop.token("ann", "logged", { display_name: "Private Name" });
    const ann = await world.connect("ann");
    await world.say(ann, room, "a text nobody logs");
    const log = world.server.log.join("");
    expect(log).toContain('"event":"conversation created"');
    expect(log).toContain('"event":"session opened"');
    expect(log).toContain('"event":"message accepted"');
    for (const secret of [token, testApps.shop.secret, "a text nobody logs", "Private Name"]) {
      expect(log.includes(secret)).toBe(false);
    }
  });
});
