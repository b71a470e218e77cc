/** Whatever a back end sends, it is answered in JSON, never with 5xx, and costs no memory that stays. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { signedHeaders } from "../../testing/rongcloud-back-end.ts";
import { useRongcloudWorld } from "../../testing/rongcloud-world.ts";
import { testApps } from "../../testing/test-server.ts";
import { rongcloudRows } from "./endpoints/index.ts";

/** The same inputs at every run, so that a change is judged by itself; other numbers look elsewhere. */
const seed = Number(process.env.FUZZ_SEED ?? 1);

const world = useRongcloudWorld();

const failures = (): string[] =>
  world.native.i2a.server.log.filter((line) => /"level":"(error|fatal)"/.test(line));

const formType = "application/x-www-form-urlencoded";
const jsonType = "application/json";

const replacer = (_name: string, item: unknown) => (typeof item === "bigint" ? String(item) : item);
const asJson = (value: unknown): string => JSON.stringify(value, replacer) ?? "";

/** Near what is right, or of any shape. */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    ...[
      "u1",
      "u2",
      "g1",
      "g2",
      "1",
      1,
      3,
      6,
      0,
      -1,
      2,
      "true",
      "False",
      "",
      null,
      "u1,u2,,u1",
      "[]",
      "{}",
      "[1]",
    ],
    ...[
      '["u1","u2"]',
      '{"content":"hi"}',
      "RC:TxtMsg",
      "23:00:00",
      "2026112213",
      "1795296849000",
      "5H0C-O3SO-A5O6-AB12",
    ],
    ...[["u1"], ["u1", ["u2"]], { u1: "x" }, 1e300, "a\0b", "é".repeat(40), "x".repeat(200)],
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: "binary", maxLength: 100 }),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.double(),
);

/** Parts of a form that no library would write. */
const oddPairs = fc.array(
  fc.constantFrom(
    "=",
    "&&",
    "userId",
    "userId=%",
    "userId=%ff%fe",
    "userId[=1",
    "[]=1",
    "group[]=a",
    "group[a][b]=c",
    "a=b=c",
    "+=+",
    "__proto__=1",
    "constructor[prototype]=1",
  ),
  { maxLength: 3 },
);

/** Objects within objects, deeper than any reader should follow. */
const deep = fc
  .tuple(fc.constantFrom("[", '{"a":'), fc.integer({ min: 1, max: 20_000 }))
  .map(([open, depth]) => open.repeat(depth));

const call = (path: string, method: string, body: string | Uint8Array<ArrayBuffer> | null, type: string) =>
  fetch(`${world.native.i2a.server.url}${path}`, {
    method,
    headers: { ...signedHeaders(testApps.shop.key, testApps.shop.secret), "content-type": type },
    ...(body !== null && { body }),
  });

/** A row with some of its parameters, most of them as the example has them, some from elsewhere. */
const request = fc.constantFrom(...rongcloudRows).chain((row) => {
  const names = [
    ...Object.keys(row.params),
    ...Object.keys(row.example.params),
    "userId",
    "__proto__",
    "unheardOf",
  ];
  return fc.record({
    row: fc.constant(row),
    kept: fc.subarray(Object.keys(row.example.params)),
    changed: fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 4 }),
    odd: oddPairs,
    way: fc.constantFrom("form" as const, "json" as const, "deep" as const, "bytes" as const),
    nested: deep,
    bytes: fc.uint8Array({ maxLength: 60 }),
  });
});

type Drawn = typeof request extends fc.Arbitrary<infer Given> ? Given : never;

const pairsOf = (params: Record<string, unknown>): string =>
  Object.entries(params)
    .flatMap(([name, given]) => [given].flat().map((item) => [name, item]))
    .map(([name, item]) => {
      const text = typeof item === "string" ? item.toWellFormed() : asJson(item);
      return `${encodeURIComponent(String(name))}=${encodeURIComponent(text)}`;
    })
    .join("&");

function bodyOf({
  row,
  kept,
  changed,
  odd,
  way,
  nested,
  bytes,
}: Drawn): [string | Uint8Array<ArrayBuffer>, string] {
  const params = { ...Object.fromEntries(kept.map((name) => [name, row.example.params[name]])), ...changed };
  if (way === "form") return [[pairsOf(params), pairsOf(changed), ...odd].join("&"), formType];
  if (way === "json") return [asJson(params), jsonType];
  if (way === "bytes") return [new Uint8Array(bytes), bytes.length % 2 === 0 ? formType : jsonType];
  const [name = "userId"] = Object.keys(row.params);
  return [`{${JSON.stringify(name)}:${nested}`, jsonType];
}

async function send(drawn: Drawn): Promise<void> {
  const { row } = drawn;
  const [body, type] = bodyOf(drawn);
  const isRead = row.method === "GET";
  const query = isRead && typeof body === "string" ? `?${body.slice(0, 4000)}` : "";
  const response = await call(row.path + query, row.method ?? "POST", isRead ? null : body, type);
  const answer = (await response.json()) as { code: number };
  expect([row.path, response.status < 500, typeof answer.code]).toEqual([row.path, true, "number"]);
}

test("no call is answered with 5xx", async () => {
  await fc.assert(fc.asyncProperty(request, send), { numRuns: 2000, seed });
  expect(failures()).toEqual([]);
}, 120_000);

test("what was refused leaves nothing in memory", async () => {
  const drawn = fc.sample(request, { numRuns: 1000, seed: seed + 1 });
  const refused = drawn.map((one) => ({ ...one, kept: [], changed: { unheardOf: "x".repeat(2000) } }));
  const run = async () => {
    for (let at = 0; at < refused.length; at += 20) await Promise.all(refused.slice(at, at + 20).map(send));
    Bun.gc(true);
    return process.memoryUsage().heapUsed;
  };
  await run();
  const first = await run();
  expect((await run()) - first).toBeLessThan(20 * 1024 * 1024);
}, 120_000);
