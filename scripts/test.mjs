/**
 * `npm test [-- filter…]`: sets everything up, runs all tests (or those whose file matches a filter), and says as the
 * very last line how many passed and failed, alone.
 */

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { findChromium } from "./chromium.mjs";
import { findNatsServer } from "./nats-server.mjs";
import { findPostgresql } from "./postgresql.mjs";
import { root, setUp } from "./setup.mjs";

/** For one test that names no time-out of its own. */
const testMilliseconds = 60_000;
/** For the whole run: a test that hangs in a way Bun does not notice must not hang whoever waits for the result. */
const runMilliseconds = 40 * 60_000;

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

const filters = process.argv.slice(2);
const where = filters.length > 0 ? filters : ["./packages", "./tests", "./examples"];
const child = spawn(findBun(), ["--no-env-file", "test", `--timeout=${testMilliseconds}`, ...where], {
  cwd: root,
  stdio: ["ignore", "pipe", "pipe"],
  env: {
    ...process.env,
    ...(chromium ? { PARLANCE_CHROMIUM: chromium } : {}),
    ...(natsServer ? { PARLANCE_NATS_SERVER: natsServer } : {}),
    ...(postgresql ? { PARLANCE_POSTGRESQL: postgresql } : {}),
  },
});

/** The end of what Bun said, where its summary stands. */
let tail = "";
/** What failed, as Bun said it, and the file in which it did; Bun says some of it twice. */
const failures = new Map();
let file = "";
let unfinished = "";
const gatherFailures = (text) => {
  const lines = (unfinished + text).split("\n");
  unfinished = lines.pop();
  for (const line of lines) {
    if (/^\S+\.test\.\w+:$/.test(line)) file = line.slice(0, -1);
    else if (/^(\(fail\)|# Unhandled error)/.test(line) && !failures.has(line)) failures.set(line, file);
  }
};
for (const [from, to] of [
  [child.stdout, process.stdout],
  [child.stderr, process.stderr],
])
  from.on("data", (chunk) => {
    to.write(chunk);
    if (from !== child.stderr) return;
    tail = (tail + chunk).slice(-20_000);
    gatherFailures(String(chunk));
  });

const timer = setTimeout(() => {
  console.error(`The tests did not end within ${runMilliseconds / 60_000} minutes.`);
  child.kill("SIGKILL");
}, runMilliseconds);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));

/** The last number Bun gave under that name; "errors" are failures outside of any test. */
const lastCount = (name) =>
  Number([...tail.matchAll(new RegExp(`^\\s*(\\d+) ${name}s?$`, "gm"))].at(-1)?.[1] ?? 0);

child.on("close", (code, signal) => {
  clearTimeout(timer);
  const passed = lastCount("pass");
  let failed = lastCount("fail") + lastCount("error");
  if ((code !== 0 || passed === 0) && failed === 0) failed = 1;
  const exitCode = failed === 0 ? 0 : signal ? 128 + (constants.signals[signal] ?? 0) : 1;
  const again = [...failures].map(([line, where]) => `${where}: ${line}\n`).join("");
  // Standard error first: the last line must be the last wherever both streams go to the same place.
  process.stderr.write(`\n${again === "" ? "" : `Failed:\n${again}\n`}`, () =>
    process.stdout.write(`${passed} passed, ${failed} failed\n`, () => process.exit(exitCode)),
  );
});
