import { describe, expect, test } from "bun:test";
import { Dice } from "./dice.ts";
import { drawPlan } from "./draw-plan.ts";
import { faultKind, faultsOf } from "./fault-kinds.ts";
import { readOptions } from "./options.ts";

const draw = (seed: number, nodes: 1 | 3, minutes = 5) =>
  drawPlan(new Dice(seed).named("plan"), nodes, minutes * 60_000);

describe("a plan", () => {
  test("is the same for the same seed, and another for another", () => {
    expect(draw(7, 3)).toEqual(draw(7, 3));
    expect(draw(7, 3)).not.toEqual(draw(8, 3));
  });

  test("has every kind of fault that the installation can have, and no other", () => {
    for (const nodes of [1, 3] as const) {
      const drawn = new Set(draw(1, nodes).episodes.flatMap(({ faults }) => faults.map(({ name }) => name)));
      expect([...drawn].sort()).toEqual(faultsOf(nodes).sort());
    }
  });

  test("has one or two faults at a time that never befall the same thing, each healed in time", () => {
    for (let seed = 0; seed < 50; seed++) {
      for (const { faults } of draw(seed, 3, 2).episodes) {
        expect(faults.length).toBeWithin(1, 3);
        const targets = faults.map(({ name, node }) => `${faultKind(name).befalls} ${node}`);
        expect(new Set(targets).size).toBe(faults.length);
        for (const { name, node, lasts } of faults) {
          const [least, most] = faultKind(name).lasts;
          expect(lasts).toBeWithin(least, most + 1);
          expect(node).toBeWithin(0, 3);
        }
      }
    }
  });

  test("can be drawn of some kinds only", () => {
    const { episodes } = drawPlan(new Dice(3), 3, 30_000, ["killBus"]);
    expect(new Set(episodes.flatMap(({ faults }) => faults.map(({ name }) => name)))).toEqual(
      new Set(["killBus"]),
    );
    expect(() => drawPlan(new Dice(3), 1, 30_000, ["killBus"])).toThrow("none of these faults is for 1 node");
  });
});

describe("options", () => {
  test("are read, and a wrong one is named", () => {
    const options = readOptions(["--seed", "9", "--nodes", "1", "--minutes", "0.5", "--only", "fillDisk"]);
    expect(options).toMatchObject({ seed: 9, nodes: 1, minutes: 0.5, only: ["fillDisk"] });
    expect(() => readOptions(["--nodes", "2"])).toThrow('--nodes is 1 or 3, not "2"');
    expect(() => readOptions(["--minutes", "x"])).toThrow("--minutes is from");
    expect(() => readOptions(["--only", "rain"])).toThrow('there is no fault "rain"');
  });
});
