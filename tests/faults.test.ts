/** Faults that lose nothing, in short: `npm run faults` does the same for as long as one likes. */

import { expect, test } from "bun:test";
import { deviceCount } from "../packages/faults/src/testing/people.ts";
import { report } from "../packages/faults/src/testing/report.ts";
import { type Result, type RunOptions, run } from "../packages/faults/src/testing/run.ts";

/** The suite shares its machine with others; `npm run faults` holds the server to what is promised. */
const lateAfter = 30_000;

/** What must be so of a run for its checker to have had something to check. */
function expectNoViolation(result: Result, least = 200): void {
  console.log(report(result));
  expect(result.violations).toEqual([]);
  expect(result.acknowledgements).toBeGreaterThan(least);
  expect(result.deliveries).toBeGreaterThan(result.acknowledgements);
  // Some came back.
  expect(result.connections).toBeGreaterThan(deviceCount);
}

/** A machine that is busy elsewhere may leave too little time for all that is to happen: then it gets more. */
async function runLongEnough(options: RunOptions, hasHappened: (result: Result) => boolean): Promise<Result> {
  for (let times = 1; ; times *= 2) {
    const result = await run({ ...options, lateAfter, milliseconds: options.milliseconds * times });
    if (times === 4 || result.violations.length > 0 || hasHappened(result)) return result;
  }
}

const isTelling = (result: Result) =>
  result.acknowledgements > 200 &&
  result.deliveries > result.acknowledgements &&
  result.connections > deviceCount;

test("one node with its embedded store: killed, and its disk full", async () => {
  const options: RunOptions = { seed: 1, nodes: 1, milliseconds: 6000, only: ["killNode", "fillDisk"] };
  const result = await runLongEnough(options, (seen) => isTelling(seen) && seen.refusals > 0);
  expectNoViolation(result);
  expect([...result.faults.keys()].sort()).toEqual(["fillDisk", "killNode"]);
  expect(result.refusals).toBeGreaterThan(0);
}, 600_000);

test("three nodes over PostgreSQL and NATS: a node and NATS killed, and lines between them cut", async () => {
  const only = ["killNode", "killBus", "cutBusLine"] as const;
  const result = await runLongEnough({ seed: 131, nodes: 3, milliseconds: 10_000, only }, isTelling);
  expectNoViolation(result);
  expect([...result.faults.keys()].sort()).toEqual([...only].sort());
}, 600_000);

test("three nodes: lines to PostgreSQL cut, and silent for longer than a send is tried", async () => {
  const only = ["cutStoreLine", "stallStoreLine"] as const;
  const result = await run({ seed: 52, nodes: 3, milliseconds: 12_000, only, lateAfter });
  // For most of the time there is a node that can store nothing, and people wait on it.
  expectNoViolation(result, 50);
  expect([...result.faults.keys()].sort()).toEqual([...only].sort());
}, 600_000);
