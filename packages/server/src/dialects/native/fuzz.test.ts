/** Every method with odd params, by a seed: each request is answered, none as an accident, and the server is as good as before. */

import { expect, test } from "bun:test";
import { methods } from "@parlance/protocol";
import fc from "fast-check";
import { direct, say, useNativeWorld } from "../../testing/native-world.ts";

const world = useNativeWorld();

const oddities = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1,
  0.5,
  1e300,
  Number.MAX_SAFE_INTEGER,
  "",
  "a\u0000b",
  "x".repeat(5000),
  "👋".repeat(255),
  "'; drop table messages; --",
  [],
  {},
  [[]],
  { kind: "group", id: "unknown" },
  { kind: "direct", id: "somebody" },
  { kind: "system", id: "system" },
  { kind: "chatroom", id: "hall" },
  { text: 7 },
);

/** Where something may be put, as paths into the params; the empty one is none. */
const pathsOf = (value: unknown, path: string[] = []): string[][] =>
  typeof value !== "object" || value === null
    ? []
    : Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...pathsOf(inner, [...path, key])]);

function put(params: object, path: readonly string[], odd: unknown): object {
  const copy = structuredClone(params) as Record<string, unknown>;
  let place = copy;
  for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>;
  place[path.at(-1) as string] = odd;
  return copy;
}

const seed = Number(process.env.PARLANCE_SEED ?? 11);

test(`no params are an accident (seed ${seed})`, async () => {
  const group = await world.group("fuzzer", "witness");
  const [fuzzer, witness] = await world.clients("fuzzer", "witness");
  const { sentAt } = await say(fuzzer, group, "target");
  await say(fuzzer, direct("witness"), "hello");
  const requests = Object.entries(methods).map(([method, { example }]) => {
    const params: Record<string, unknown> = { ...example.params };
    if ("conversation" in params && !method.startsWith("chatroom.")) params.conversation = group;
    if (typeof params.sentAt === "number") params.sentAt = sentAt;
    return { method, params, paths: pathsOf(params) };
  });
  const attack = fc.constantFrom(...requests).chain(({ method, params, paths }) =>
    fc.record({
      method: fc.constant(method),
      params: fc
        .tuple(fc.subarray(paths.length > 0 ? paths : [["extra"]], { minLength: 1, maxLength: 1 }), oddities)
        .map(([[path = ["extra"]], odd]) => put(params, path, odd)),
    }),
  );
  const attacks = fc.sample(attack, { seed, numRuns: 600 });
  for (let from = 0; from < attacks.length; from += 50) {
    const some = attacks.slice(from, from + 50);
    const replies = await Promise.all(some.map(({ method, params }) => fuzzer.ask(method, params)));
    const accidents = replies.flatMap((reply, index) =>
      "error" in reply && ["internal", "unavailable"].includes(reply.error.name) ? [some[index]] : [],
    );
    expect(accidents).toEqual([]);
  }
  const { seq } = await say(fuzzer, group, "still here");
  expect((await witness.next("message", (message) => message.seq === seq)).content).toEqual({
    text: "still here",
  });
}, 60_000);
