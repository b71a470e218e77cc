import { describe, expect, test } from "bun:test";
import { Type } from "typebox";
import { type ApiDescription, usualRefusals } from "./api-description.ts";
import { areasOf, renderContents } from "./contents.ts";
import { curlExample } from "./curl-example.ts";
import { endpoint } from "./endpoint.ts";
import { buildOpenApi } from "./openapi.ts";
import { renderReference } from "./reference.ts";

const addUsers = endpoint({
  method: "POST",
  path: "/room/{room}/add-users/",
  summary: "Add users <quickly> & safely.",
  notes: ["First note.", "Second note."],
  params: Type.Object({
    room: Type.String({ description: "The room." }),
    users: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { minItems: 1, description: "Who." }),
    note: Type.Optional(Type.String()),
  }),
  status: 200,
  result: Type.Object({ identifier: Type.String() }),
  refusals: [404, 400],
  perSecond: 7,
  example: { params: { room: "r1:app", users: ["O'Hara", "b"] }, result: { identifier: "r1:app" } },
  run: async () => ({}),
});

const read = endpoint({
  method: "GET",
  path: "/room/{room}/",
  summary: "Read.",
  params: Type.Object({
    room: Type.String(),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    from: Type.Optional(Type.String({ format: "nanoseconds" })),
  }),
  status: 200,
  result: Type.Array(Type.String()),
  refusals: [404],
  example: { params: { room: "r1", limit: 5 }, result: ["a"] },
  run: async () => [],
});

const remove = endpoint({
  method: "DELETE",
  path: "/room/{room}/",
  summary: "Remove.",
  params: Type.Object({ room: Type.String() }),
  status: 204,
  refusals: [404],
  example: { params: { room: "r1" } },
  run: async () => undefined,
});

const api: ApiDescription = {
  title: "Rooms",
  version: "1",
  intro: ["For back ends."],
  prefix: "/v1",
  rows: [addUsers, read, remove],
  security: { headers: [{ name: "X-Secret", example: "your-secret" }], sentence: "Keep it to yourself." },
  refusals: usualRefusals,
  perSecond: 1000,
};

describe("OpenAPI document", () => {
  const document = JSON.parse(JSON.stringify(buildOpenApi(api)));

  test("has every call under its path", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths)).toEqual(["/v1/room/{room}/add-users/", "/v1/room/{room}/"]);
    expect(Object.keys(document.paths["/v1/room/{room}/"])).toEqual(["get", "delete"]);
    const ids = [addUsers, read, remove].map(
      ({ method, path }) => document.paths[`/v1${path}`][method.toLowerCase()].operationId,
    );
    expect(new Set(ids).size).toBe(3);
  });

  test("puts parameters where they travel, in both content types", () => {
    const call = document.paths["/v1/room/{room}/add-users/"].post;
    expect(call.parameters).toEqual([
      {
        name: "room",
        in: "path",
        required: true,
        description: "The room.",
        schema: { type: "string", description: "The room." },
        example: "r1:app",
      },
    ]);
    expect(Object.keys(call.requestBody.content)).toEqual([
      "application/x-www-form-urlencoded",
      "application/json",
    ]);
    const { schema, example } = call.requestBody.content["application/json"];
    expect(Object.keys(schema.properties)).toEqual(["users", "note"]);
    expect(schema.required).toEqual(["users"]);
    expect(example).toEqual({ users: ["O'Hara", "b"] });
    const query = document.paths["/v1/room/{room}/"].get.parameters.map(
      (row: { name: string; in: string }) => row.in,
    );
    expect(query).toEqual(["path", "query", "query"]);
  });

  test("has results, refusals and the header", () => {
    const call = document.paths["/v1/room/{room}/add-users/"].post;
    expect(Object.keys(call.responses)).toEqual(["200", "400", "401", "403", "404", "413", "429"]);
    expect(call.responses["200"].content["application/json"].schema.properties.identifier.type).toBe(
      "string",
    );
    expect(document.paths["/v1/room/{room}/"].delete.responses["204"].content).toBeUndefined();
    expect(document.components.securitySchemes["x-secret"]).toMatchObject({ in: "header", name: "X-Secret" });
    expect(document.security).toEqual([{ "x-secret": [] }]);
  });
});

describe("reference page", () => {
  const page = renderReference(api, "http://chat.example");

  test("shows every call, and each link has its target", () => {
    for (const { path } of api.rows) expect(page).toContain(`<code>/v1${path}</code></h2>`);
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
    expect(targets).toHaveLength(5);
    for (const target of targets) expect(page).toContain(`id="${target}"`);
  });

  test("escapes what rows say", () => {
    expect(page).toContain("Add users &lt;quickly&gt; &amp; safely.");
  });

  test("names types, limits and refusals", () => {
    expect(page).toContain("list of strings, 1 to 255 characters, at least 1 item");
    expect(page).toContain("integer, 1 to 100");
    expect(page).toContain("integer (64 bits)");
    expect(page).toContain("At most 7 calls a second and app.");
    expect(page).toContain("At most 1000 calls a second and app.");
    expect(page).toContain("Retry-After says how many seconds to wait.");
  });

  test("loads nothing from elsewhere", () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(/);
  });
});

describe("a reference of several pages", () => {
  const divided: ApiDescription = {
    ...api,
    documents: "/about",
    areaOf: ({ method }) => method.toLowerCase(),
  };
  const areas = areasOf(divided);

  test("has each call on the page of its area, in one area", () => {
    expect(areas.map(({ name, api: area }) => [name, area.rows.length])).toEqual([
      ["post", 1],
      ["get", 1],
      ["delete", 1],
    ]);
    for (const { api: area } of areas)
      for (const row of area.rows)
        expect(renderReference(area, "http://x")).toContain(`<code>/v1${row.path}</code></h2>`);
  });

  test("begins with a page whose links lead to each call", () => {
    const links = [...renderContents(divided).matchAll(/href="\/about\/docs\/(\w+)\/#([^"]+)"/g)];
    expect(links).toHaveLength(3);
    for (const [, name, anchor] of links) {
      const area = areas.find((one) => one.name === name)?.api as ApiDescription;
      expect(renderReference(area, "http://x")).toContain(`id="${anchor}"`);
    }
  });
});

describe("curl example", () => {
  test("quotes, escapes and repeats keys", () => {
    expect(curlExample(api, addUsers, "http://x")).toBe(
      [
        "curl -X POST 'http://x/v1/room/r1%3Aapp/add-users/'",
        "-H 'X-Secret: your-secret'",
        "--data-urlencode 'users=O'\\''Hara'",
        "--data-urlencode 'users=b'",
      ].join(" \\\n  "),
    );
    expect(curlExample(api, read, "http://x")).toStartWith("curl -G 'http://x/v1/room/r1/'");
    expect(curlExample(api, remove, "http://x")).toStartWith("curl -X DELETE 'http://x/v1/room/r1/'");
  });
});
