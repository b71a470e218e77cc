/** One `bun test` over some files: shows what it says file by file, and counts. */

import { spawn } from "node:child_process";
import { root } from "./setup.mjs";

/** For one test that names no time-out of its own. */
const testMilliseconds = 60_000;

const header = /^(\S+\.test\.\w+):$/;
const isFailure = (line) => /^(\(fail\)|# Unhandled error)/.test(line);

/** Calls `take` for every line, the last one even if it doesn't end. */
const eachLine = (stream, take) => {
  let unfinished = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk) => {
    const lines = (unfinished + chunk).split("\n");
    unfinished = lines.pop();
    for (const line of lines) take(line);
  });
  stream.on("end", () => unfinished && take(unfinished));
};

/**
 * `ended` resolves with how many tests passed and failed, `failures` (a sentence each, none said twice) and `took`
 * (milliseconds by file). A process that crashes, or doesn't come to all of its files, has at least one failure.
 */
export const runBunTest = (bun, files, env) => {
  const paths = files.map((file) => `./${file}`);
  const child = spawn(bun, ["--no-env-file", "test", `--timeout=${testMilliseconds}`, ...paths], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });
  const failures = new Set();
  const took = new Map();
  const counts = new Map();
  let file = "";
  let passed = 0;
  /** A header comes with the first result of its file, so a file takes from the last result before it to its own last. */
  let since = performance.now();
  let lastResult = since;

  /** What was said since the last header, kept until the next one: other processes speak as well. */
  const said = [];
  const show = () => {
    for (const [to, line] of said.splice(0)) to.write(`${line}\n`);
  };
  const goOnTo = (next) => {
    if (file !== "") took.set(file, lastResult - since);
    show();
    [file, since] = [next, lastResult];
  };

  eachLine(child.stdout, (line) => said.push([process.stdout, line]));
  eachLine(child.stderr, (line) => {
    const next = header.exec(line)?.[1];
    // The summary is Bun's own word about all files: it says how many there were, and none of them is under way now.
    const [, count, name] = /^\s*(\d+) (pass|fail|error)s?$/.exec(line) ?? [];
    const [, ran] = /^Ran \d+ tests? across (\d+) files?\./.exec(line) ?? [];
    if (/^\((pass|fail)\)/.test(line)) lastResult = performance.now();
    if (next !== undefined) goOnTo(next);
    else if (count !== undefined) {
      if (file !== "") goOnTo("");
      counts.set(name, Number(count));
    } else if (ran !== undefined) counts.set("files", Number(ran));
    else if (line.startsWith("(pass)")) passed++;
    else if (isFailure(line)) failures.add(`${file}: ${line}`);
    said.push([process.stderr, line]);
  });

  const ended = new Promise((resolve) => {
    child.on("error", (error) => said.push([process.stderr, String(error)]));
    child.on("close", (code, signal) => {
      const during = file;
      goOnTo("");
      let failed = (counts.get("fail") ?? failures.size) + (counts.get("error") ?? 0);
      const ran = counts.get("files") ?? 0;
      if (ran < files.length) {
        failed++;
        const where = during === "" ? "" : `, after something of ${during}`;
        failures.add(
          `bun ended (${signal ?? code}) before all of its files were over${where}: ${files.join(" ")}`,
        );
      } else if (code !== 0 && failed === 0) {
        failed++;
        failures.add(`bun ended with ${signal ?? code} after: ${files.join(" ")}`);
      }
      resolve({ passed: counts.get("pass") ?? passed, failed, failures: [...failures], took, signal });
    });
  });
  return { ended, kill: (signal) => child.kill(signal) };
};
