/** Whatever a back end or a client sends, nobody but the sender notices, and nothing of ours fails. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { useWorld } from "../../testing/i2a-world.ts";
import { testApps } from "../../testing/test-server.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { i2aEndpoints, i2aPrefix } from "./endpoints/index.ts";
import { requests } from "./socket/requests.ts";

/** The same inputs at every run, so that a change is judged by itself; other numbers look elsewhere. */
const seed = Number(process.env.FUZZ_SEED ?? 1);

const world = useWorld({ framesPerMinute: 1_000_000 });

/** Log lines about errors that nobody foresaw. */
const failures = (): string[] => world.server.log.filter((line) => /"level":"(error|fatal)"/.test(line));

/** Values of any shape, often near what is right. */
const value = (likely: readonly unknown[]) =>
  fc.oneof(
    fc.constantFrom(...likely),
    fc.jsonValue({ maxDepth: 3 }),
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
    fc.double(),
  );

const replacer = (_name: string, item: unknown) => (typeof item === "bigint" ? String(item) : item);

const toForm = (params: Record<string, unknown>): string => {
  const text = (item: unknown) =>
    typeof item === "string" ? item.toWellFormed() : (JSON.stringify(item, replacer) ?? "");
  const pairs = Object.entries(params).map(([name, item]): [string, string] => [name, text(item)]);
  return new URLSearchParams(pairs).toString();
};

test("calls of a back end never answer 5xx", async () => {
  const room = await world.shop.room(["ann"]);
  const likely = [room, "ann", ["ann"], "1763769600123456000", 1, 2, true, "False", "{}", "", null];
  const names = i2aEndpoints.flatMap((row) => Object.keys(row.params.properties));
  const property = fc.asyncProperty(
    fc.constantFrom(...i2aEndpoints),
    fc.dictionary(fc.constantFrom(...names), value(likely), { maxKeys: 6 }),
    fc.constantFrom("form" as const, "json" as const, "raw" as const),
    fc.string({ unit: "binary", maxLength: 20 }),
    async (row, params, as, segment) => {
      const inPath = encodeURIComponent(segment === "" ? room : segment.toWellFormed());
      const query = row.method === "GET" ? `?${toForm(params)}` : "";
      const bodies = { form: toForm(params), json: JSON.stringify(params, replacer), raw: segment };
      const response = await fetch(
        `${world.server.url}${i2aPrefix}${row.path.replace(/\{\w+\}/, inPath)}${query}`,
        {
          method: row.method,
          headers: {
            "x-application-secret": testApps.shop.secret,
            "content-type": as === "json" ? "application/json" : "application/x-www-form-urlencoded",
          },
          ...(row.method !== "GET" && { body: bodies[as] }),
        },
      );
      expect(response.status).toBeLessThan(500);
      if (response.status !== 204) await response.json();
    },
  );
  await fc.assert(property, { numRuns: 600, seed });
  expect(failures()).toEqual([]);
}, 60_000);

test("frames of a client disturb nobody else and are answered or end their own connection", async () => {
  const room = await world.shop.room(["ann", "mad"]);
  const ann = await world.connect("ann");
  const token = await world.shop.token("mad");
  const open = () => TestSocket.open(`${world.server.socketUrl}/socket/`, { "X-TOKEN": token });
  let mad = await open();
  const likely = [room, [room], "hi", "1763769600123456000", 20, null, ""];
  const fields = [
    "chat_room_identifier",
    "chat_room_identifiers",
    "message",
    "message_timestamp_identifier",
    "from_message_timestamp_identifier",
    "limit",
  ];
  const frames = fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .record({
          type: fc.constantFrom(...Object.keys(requests)),
          rest: fc.dictionary(fc.constantFrom(...fields), value(likely)),
        })
        .map(({ type, rest }) => JSON.stringify({ ...rest, type }, replacer)),
    },
    fc.jsonValue().map((item) => JSON.stringify(item)),
    fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
    fc.uint8Array({ maxLength: 100 }).map((bytes) => new Uint8Array(bytes)),
  );
  let closed = 0;
  const property = fc.asyncProperty(frames, async (frame) => {
    mad.unread.length = 0;
    mad.send(frame);
    const answer = await Promise.race([mad.next(() => true), mad.closed]);
    if ("code" in answer) {
      closed++;
      mad = await open();
      return;
    }
    const { exception } = answer.value;
    if (exception?.error_code === 10000) expect(exception.extra.class_name).not.toBe("InternalError");
  });
  await fc.assert(property, { numRuns: 1000, seed });
  await world.say(ann, room, "undisturbed");
  expect(failures()).toEqual([]);
  expect(closed).toBeGreaterThan(0);
}, 60_000);
