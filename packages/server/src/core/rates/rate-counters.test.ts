import { beforeEach, describe, expect, test } from "bun:test";
import { ParlanceError } from "../../errors.ts";
import type { RateClaim } from "../../ports/store-rates.ts";
import { RateCounters, type RateDemand } from "./rate-counters.ts";

let clock = 0;
let asked = 0;
let isAway = false;
const errors: unknown[] = [];

/** As the store does it, of which `ports/store-contract/rates.ts` speaks. */
function newStore() {
  const windows = new Map<string, { window: number; used: number }>();
  return {
    async takeRates(claims: RateClaim[], isWhole: boolean): Promise<number[]> {
      asked++;
      await new Promise((go) => setImmediate(go));
      if (isAway) throw new ParlanceError("unavailable");
      const found = claims.map(({ name, seconds, window }) => {
        const key = `${name} ${seconds}`;
        const known = windows.get(key);
        const standing = known && known.window >= window ? known : { window, used: 0 };
        windows.set(key, standing);
        return standing;
      });
      const granted = claims.map(({ count, most }, at) =>
        Math.min(count, Math.max(0, most - (found[at]?.used ?? 0))),
      );
      if (isWhole && claims.some(({ count }, at) => granted[at] !== count)) return claims.map(() => 0);
      for (const [at, one] of found.entries()) one.used += granted[at] as number;
      return granted;
    },
  };
}

beforeEach(() => {
  [clock, asked, isAway] = [1_800_000_000_000, 0, false];
  errors.splice(0);
});

/** So many nodes over one store, each with a clock that is a little off. */
function newNodes(count: number) {
  const app = { id: 1, store: newStore(), zone: 0 };
  return Array.from({ length: count }, (_, index) => {
    const now = () => clock + index * 3;
    const counters = new RateCounters({ nodes: () => count, now, onError: (error) => errors.push(error) });
    return {
      take: (...demands: RateDemand[]) => counters.take(app, demands),
      takeAs: (id: number, ...demands: RateDemand[]) => counters.take({ ...app, id }, demands),
    };
  });
}

const demand = (limit: number, seconds = 1, given: Partial<RateDemand> = {}): RateDemand => ({
  ...{ name: "/user/getToken.json", seconds, limit, cost: 1 },
  ...given,
});

type Node = ReturnType<typeof newNodes>[number];

/** How many of so many calls in turn are let through. */
async function count(nodes: Node[], calls: number, ...demands: RateDemand[]): Promise<number> {
  let passed = 0;
  for (let call = 0; call < calls; call++)
    if (await (nodes[call % nodes.length] as Node).take(...demands)) passed++;
  return passed;
}

describe("one node", () => {
  test("counts short windows itself, exactly", async () => {
    const nodes = newNodes(1);
    expect(await count(nodes, 300, demand(100))).toBe(100);
    clock += 1000;
    expect(await count(nodes, 300, demand(100))).toBe(100);
    expect(await count(nodes, 50, demand(20, 60))).toBe(20);
    expect(asked).toBe(0);
  });

  test("keeps names, lengths of windows and apps apart", async () => {
    const nodes = newNodes(1);
    const [node] = nodes as [Node];
    expect(await count(nodes, 10, demand(3))).toBe(3);
    expect(await count(nodes, 10, demand(3, 1, { name: "other" }))).toBe(3);
    expect(await count(nodes, 10, demand(3, 60))).toBe(3);
    expect(await node.takeAs(2, demand(3))).toBe(true);
  });

  test("counts what a call costs, and takes nothing of a call that it refuses", async () => {
    const [node] = newNodes(1) as [Node];
    const recipients = (cost: number) => demand(100, 1, { cost });
    expect(await node.take(recipients(60))).toBe(true);
    expect(await node.take(recipients(60))).toBe(false);
    expect(await node.take(recipients(40))).toBe(true);
    expect(await node.take(recipients(0))).toBe(true);
    clock += 1000;
    expect(await node.take(recipients(99), demand(1, 60))).toBe(true);
    expect(await node.take(recipients(1), demand(1, 60))).toBe(false);
    expect(await node.take(recipients(1))).toBe(true);
  });

  test("lets a call that costs more than there ever is through while nobody else calls", async () => {
    const [node] = newNodes(1) as [Node];
    expect(await node.take(demand(100, 1, { cost: 1000 }))).toBe(true);
    expect(await node.take(demand(100))).toBe(false);
    clock += 1000;
    expect(await node.take(demand(100))).toBe(true);
    expect(await node.take(demand(100, 1, { cost: 1000 }))).toBe(false);
    expect(await node.take(demand(0))).toBe(false);
  });

  test("goes by a limit that was changed at once", async () => {
    const nodes = newNodes(1);
    expect(await count(nodes, 50, demand(10))).toBe(10);
    expect(await count(nodes, 50, demand(15))).toBe(5);
    expect(await count(nodes, 50, demand(5))).toBe(0);
  });
});

describe("three nodes", () => {
  test.each([
    [100, 1],
    [6000, 60],
    [20, 1],
  ])("keep to %i in %i s together within a tenth, and seldom ask", async (limit, seconds) => {
    const nodes = newNodes(3);
    for (let round = 0; round < 3; round++) {
      const passed = await count(nodes, limit * 2, demand(limit, seconds));
      expect(passed).toBeLessThanOrEqual(limit);
      expect(passed).toBeGreaterThanOrEqual(limit * 0.9);
      clock += seconds * 1000;
    }
    const piece = Math.max(1, Math.floor(limit / 30));
    expect(asked).toBeLessThanOrEqual(3 * (Math.ceil(limit / piece) + 3));
  });

  test("keep to it when all calls come to one of them, and when they come at once", async () => {
    const [first, ...others] = newNodes(3) as [Node, Node, Node];
    expect(await count([first], 200, demand(100))).toBe(100);
    clock += 1000;
    const calls = Array.from({ length: 300 }, (_, at) => [first, ...others][at % 3]?.take(demand(100)));
    const passed = (await Promise.all(calls)).filter(Boolean).length;
    expect(passed).toBeLessThanOrEqual(100);
    expect(passed).toBeGreaterThanOrEqual(90);
  });

  test("give a call with many recipients what others did not take", async () => {
    const [one, two] = newNodes(3) as [Node, Node, Node];
    expect(await one.take(demand(100, 1, { cost: 70 }))).toBe(true);
    expect(await two.take(demand(100, 1, { cost: 70 }))).toBe(false);
    expect(await two.take(demand(100, 1, { cost: 30 }))).toBe(true);
    expect(await one.take(demand(100))).toBe(false);
  });

  test("go on with their share when the store is away", async () => {
    const nodes = newNodes(3);
    isAway = true;
    expect(await count(nodes, 300, demand(90))).toBe(90);
    expect([errors.length, asked]).toEqual([3, 3]);
  });
});

describe("hours and days", () => {
  const broadcast = [demand(2, 3600, { name: "an hour" }), demand(3, 86_400, { name: "a day" })];

  test("are counted one by one by all nodes, in the store: who starts anew forgets nothing", async () => {
    const nodes = newNodes(3);
    expect(await count(nodes, 9, ...broadcast)).toBe(2);
    clock += 3_600_000;
    expect(await count(nodes, 9, ...broadcast)).toBe(1);
    clock += 3_600_000;
    expect(await count(nodes, 9, ...broadcast)).toBe(0);
    clock += 86_400_000;
    expect(await count(nodes, 9, ...broadcast)).toBe(2);
  });

  test("a call that is refused is not asked about again for a moment", async () => {
    const nodes = newNodes(1);
    expect(await count(nodes, 100, ...broadcast)).toBe(2);
    expect(asked).toBe(3);
    clock += 1000;
    expect(await count(nodes, 100, ...broadcast)).toBe(0);
    expect(asked).toBe(4);
  });

  test("are refused while the store is away, and take nothing of the short windows", async () => {
    const [node] = newNodes(1) as [Node];
    isAway = true;
    const both = [demand(1), ...broadcast];
    expect(await node.take(...both).catch((error) => error.code)).toBe("unavailable");
    isAway = false;
    expect(await node.take(...both)).toBe(true);
    expect(await node.take(...both)).toBe(false);
  });

  test("begin when they do where the app is", async () => {
    const store = newStore();
    const counters = new RateCounters({ nodes: () => 1, now: () => clock });
    const take = () => counters.take({ id: 1, store, zone: 8 * 3_600_000 }, [demand(1, 86_400)]);
    clock = Date.parse("2026-03-01T15:59:00Z");
    expect(await take()).toBe(true);
    expect(await take()).toBe(false);
    clock = Date.parse("2026-03-01T16:00:00Z");
    expect(await take()).toBe(true);
  });
});
