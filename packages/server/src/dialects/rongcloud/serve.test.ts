/** The envelope of every call: who may call, how parameters travel, what refusals look like. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import Type from "typebox";
import { openStore } from "../../adapters/open-store.ts";
import { AppRegistry } from "../../core/apps/app-registry.ts";
import { LocalRouter } from "../../core/cluster/local-router.ts";
import { createCore } from "../../core/create-core.ts";
import { ParlanceError } from "../../errors.ts";
import type { Handler } from "../../http/serve.ts";
import type { Store } from "../../ports/store.ts";
import { signedHeaders } from "../../testing/rongcloud-back-end.ts";
import { row } from "./endpoint.ts";
import * as params from "./params.ts";
import { RongcloudRefusal } from "./refusal.ts";
import { createRongcloudHandler } from "./serve.ts";
import { signatureOf } from "./signature.ts";

const example = { params: {} };
const rows = [
  row({
    path: "/echo.json",
    aliases: ["/old/echo.json"],
    summary: "Answer what came.",
    params: {
      userId: params.userId,
      name: params.optional(params.text({ maxLength: 4 })),
      count: params.optional(params.wholeNumber({ minimum: 0, maximum: 9 })),
      isOn: params.optional(params.flag({ default: false })),
      ids: params.optional(params.ids({ max: 3 })),
      words: params.optional(params.texts({ max: 3, maxLength: 8 })),
      group: params.optional(params.bracketMap({ max: 2 })),
      profile: params.optional(params.jsonText(Type.Object({ level: Type.Integer() }))),
      kind: params.optional(params.choice([1, 3])),
    },
    example,
    run: async (_core, given) => ({ given }),
  }),
  row({
    method: "GET",
    path: "/read.json",
    summary: "Answer what was asked.",
    params: { userId: params.userId },
    example,
    run: async (core, given, { origin }) => ({ given, app: core.app.key, origin }),
  }),
  row({
    path: "/fail.json",
    summary: "Fail as it is told to.",
    params: { how: params.text() },
    rates: [{ limit: 1000, per: "second" }],
    example,
    async run(_core, { how }) {
      if (how === "hosting") throw new RongcloudRefusal(25_410, "There is no such group.");
      if (how === "core") throw new ParlanceError("unavailable");
      throw new Error("a secret of the house");
    },
  }),
  row({
    path: "/rare.json",
    summary: "Be called twice an hour, for up to 3 people.",
    params: { ids: params.ids({ max: 100 }) },
    rates: [
      { limit: 2, per: "hour", sharedAs: "rare" },
      { limit: 3, per: "day", cost: ({ ids }) => ids.length },
    ],
    example,
    run: async () => {},
  }),
];

const dataDir = mkdtempSync(join(tmpdir(), "parlance-rongcloud-"));
const [key, secret] = ["shop", "secret-of-shop-0001"];
const failures: unknown[] = [];
let store: Store;
let apps: AppRegistry;
let handle: Handler;

beforeAll(async () => {
  store = await openStore({ dataDir });
  await store.apps.create({ key, secret, name: "Shop" });
  const router = new LocalRouter((error) => failures.push(error));
  apps = new AppRegistry({
    store,
    createCore: (app) =>
      createCore(app, {
        store,
        router,
        limits: { memberIdsPerCall: 1000, messageBytes: 64 * 1024 },
        logFor: () => ({ info() {}, debug() {} }),
      }),
    onClosed() {},
    onError: (error) => failures.push(error),
  });
  await apps.refresh();
  const onFailure = (error: unknown) => failures.push(error);
  handle = createRongcloudHandler({ apps, rateFactor: 1, bodyBytes: 4096, rows, onFailure });
});
afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Call {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  type?: string;
  address?: string;
}

async function call(path: string, { method = "POST", headers, body, type, address }: Call = {}) {
  const request = new Request(`http://chat.example${path}`, {
    method,
    headers: { ...(headers ?? signedHeaders(key, secret)), ...(type && { "content-type": type }) },
    ...(body !== undefined && { body }),
  });
  const response = await handle(request, address ?? "127.0.0.1");
  if (response === null) return null;
  if (response.headers.get("content-encoding") === "gzip") {
    const body = JSON.parse(gunzipSync(await response.arrayBuffer()).toString());
    return { status: response.status, headers: response.headers, body };
  }
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

const asForm = (body: string) => call("/echo.json", { body, type: "application/x-www-form-urlencoded" });
const asJson = (value: object) =>
  call("/echo.json", { body: JSON.stringify(value), type: "application/json; charset=utf-8" });

const refusal = (status: number, code: number, message: unknown = expect.any(String)) => ({
  status,
  body: { code, errorMessage: message, url: expect.stringContaining("/") },
});

describe("who may call", () => {
  const signed = signedHeaders(key, secret);
  const prefixed = Object.fromEntries(Object.entries(signed).map(([name, value]) => [`RC-${name}`, value]));
  const seconds = String(Math.floor(Date.now() / 1000));
  const old = {
    ...signed,
    Timestamp: "1408710653",
    Signature: signatureOf(secret, signed.Nonce as string, "1408710653"),
  };

  test.each([
    ["with plain names", signed],
    ["with the other names", prefixed],
    ["again with the same nonce", signed],
    ["with upper-case hex", { ...signed, Signature: (signed.Signature as string).toUpperCase() }],
    [
      "in seconds",
      { ...signed, Timestamp: seconds, Signature: signatureOf(secret, signed.Nonce as string, seconds) },
    ],
    ["signed long ago", old],
  ])("%s", async (_, headers) =>
    expect(await call("/echo.json", { headers, body: "userId=u" })).toMatchObject({ status: 200 }),
  );

  test.each([
    [
      "a wrong secret",
      { ...signed, Signature: signatureOf("other", signed.Nonce as string, signed.Timestamp as string) },
    ],
    ["half a signature", { ...signed, Signature: (signed.Signature as string).slice(0, 20) }],
    ["a longer signature", { ...signed, Signature: `${signed.Signature}00` }],
    ["no signature", { ...signed, Signature: "" }],
    ["no nonce", { ...signed, Nonce: "" }],
    ["another nonce", { ...signed, Nonce: "1" }],
    ["an endless timestamp", { ...signed, Timestamp: "1".repeat(10_000) }],
  ])("not with %s", async (_, headers) =>
    expect(await call("/echo.json", { headers, body: "userId=u" })).toMatchObject(refusal(401, 1004)),
  );

  test("the documents' own shape of a signature", () =>
    expect(signatureOf("SECRET", "15578880", "1795296849")).toStartWith("e6577ea6"));

  test("not as an app that is not there", async () =>
    expect(await call("/echo.json", { headers: signedHeaders("nobody", secret) })).toMatchObject(
      refusal(400, 1002, "Invalidate App-Key."),
    ));

  test("not while the app is switched off, nor from elsewhere, and with strict signatures once and now", async () => {
    const set = async (settings: Record<string, unknown>, isActive = true) => {
      await store.apps.update(key, { settings, isActive });
      await apps.refresh();
    };
    const echo = (headers?: Record<string, string>, address?: string) =>
      call("/echo.json", { body: "userId=u", ...(headers && { headers }), ...(address && { address }) });
    await set({}, false);
    expect(await echo()).toMatchObject(refusal(401, 1006));
    await set({ allowedAddresses: "10.0.0.0/8,2001:db8::1" });
    expect(await echo()).toMatchObject(refusal(401, 1007));
    for (const address of ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1"])
      expect(await echo(undefined, address)).toMatchObject({ status: 200 });
    await set({ allowedAddresses: null, strictSignatures: true });
    const once = signedHeaders(key, secret);
    expect(await echo(once)).toMatchObject({ status: 200 });
    expect(await echo(once)).toMatchObject(refusal(401, 1004, expect.stringContaining("Nonce")));
    expect(await echo(old)).toMatchObject(refusal(401, 1004, expect.stringContaining("Timestamp")));
    await set({ strictSignatures: null });
  });
});

describe("how parameters travel", () => {
  const everything = {
    ...{ userId: "u1", name: "小明", count: 3, isOn: true, ids: ["a", "b"], words: ["x,y", "z"] },
    ...{ group: { g1: "G one", "g[2]": "two" }, profile: { level: 2 }, kind: 3 },
  };

  test("JSON", async () =>
    expect((await asJson(everything))?.body).toEqual({ code: 200, given: everything }));

  test.each([
    'userId=u1&name=%E5%B0%8F%E6%98%8E&count=3&isOn=True&ids=a&ids=b&words=x%2Cy&words=z&group[g1]=G+one&group[g[2]]=two&profile={"level":2}&kind=3',
    'userId=u1&name=小明&count=3&isOn=1&ids=a,b,,a&words=["x,y","z"]&group%5Bg1%5D=G%20one&group%5Bg%5B2%5D%5D=two&profile=%7B%22level%22%3A%222%22%7D&kind=3',
    'userId=u1&name=小明&count=3&isOn=true&ids=["a","b"]&words[]=x,y&words[]=z&group={"g1":"G one","g[2]":"two"}&profile={"level":2}&kind=3&unknown=1',
  ])("%s", async (form) => expect((await asForm(form))?.body).toEqual({ code: 200, given: everything }));

  test("JSON with texts of lists, numbers and objects", async () =>
    expect(
      (
        await asJson({
          ...everything,
          ...{ count: "3", isOn: "1", ids: "a,b", words: '["x,y","z"]', profile: '{"level":2}', kind: "3" },
        })
      )?.body.given,
    ).toEqual(everything));

  test("null in a list of texts is a text without letters, so that others keep their places", async () => {
    const { body } = (await asJson({ userId: "u1", words: ["x", null, "z"] })) as { body: { given: object } };
    expect(body.given).toEqual({ userId: "u1", words: ["x", "", "z"], isOn: false });
  });

  test("a second = belongs to the value, numbers are ids, and what is empty is not there", async () => {
    const { body } = (await asForm("userId=7&name=a%3Db&count=&ids=&isOn=&words=")) as { body: object };
    expect(body).toEqual({ code: 200, given: { userId: "7", name: "a=b", isOn: false } });
    expect((await asJson({ userId: 7, name: "", ids: [1, 2], isOn: null }))?.body.given).toEqual({
      ...{ userId: "7", name: "", ids: ["1", "2"], isOn: false },
    });
  });

  test("in the query of what is read", async () =>
    expect((await call("/read.json?userId=u%201", { method: "GET" }))?.body).toEqual({
      ...{ code: 200, given: { userId: "u 1" }, app: "shop", origin: "http://chat.example" },
    }));

  test.each([
    ["", 1002, "The parameter userId is required."],
    ["userId=", 1002, "The parameter userId is required."],
    [`userId=${"小".repeat(22)}`, 1005, "The parameter userId is longer than allowed."],
    ["userId=u&name=12345", 1005, "The parameter name is longer than allowed."],
    [
      "userId=u&ids=a,b,c,d",
      1002,
      "The parameter ids is wrong. Ensure this field has no more than 3 elements.",
    ],
    ["userId=u&words=123456789", 1005, "The parameter words is longer than allowed."],
    ["userId=u&count=x", 1002, "The parameter count is wrong. A valid integer is required."],
    [
      "userId=u&count=10",
      1002,
      "The parameter count is wrong. Ensure this value is less than or equal to 9.",
    ],
    ["userId=u&isOn=maybe", 1002, "The parameter isOn is wrong. Must be a valid boolean."],
    ["userId=u&kind=2", 1002, "The parameter kind is wrong. Not a valid choice; use 1, 3."],
    ["userId=u&profile={", 1002, "The parameter profile is wrong. Expected an object."],
    ["userId=u&profile={}", 1002, expect.stringContaining("The parameter profile is wrong.")],
    [
      "userId=u&group[a]=1&group[b]=2&group[c]=3",
      1002,
      expect.stringContaining("The parameter group is wrong."),
    ],
    ["userId=a%00b", 1002, "The parameter userId is wrong. Null characters are not allowed."],
    ["userId=%ff", 1002, "The form is not valid UTF-8."],
  ])("%s is refused", async (form, code, sentence) =>
    expect(await asForm(form)).toMatchObject({
      status: 400,
      body: { code, errorMessage: sentence, url: "/echo.json" },
    }),
  );

  test.each([
    ["no JSON", "{", 1002],
    ["a list", "[]", 1002],
    ["a deep one", `{"userId":${"[".repeat(5000)}`, 1005],
    ["deep in bounds", `{"userId":${"[".repeat(100)}`, 1002],
    ["an object for a text", '{"userId":{"a":1}}', 1002],
  ])("%s is refused", async (_, body, code) =>
    expect((await call("/echo.json", { body, type: "application/json" }))?.body).toMatchObject({ code }),
  );
});

describe("what refusals look like", () => {
  test("the same path under its older name", async () =>
    expect(await call("/old/echo.json", { body: "userId=u" })).toMatchObject({ status: 200 }));

  test("an unknown path and a wrong method", async () => {
    expect(await call("/user/nothing.json")).toMatchObject({
      status: 404,
      body: { code: 404, errorMessage: "There is no such endpoint.", url: "/user/nothing.json" },
    });
    expect(await call("/echo.json", { method: "GET" })).toMatchObject(refusal(405, 405));
    expect(await call("/echo")).toMatchObject(refusal(404, 404));
    expect(await call("/user/nothing.json", { headers: {} })).toBeNull();
  });

  test("codes of the endpoint's own, of the core, and of the unforeseen", async () => {
    const fail = (how: string) => call("/fail.json", { body: `how=${how}` });
    expect(await fail("hosting")).toMatchObject(refusal(403, 25_410, "There is no such group."));
    expect(await fail("core")).toMatchObject(refusal(504, 1050));
    const unforeseen = await fail("bug");
    expect(unforeseen).toMatchObject(refusal(500, 1000));
    expect(JSON.stringify(unforeseen)).not.toContain("secret of the house");
    expect(failures.splice(0).map(String)).toEqual(["Error: a secret of the house"]);
  });

  test("the request's id comes back, or a new one", async () => {
    const ask = async (id?: string) =>
      (
        await call("/echo.json", {
          headers: { ...signedHeaders(key, secret), ...(id && { "X-Request-ID": id }) },
        })
      )?.headers.get("x-request-id");
    expect(await ask("trace-1")).toBe("trace-1");
    expect(await ask()).toMatch(/^[0-9a-f]{32}$/);
    expect(await ask("x".repeat(37))).toMatch(/^[0-9a-f]{32}$/);
  });

  test("a body that is too large", async () =>
    expect(await asForm(`userId=${"x".repeat(5000)}`)).toMatchObject(refusal(400, 1005)));
});

test("rates are counted as the row says, and what is refused uses nothing up", async () => {
  const rare = (ids: string) => call("/rare.json", { body: `ids=${ids}` });
  expect(await rare("a,b,c,d")).toMatchObject({ status: 200, body: { code: 200 } });
  expect(await rare("a")).toMatchObject(refusal(429, 1008));
  expect((await rare("a"))?.headers.get("retry-after")).toBe("1");
});

test("long answers are compressed for who asks for it", async () => {
  const ids = Array.from({ length: 3 }, (_, index) => `${index}`.repeat(60)).join(",");
  const name = "%F0%9F%98%80".repeat(4);
  const body = `userId=${"u".repeat(64)}&ids=${ids}&name=${name}&words=${"w".repeat(8)}`;
  const group = Array.from({ length: 2 }, (_, index) => `group[${index}]=${"x".repeat(500)}`).join("&");
  const ask = (accepted: string | null) =>
    call("/echo.json", {
      headers: { ...signedHeaders(key, secret), ...(accepted !== null && { "accept-encoding": accepted }) },
      body: `${body}&${group}`,
      type: "application/x-www-form-urlencoded",
    });
  const [plain, small] = [await ask(null), await ask("gzip, deflate")];
  expect(plain?.headers.get("content-encoding")).toBeNull();
  expect(small?.headers.get("content-encoding")).toBe("gzip");
  expect(small?.body).toEqual(plain?.body);
  const refused = await call("/user/nothing.json", {
    headers: { ...signedHeaders(key, secret), "accept-encoding": "gzip" },
  });
  expect([refused?.status, refused?.headers.get("content-encoding")]).toEqual([404, null]);
});
