/** Which test files there are, about how long each takes, and how they are dealt out to processes side by side. */

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setup.mjs";

const places = ["packages", "tests", "examples"];
const passedBy = new Set(["node_modules", "dist"]);

const filesBelow = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return passedBy.has(entry.name) ? [] : filesBelow(path);
    return /\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });

/** Seconds of those that take long, by themselves on two cores. What is wrong here costs balance and nothing else. */
const seconds = {
  "packages/loadgen/src/bench.test.ts": 140,
  "tests/faults.test.ts": 82,
  "tests/demo.browser.test.ts": 54,
  "packages/server/src/adapters/store-sql/copy/copy-installation.test.ts": 38,
  "packages/server/src/dialects/native/three-nodes.test.ts": 36,
  "tests/kill.test.ts": 35,
  "packages/server/src/adapters/store-sql/postgres.test.ts": 34,
  "packages/server/src/cli/app-commands.test.ts": 30,
  "packages/server/src/cli/migrate-command.test.ts": 30,
  "packages/server/src/adapters/store-sql/postgres.faults.test.ts": 23,
  "packages/server/src/adapters/store-sql/sqlite.test.ts": 21,
  "packages/server/src/cli/presence-commands.test.ts": 20,
  "packages/server/src/cli/start-command.test.ts": 20,
  "packages/server/src/cli/workers/workers.test.ts": 20,
  "packages/server/src/dialects/rongcloud/row.test.ts": 20,
  "packages/server/src/dialects/rongcloud/fuzz.test.ts": 20,
  "packages/server/src/dialects/rongcloud/isolation.test.ts": 18,
  "packages/server/src/core/presence/writer.test.ts": 18,
  "tests/demo-chatroom.browser.test.ts": 18,
  "tests/presence.test.ts": 17,
  "packages/server/src/adapters/bus-nats/nats-faults.test.ts": 16,
  "packages/server/src/gateway/gateway.test.ts": 16,
  "packages/server/src/gateway/closing.test.ts": 14,
  "tests/rongcloud-sdk.test.ts": 14,
  "tests/demo-chat.browser.test.ts": 14,
  "packages/server/src/adapters/store-sql/postgres.plans.test.ts": 13,
  "packages/server/src/dialects/i2a/three-nodes.test.ts": 13,
  "tests/demo-place.browser.test.ts": 13,
  "packages/server/src/dialects/native/chatrooms.test.ts": 12,
  "packages/server/src/gateway/lost-node.test.ts": 12,
  "tests/restart.test.ts": 12,
  "tests/native-kill.test.ts": 11,
  "tests/demo-history.browser.test.ts": 11,
  "tests/demo-access.browser.test.ts": 10,
};
const usualSeconds = 2;
/** Three nodes and what stands behind them have to start. */
const threeNodesSeconds = 20;

const secondsOf = (file) =>
  seconds[file] ?? (file.endsWith("/three-nodes.test.ts") ? threeNodesSeconds : usualSeconds);

/** Paths below the root, those that take longest first. A filter is a part of a path, as for `bun test`. */
export const findTestFiles = (filters) => {
  const wanted = filters.map((filter) => filter.replace(/^\.\//, ""));
  return places
    .flatMap(filesBelow)
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
    .sort((a, b) => secondsOf(b) - secondsOf(a) || (a < b ? -1 : 1));
};

/** Less than this is not worth a process of its own, which may have to start a PostgreSQL. */
const leastSeconds = 15;

/**
 * Takes the next files away from `files`: a good part of what is left while much is left, then less and less, so that
 * all processes end at about the same time.
 */
export const takeBatch = (files, processes) => {
  const left = files.reduce((sum, file) => sum + secondsOf(file), 0);
  const enough = Math.max(leastSeconds, left / (2 * processes));
  let taken = 0;
  let count = 0;
  while (count < files.length && taken < enough) taken += secondsOf(files[count++]);
  return files.splice(0, count);
};
