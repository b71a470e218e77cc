import { describe, expect, test } from "bun:test";
import { Compile } from "typebox/compile";
import { jsonCodec } from "../codec.ts";
import { readRequest } from "../frames.ts";
import { isMethodName, methods } from "../methods/index.ts";
import { outcomeOf } from "../outcome.ts";
import { outcomes } from "../vectors/outcomes.ts";
import { faultsOf } from "./check.ts";
import { either, integer, list, nullable, object, optional, record, string } from "./schema.ts";

const person = object({
  name: string({ minLength: 1, maxLength: 3 }),
  age: optional(integer({ minimum: 0, maximum: 150 })),
  friends: optional(list(string(), { maxItems: 2 })),
  notes: optional(record(string(), { minProperties: 1 })),
  boss: optional(nullable(string())),
  id: optional(either(string(), integer())),
});

describe("faults", () => {
  test.each([
    [{ name: "Bo" }, []],
    [{ name: "Bo", age: undefined, later: {} }, []],
    [{ name: "Bo", boss: null, id: 7, notes: { a: "b" } }, []],
    [{}, ["$.name: is required"]],
    [{ name: "Robert", age: -1 }, ["$.name: must have 1 to 3 characters", "$.age: must be 0 to 150"]],
    [{ name: "Bo", age: 1.5 }, ["$.age: must be of type integer"]],
    [{ name: "Bo", friends: ["a", 1] }, ["$.friends[1]: must be of type string"]],
    [{ name: "Bo", friends: ["a", "b", "c"] }, ["$.friends: must have 0 to 2 items"]],
    [{ name: "Bo", notes: {} }, ["$.notes: must have 1 to any number of keys"]],
    [{ name: "Bo", id: true }, ["$.id: must be of type string"]],
    [[], ["$: must be of type object"]],
    [null, ["$: must be of type object"]],
  ])("%j", (value, faults) => expect(faultsOf(person, value)).toEqual(faults));
});

describe("a compiling validator takes the tables as they stand", () => {
  const compiled = new Map(
    Object.entries(methods).map(([name, { params }]) => [name, Compile(params as never)]),
  );

  test("and says of every example and every bad request what we say", () => {
    for (const [name, { example }] of Object.entries(methods))
      expect(compiled.get(name)?.Check(example.params)).toBe(true);
    let refused = 0;
    for (const { json } of outcomes) {
      const outcome = outcomeOf(jsonCodec, json ?? "");
      if (!("method" in outcome) && !("error" in outcome && outcome.error === "invalidParams")) continue;
      const { method, params } = readRequest(jsonCodec.decode(json as string));
      expect(isMethodName(method)).toBe(true);
      expect([json, compiled.get(method)?.Check(params)]).toEqual([json, "method" in outcome]);
      if ("error" in outcome) refused++;
    }
    expect(refused).toBeGreaterThan(15);
  });
});
