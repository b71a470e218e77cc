/** What every cache has to do. Runs anywhere, a browser included; returns what went wrong. */

import type { Cache } from "./cache.ts";

const rows: [key: string, value: unknown][] = [
  ["state/group/a", { unread: 3, tags: ["x"], nothing: null }],
  ["state/direct/ü👋", { text: "ß" }],
  ["cursor", "17"],
  ["log/\uffef", [1, 2]],
];

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const sorted = (found: [string, unknown][]): [string, unknown][] =>
  [...found].sort(([one], [other]) => (one < other ? -1 : 1));

/** `open` opens the same cache again and again. */
export async function cacheFaults(open: () => Cache): Promise<string[]> {
  const faults: string[] = [];
  const expect = (what: string, found: [string, unknown][], wanted: [string, unknown][]) => {
    if (!same(sorted(found), sorted(wanted))) faults.push(`${what}: ${JSON.stringify(found)}`);
  };
  const cache = open();
  expect("begins empty", await cache.load(""), []);
  await cache.write(rows);
  expect("returns what was written", await cache.load(""), rows);
  expect("finds by prefix", await cache.load("state/"), rows.slice(0, 2));
  expect("finds nothing by an unknown prefix", await cache.load("statues"), []);
  await cache.write([
    ["cursor", "18"],
    ["state/group/a", undefined],
    ["nowhere", undefined],
  ]);
  const after = [...rows.slice(1, 2), ["cursor", "18"] as [string, unknown], ...rows.slice(3)];
  expect("replaces and removes", await cache.load(""), after);
  await cache.write([["bad", () => {}]]).catch(() => {});
  const mixed = cache.write([
    ["cursor", "19"],
    ["bad", () => {}],
  ]);
  await mixed.then(() => faults.push("took what can't be cloned")).catch(() => {});
  expect("writes all or nothing", await cache.load(""), after);
  const [[, value] = ["", {}]] = await cache.load("state/");
  (value as { text: string }).text = "changed";
  expect("keeps its own copy", await cache.load(""), after);
  cache.close();
  const again = open();
  expect("is there when it is opened again", await again.load(""), after);
  again.close();
  return faults;
}
