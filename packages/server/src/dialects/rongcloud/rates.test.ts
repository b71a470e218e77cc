import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { App } from "../../ports/store.ts";
import { openTestCore, type TestCore } from "../../testing/test-core.ts";
import { type Rate, type RongcloudRow, row } from "./endpoint.ts";
import { RateLimits } from "./rates.ts";

const rowOf = (path: string, rates?: readonly Rate[]) =>
  row({
    path,
    summary: "",
    params: {},
    ...(rates && { rates }),
    example: { params: {} },
    run: async () => {},
  });
const users = ({ userId }: { userId: string[] }) => userId.length;
const getToken = rowOf("/user/getToken.json");
const privateRates = [{ limit: 6000, per: "minute", sharedAs: "private messages", cost: users }] as const;
const publish = rowOf("/message/private/publish.json", privateRates);
const template = rowOf("/message/private/publish_template.json", privateRates);
const broadcast = rowOf("/message/broadcast.json", [
  { limit: 2, per: "hour" },
  { limit: 3, per: "day" },
]);
const rows = [getToken, publish, template, broadcast];

let world: TestCore;
let app: App;
/** When days of the app begin. */
const start = Date.parse("2026-03-01T16:00:00Z");
let days = 0;
let clock = start;
beforeAll(async () => {
  world = await openTestCore();
  app = world.core.app;
});
afterAll(() => world.close());

/** Nodes over one store; what is set for the app, all of them know. */
function newNodes(count: number, factor = 1, settings: App["settings"] = {}) {
  // A day of its own for each test: the store remembers.
  clock = start + 86_400_000 * ++days;
  return Array.from({ length: count }, () => {
    const core = Object.assign(world.newNode(), { app: { ...app, settings } });
    const limits = new RateLimits(rows, factor, { nodes: () => count, now: () => clock });
    return (of: RongcloudRow, params: unknown = {}): Promise<boolean> =>
      limits.take(core, of, params).then(
        () => true,
        ({ code }) => {
          expect(code).toBe(1008);
          return false;
        },
      );
  });
}

async function passed(calls: number, call: (at: number) => Promise<boolean> | undefined): Promise<number> {
  let count = 0;
  for (let at = 0; at < calls; at++) if (await call(at)) count++;
  return count;
}

describe.each([1, 3])("on %i nodes", (count) => {
  const least = (limit: number) => (count === 1 ? limit : limit * 0.9);

  test("a row that names no rate may be called 100 times a second", async () => {
    const nodes = newNodes(count);
    for (let second = 0; second < 2; second++) {
      expect(await passed(150, (at) => nodes[at % count]?.(getToken))).toBeWithin(least(100), 101);
      clock += 1000;
    }
  });

  test("recipients are counted, by all rows that share the budget", async () => {
    const nodes = newNodes(count);
    const to = { userId: Array.from({ length: 100 }, (_, at) => `u${at}`) };
    const calls = await passed(80, (at) => nodes[at % count]?.(at % 2 === 0 ? publish : template, to));
    expect(calls).toBeWithin(least(60), 61);
  });

  test("hours and days are exact, and what a refused call asked for is not used up", async () => {
    const nodes = newNodes(count);
    const hours: number[] = [];
    for (let hour = 0; hour < 3; hour++) {
      hours.push(await passed(6, (at) => nodes[at % count]?.(broadcast)));
      clock += 3_600_000;
    }
    expect(hours).toEqual([2, 1, 0]);
  });

  test("what is set for the app holds instead, for all who share the budget", async () => {
    const nodes = newNodes(count, 1, {
      "rate./user/getToken": "7",
      "rate./message/private/publish_template": "30/minute",
      "rate./message/broadcast": "4/hour,5/day",
    });
    expect(await passed(30, (at) => nodes[at % count]?.(getToken))).toBe(7);
    const one = { userId: ["u"] };
    expect(await passed(60, (at) => nodes[at % count]?.(publish, one))).toBeWithin(least(30), 31);
    expect(await passed(9, (at) => nodes[at % count]?.(broadcast))).toBe(4);
    clock += 3_600_000;
    expect(await passed(9, (at) => nodes[at % count]?.(broadcast))).toBe(1);
  });
});

test("the installation's factor multiplies what is documented, not what is set", async () => {
  const [call] = newNodes(1, 3, { "rate./user/getToken": "2" });
  expect(await passed(10, () => call?.(getToken))).toBe(2);
  expect(await passed(20, () => call?.(broadcast))).toBe(6);
});

test("while the store is away, calls that are counted exactly are refused, and others go on", async () => {
  const { core } = world;
  const takeRates = async () => {
    throw Object.assign(new Error(), { code: "unavailable" });
  };
  const away = { ...core, app, settings: core.settings, store: { takeRates } };
  const limits = new RateLimits(rows, 1, { nodes: () => 3, now: () => clock });
  const outcome = await limits.take(away as never, broadcast, {}).catch((error) => error.code);
  expect(outcome).toBe("unavailable");
  expect(await limits.take(away as never, getToken, {})).toBeUndefined();
});
