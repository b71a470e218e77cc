import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { Type } from "typebox";
import { errorRow, ParlanceError } from "../errors.ts";
import { patience } from "../testing/until.ts";
import { endpoint } from "./endpoint.ts";
import { createHandler } from "./serve.ts";

interface Caller {
  app: string;
}

type Body = string | FormData | Uint8Array<ArrayBuffer>;

const base = { refusals: [], example: { params: {} } };
const echo = async (_: Caller, params: unknown) => params;

const rows = [
  endpoint({
    ...base,
    method: "POST",
    path: "room/",
    summary: "Create a room.",
    params: Type.Object({
      users: Type.Array(Type.String()),
      type: Type.Optional(Type.Integer()),
      at: Type.Optional(Type.String({ format: "nanoseconds" })),
    }),
    status: 201,
    result: Type.Unknown(),
    run: echo,
  }),
  endpoint({
    ...base,
    method: "GET",
    path: "room/{id}/messages/",
    summary: "Read.",
    params: Type.Object({
      id: Type.String({ maxLength: 20 }),
      limit: Type.Optional(Type.Integer({ maximum: 100 })),
    }),
    status: 200,
    result: Type.Unknown(),
    run: echo,
  }),
  endpoint({
    ...base,
    method: "DELETE",
    path: "room/{id}/",
    summary: "Delete.",
    params: Type.Object({ id: Type.String() }),
    status: 204,
    run: async () => ({ ignored: true }),
  }),
  endpoint({
    ...base,
    method: "GET",
    path: "rare/",
    summary: "Be called once.",
    params: Type.Object({}),
    status: 200,
    perSecond: 1,
    run: async () => undefined,
  }),
  endpoint({
    ...base,
    method: "POST",
    path: "crash/",
    summary: "Crash.",
    params: Type.Object({}),
    status: 200,
    run: async () => {
      throw new TypeError("secret inside");
    },
  }),
];

const failures: unknown[] = [];
const refusals: string[] = [];
let clock = 0;

const handler = createHandler<Caller>({
  prefix: "/v1",
  rows,
  authenticate: (request) => {
    const app = request.headers.get("x-app");
    if (app === null) throw new ParlanceError("unauthorized");
    return { app };
  },
  identify: (caller) => caller.app,
  encodeError: (error) => ({
    status: errorRow(error.code).status,
    body: (error.details.fields as object | undefined) ?? { detail: error.message },
  }),
  limits: { bodyBytes: 10_000, perSecond: 5, bodyMilliseconds: 300 },
  onFailure: (error) => failures.push(error),
  onRefused: (code) => refusals.push(code),
  now: () => clock,
});

const startServer = () =>
  Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: async (request) => (await handler(request)) ?? new Response("not mine", { status: 418 }),
  });
let server: ReturnType<typeof startServer>;
beforeAll(() => {
  server = startServer();
});
afterAll(() => server.stop(true));

/** Each call is another app's, so that the rate does not interfere, unless it says whose it is. */
let apps = 0;
const call = (method: string, path: string, body?: Body, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: { "x-app": `app${apps++}`, ...headers },
    ...(body === undefined ? {} : { body }),
  });

const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };

/** Writes bytes as they are and resolves to what came back until the server closed or `until` was seen. */
const rawCall = (text: string, until: RegExp): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(server.port), "127.0.0.1", () => socket.write(text));
    let seen = "";
    const timer = setTimeout(() => finish(() => reject(new Error(`only got: ${seen}`))), patience);
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.destroy();
      settle();
    };
    socket.on("data", (data) => {
      seen += data.toString();
      if (until.test(seen)) finish(() => resolve(seen));
    });
    socket.on("error", reject);
    socket.on("close", () => finish(() => resolve(seen)));
  });

describe("routing", () => {
  test("with and without the slash, with escapes in parameters", async () => {
    for (const path of [
      "/v1/room/a%2Fb%20%C3%A9/messages/?limit=7",
      "/v1/room/a%2Fb%20%C3%A9/messages?limit=7",
    ]) {
      const response = await call("GET", path);
      expect(response.status).toBe(200);
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(await response.json()).toEqual({ id: "a/b é", limit: 7 });
    }
  });

  const unknown = [
    "/v1",
    "/v1/",
    "/v1/rooms/",
    "/v1/room//messages/",
    "/v1/room/%zz/messages/",
    "/v1/room/%ff/messages/",
  ];
  test.each(unknown)("%s is 404 as JSON, even to strangers", async (path) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ detail: "There is nothing here." });
  });

  test("other paths are left to others", async () => {
    for (const path of ["/", "/v10/room/", "/socket/"]) expect((await call("GET", path)).status).toBe(418);
  });

  test("a wrong method is 405 and says which are right", async () => {
    const response = await call("POST", "/v1/room/r1/messages/");
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
    expect((await call("PATCH", "/v1/room/r1/")).headers.get("allow")).toBe("DELETE, OPTIONS");
  });

  test("HEAD is GET without a body; OPTIONS says what is allowed", async () => {
    const head = await call("HEAD", "/v1/room/r1/messages/");
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const options = await call("OPTIONS", "/v1/room/");
    expect([options.status, options.headers.get("allow")]).toEqual([204, "POST, OPTIONS"]);
  });

  test("204 has no body", async () => {
    const response = await call("DELETE", "/v1/room/r1/");
    expect([response.status, await response.text()]).toEqual([204, ""]);
  });
});

describe("order", () => {
  test("a stranger is refused before the body is looked at", async () => {
    const response = await fetch(`http://127.0.0.1:${server.port}/v1/room/`, { method: "POST", body: "{" });
    expect(response.status).toBe(401);
  });

  test("the rate is per app, and says when to come back", async () => {
    const statuses = [];
    for (let i = 0; i < 6; i++)
      statuses.push((await call("DELETE", "/v1/room/r/", "", { "x-app": "busy" })).status);
    expect(statuses).toEqual([204, 204, 204, 204, 204, 429]);
    const refused = await call("POST", "/v1/room/", "{", { ...json, "x-app": "busy" });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    expect((await call("DELETE", "/v1/room/r/", "", { "x-app": "other" })).status).toBe(204);
    clock += 1000;
    expect((await call("DELETE", "/v1/room/r/", "", { "x-app": "busy" })).status).toBe(204);
  });

  test("a row may have a rate of its own", async () => {
    expect((await call("GET", "/v1/rare/", undefined, { "x-app": "rare" })).status).toBe(200);
    expect((await call("GET", "/v1/rare/", undefined, { "x-app": "rare" })).status).toBe(429);
    expect((await call("DELETE", "/v1/room/r/", "", { "x-app": "rare" })).status).toBe(204);
  });

  test("what nobody foresaw is 500, told to the log and not to the caller", async () => {
    const response = await call("POST", "/v1/crash/");
    expect(response.status).toBe(500);
    expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    expect(await response.text()).not.toContain("secret inside");
    expect(failures.map(String)).toEqual(["TypeError: secret inside"]);
    expect(refusals.at(-1)).toBe("internal");
  });
});

describe("bodies", () => {
  const good: [string, Body, Record<string, string>, unknown][] = [
    ["form, keys repeated", "users=a&users=b&type=2", form, { users: ["a", "b"], type: 2 }],
    [
      "form with charset",
      "users=a",
      { "content-type": "application/x-www-form-urlencoded; charset=UTF-8" },
      { users: ["a"] },
    ],
    ["form, escaped", "users=%C3%A9+%26%3d&users=100%", form, { users: ["é &=", "100%"] }],
    ["form, raw UTF-8 and = in the value", "users=é=1&&users=漢字", form, { users: ["é=1", "漢字"] }],
    ["JSON", '{"users":["a"],"type":2}', json, { users: ["a"], type: 2 }],
    [
      "JSON with big digits",
      '{"users":["a"],"at":1630489838123457001}',
      json,
      { users: ["a"], at: "1630489838123457001" },
    ],
    ["JSON under its own name", '\n {"users":["a"]}', { "content-type": "" }, { users: ["a"] }],
  ];
  test.each(good)("%s", async (_, body, headers, params) => {
    const response = await call("POST", "/v1/room/", body, headers);
    expect([response.status, await response.json()]).toEqual([201, params]);
  });

  test("multipart text fields", async () => {
    const body = new FormData();
    body.append("users", "a");
    body.append("users", "é");
    body.append("type", "3");
    const response = await call("POST", "/v1/room/", body);
    expect(await response.json()).toEqual({ users: ["a", "é"], type: 3 });
  });

  test("no content type: JSON if it starts with a brace, else a form", async () => {
    for (const body of ['{"users":["a"]}', "users=a"]) {
      const head = `POST /v1/room/ HTTP/1.1\r\nHost: x\r\nX-App: raw\r\nContent-Length: ${body.length}\r\n\r\n`;
      const seen = await rawCall(head + body, /\}$/);
      expect(seen).toStartWith("HTTP/1.1 201");
      expect(seen).toEndWith('{"users":["a"]}');
    }
  });

  const bad: [string, Body, Record<string, string>, number, unknown][] = [
    ["nothing at all", "", {}, 400, { users: ["This field is required."] }],
    [
      "every wrong field",
      "type=x&at=y",
      form,
      400,
      {
        users: ["This field is required."],
        type: ["A valid integer is required."],
        at: ["A valid integer is required."],
      },
    ],
    ["half a JSON", '{"users":[', json, 400, { detail: "The body is not valid JSON." }],
    ["a JSON list", "[1]", json, 400, { detail: "The JSON body must be an object." }],
    ["a big JSON number", "12345678901234567890", json, 400, { detail: "The JSON body must be an object." }],
    [
      "deep JSON",
      `{"users":${"[".repeat(4000)}`,
      json,
      400,
      { detail: "The JSON is nested deeper than 32 levels." },
    ],
    [
      "bytes that are no UTF-8",
      new Uint8Array([0x7b, 0xff]),
      json,
      400,
      { detail: "The body is not valid UTF-8." },
    ],
    [
      "such bytes in a form",
      new Uint8Array([0x61, 0x3d, 0xc3]),
      form,
      400,
      { detail: "The body is not valid UTF-8." },
    ],
    ["such escapes", "users=%ff", form, 400, { detail: "The form is not valid UTF-8." }],
    [
      "XML",
      "<a/>",
      { "content-type": "text/xml" },
      415,
      { detail: "Send the body as JSON or as a URL-encoded form." },
    ],
    [
      "Latin-1",
      "users=a",
      { "content-type": "application/json; charset=latin1" },
      415,
      {
        detail: "Send the body as JSON or as a URL-encoded form.",
      },
    ],
    [
      "gzip",
      "users=a",
      { ...form, "content-encoding": "gzip" },
      415,
      {
        detail: "Send the body as JSON or as a URL-encoded form.",
      },
    ],
    [
      "no boundary",
      "users=a",
      { "content-type": "multipart/form-data" },
      400,
      {
        detail: "The body is not valid multipart/form-data.",
      },
    ],
    ["10,001 bytes", "x".repeat(10_001), form, 413, { detail: "The request body is too large." }],
    ["a MiB", "x".repeat(1_048_576), json, 413, { detail: "The request body is too large." }],
  ];
  test.each(bad)("%s is refused", async (_, body, headers, status, answer) => {
    const response = await call("POST", "/v1/room/", body, headers);
    expect([response.status, await response.json()]).toEqual([status, answer]);
  });

  test("a file in a multipart form is refused by name", async () => {
    const body = new FormData();
    body.append("users", new Blob(["x"]), "x.txt");
    const response = await call("POST", "/v1/room/", body);
    expect([response.status, await response.json()]).toEqual([400, { users: ["Not a valid string."] }]);
  });

  const head = "POST /v1/room/ HTTP/1.1\r\nHost: x\r\nX-App: raw2\r\n";

  test("a declared length over the bound is refused before a byte was sent", async () => {
    expect(await rawCall(`${head}Content-Length: 10001\r\n\r\n`, /too large/)).toStartWith("HTTP/1.1 413");
  });

  test("chunks over the bound are refused while they come", async () => {
    const chunk = `1000\r\n${"x".repeat(0x1000)}\r\n`;
    expect(
      await rawCall(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}`, /too large/),
    ).toStartWith("HTTP/1.1 413");
  });

  test("half a body is waited for, but not for ever", async () => {
    const seen = await rawCall(`${head}Content-Length: 100\r\n\r\nusers=a`, /in time/);
    expect(seen).toStartWith("HTTP/1.1 400");
  });

  test("a path parameter can't be overridden, and is validated", async () => {
    expect(await (await call("GET", "/v1/room/r1/messages/?id=r2")).json()).toEqual({ id: "r1" });
    const response = await call("GET", `/v1/room/${"r".repeat(21)}/messages/?limit=101`);
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        id: ["Ensure this field has no more than 20 characters."],
        limit: ["Ensure this value is less than or equal to 100."],
      },
    ]);
  });
});
