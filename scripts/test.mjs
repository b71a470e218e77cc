/**
 * `npm test [-- filter…]`: sets everything up, runs all tests (or those whose file matches a filter), and says as the
 * very last line how many passed and failed, alone.
 */

import { constants } from "node:os";
import { runBunTest } from "./bun-test.mjs";
import { findChromium } from "./chromium.mjs";
import { findNatsServer } from "./nats-server.mjs";
import { findPostgresql } from "./postgresql.mjs";
import { setUp } from "./setup.mjs";
import { findTestFiles, takeBatch } from "./test-files.mjs";

/** For the whole run: a test that hangs in a way Bun does not notice must not hang whoever waits for the result. */
const runMilliseconds = 40 * 60_000;
/**
 * Side by side. Most tests wait for something for half of their time, so that two keep two cores busy; each process has
 * the servers that its tests share to itself.
 */
const processes = 2;

setUp();
const { findBun } = await import("../packages/server/bin/launch.mjs");
const chromium = findChromium();
if (chromium === null)
  console.error(
    "There is no Chromium: the browser tests will fail. Set PARLANCE_CHROMIUM to one and run again.",
  );
const natsServer = findNatsServer();
if (natsServer === null)
  console.error(
    "There is no nats-server: the tests of the bus will fail. Set PARLANCE_NATS_SERVER to one and run again.",
  );
const postgresql = findPostgresql();
if (postgresql === null)
  console.error(
    "There is no PostgreSQL server: the tests of its store will fail. Set PARLANCE_POSTGRESQL to its programs' folder.",
  );

const files = findTestFiles(process.argv.slice(2));
if (files.some((file) => file.includes("demo"))) {
  // Before the tests, which all serve the same one: two that build it would take it away from each other.
  const { buildDemoPage } = await import("./demo-page.mjs");
  await buildDemoPage().catch((error) => console.error("The demo's page could not be built:", error));
}

const env = {
  ...process.env,
  ...(chromium ? { PARLANCE_CHROMIUM: chromium } : {}),
  ...(natsServer ? { PARLANCE_NATS_SERVER: natsServer } : {}),
  ...(postgresql ? { PARLANCE_POSTGRESQL: postgresql } : {}),
};
const running = new Set();
const results = [];
let stoppedBy = null;

const stop = (signal) => {
  stoppedBy ??= signal;
  for (const run of running) run.kill(signal);
};
const timer = setTimeout(() => {
  console.error(`The tests did not end within ${runMilliseconds / 60_000} minutes.`);
  stop("SIGKILL");
}, runMilliseconds);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop(signal));

/** Runs batch after batch until none is left. */
const work = async () => {
  while (files.length > 0 && stoppedBy === null) {
    const run = runBunTest(findBun(), takeBatch(files, processes), env);
    running.add(run);
    results.push(await run.ended);
    running.delete(run);
  }
};
await Promise.all(Array.from({ length: processes }, work));
clearTimeout(timer);

const failures = results.flatMap((result) => result.failures);
if (stoppedBy !== null) failures.push(`stopped by ${stoppedBy}, with ${files.length} files not begun`);
if (results.length === 0) failures.push("no test file matches");
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const counted = results.reduce((sum, result) => sum + result.failed, 0);
const failed = passed === 0 || failures.length > 0 ? Math.max(1, counted) : counted;
const exitCode = failed === 0 ? 0 : stoppedBy ? 128 + constants.signals[stoppedBy] : 1;

/** For the table in test-files.mjs. */
const slowest = results
  .flatMap(({ took }) => [...took])
  .sort(([, a], [, b]) => b - a)
  .slice(0, 10)
  .map(([file, milliseconds]) => `${(milliseconds / 1000).toFixed(0).padStart(5)} s  ${file}\n`)
  .join("");
const again = failures.map((failure) => `${failure}\n`).join("");
// Standard error first: the last line must be the last wherever both streams go to the same place.
process.stderr.write(`\nSlowest:\n${slowest}\n${again === "" ? "" : `Failed:\n${again}\n`}`, () =>
  process.stdout.write(`${passed} passed, ${failed} failed\n`, () => process.exit(exitCode)),
);
