import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ParlanceError } from "../../../errors.ts";
import { failureOf } from "../../../testing/failure-of.ts";
import { temporaries } from "../testing/temporary.ts";
import { DatabaseThread } from "./thread.ts";

const { newFolder } = temporaries();

const startThread = async (source: string, onDeath: (error: Error) => void = () => {}) => {
  const file = join(await newFolder(), "thread.mjs");
  writeFileSync(file, `import { parentPort } from "node:worker_threads";\n${source}`);
  return DatabaseThread.start({
    url: pathToFileURL(file),
    data: {},
    maxQueue: 100,
    maxBatch: 10,
    onReply: () => {},
    onDeath,
  });
};

const codeOf = (call: Promise<unknown>) => call.catch((error: ParlanceError) => error.code);

test("a thread that dies refuses what it had not begun and what comes, and nobody knows of the rest", async () => {
  const deaths: string[] = [];
  const thread = await startThread(
    `parentPort.on("message", () => { throw new Error("broken"); }); parentPort.postMessage('{"isOpen":true}');`,
    (error) => deaths.push(error.message),
  );
  const calls = Array.from({ length: 30 }, () => thread.call(["any"]));
  // Two batches of ten were under way.
  expect(await Promise.all(calls.map(codeOf))).toEqual([
    ...Array(20).fill("outcomeUnknown"),
    ...Array(10).fill("unavailable"),
  ]);
  expect(await codeOf(thread.call(["any"]))).toBe("unavailable");
  await thread.close();
  expect(deaths).toEqual([expect.stringContaining("broken")]);
});

test("a thread that cannot start rejects with its reason", async () => {
  expect(await failureOf(startThread(`throw new Error("no such thing");`))).toMatch("no such thing");
  expect(
    await failureOf(startThread(`parentPort.postMessage('{"isOpen":false,"sentence":"the disk is full"}');`)),
  ).toMatch("the disk is full");
});
