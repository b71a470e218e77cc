import { expect, test } from "bun:test";
import { scenarios } from "../scenarios/table.ts";
import { readOptions, usage } from "./options.ts";

const read = (...args: string[]) => readOptions(args, scenarios);

test("by default all but what must be named runs, as often as each scenario says", () => {
  expect(read()).toMatchObject({ isQuick: false, isJson: false, runs: null, seconds: null, generators: 1 });
  expect(read().scenarios).toEqual(scenarios.filter(({ name }) => !/^(cluster|native)/.test(name)));
});

test("scenarios are chosen by how their names start", () => {
  expect(read("--scenario", "durable", "--scenario", "idle").scenarios.map(({ name }) => name)).toEqual([
    "durable",
    "idle-19k",
    "idle-100k",
  ]);
});

test("a word is the start of a name, too", () => {
  const names = read("cluster", "--quick").scenarios.map(({ name }) => name);
  expect(names).toContain("cluster-kill");
  expect(names).toEqual(scenarios.map(({ name }) => name).filter((name) => name.startsWith("cluster")));
});

test.each([
  [["--scenario", "nonsense"], "no scenario starts with"],
  [["--runs", "0"], "--runs"],
  [["--seconds", "61"], "--seconds"],
  [["--generators", "two"], "--generators"],
  [["--nonsense"], "nonsense"],
  [["nonsense"], "no scenario starts with"],
])("%p is refused by name", (args, sentence) => {
  expect(() => read(...args)).toThrow(sentence);
});

test("the help names every scenario", () => {
  for (const { name } of scenarios) expect(usage(scenarios)).toContain(name);
});
