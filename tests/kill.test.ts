/** Acknowledged messages survive SIGKILL at any moment, exactly once and in order. */

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { NumberedSender, readRoom } from "./numbered-sender.ts";
import { freePort, type ServerProcess, startServerProcess } from "./server-process.ts";

const kills = 20;
const senders = 8;
const secret = "secret-of-the-kill-test";
/** Milliseconds of sending before a kill: from the first message on to well into group commits. */
const longestRun = 300;

const dataDir = mkdtempSync(join(tmpdir(), "parlance-kill-"));
let server: ServerProcess | undefined;
afterAll(async () => {
  server?.process.kill("SIGKILL");
  await server?.exited;
  rmSync(dataDir, { recursive: true, force: true });
});

/** What is wrong with a room's log, given what its senders know. */
function violations(log: readonly string[], people: readonly NumberedSender[]): string[] {
  const wrong: string[] = [];
  for (const person of people) {
    const stored = log
      .filter((text) => text.startsWith(`${person.name}:`))
      .map((text) => Number(text.split(":")[1]));
    const set = new Set(stored);
    if (set.size !== stored.length) wrong.push(`${person.name}: ${stored.length - set.size} stored twice`);
    if (stored.some((number, index) => index > 0 && number < (stored[index - 1] as number)))
      wrong.push(`${person.name}: out of order`);
    const lost = person.acknowledged.filter((number) => !set.has(number));
    if (lost.length > 0) wrong.push(`${person.name}: lost ${lost.slice(0, 5).join()}`);
    if (stored.some((number) => number >= person.sent)) wrong.push(`${person.name}: never sent this`);
  }
  return wrong;
}

test("the checker sees what it is there for", () => {
  const person = new NumberedSender("a", "room", "", "");
  person.acknowledged.push(0, 1);
  Object.defineProperty(person, "sent", { value: 3 });
  expect(violations(["a:0", "a:1", "a:2"], [person])).toEqual([]);
  expect(violations(["a:0"], [person])).toEqual(["a: lost 1"]);
  expect(violations(["a:0", "a:1", "a:1"], [person])).toEqual(["a: 1 stored twice"]);
  expect(violations(["a:1", "a:0"], [person])).toEqual(["a: out of order"]);
  expect(violations(["a:0", "a:1", "a:3"], [person])).toEqual(["a: never sent this"]);
});

test(`${kills} SIGKILLs while ${senders} clients send`, async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PORT: String(port),
    PARLANCE_HOST: "127.0.0.1",
    PARLANCE_DATA: dataDir,
    PARLANCE_APPS: `kill:kill:${secret}`,
    PARLANCE_FRAMES_PER_MINUTE: "1000000",
    PARLANCE_LOG_LEVEL: "warn",
  };
  server = await startServerProcess(url, env);
  const shop = i2aBackEnd(url, secret);
  const names = Array.from({ length: senders }, (_, index) => `sender${index}`);
  const shared = await shop.room(names);
  const people = await Promise.all(
    names.map(async (name, index) => {
      // Half of them meet in one room, half have one of their own.
      const room = index % 2 === 0 ? shared : await shop.room([name]);
      return new NumberedSender(name, room, url.replace("http", "ws"), await shop.token(name));
    }),
  );
  for (let kill = 0; kill < kills; kill++) {
    const before = people.reduce((sum, person) => sum + person.acknowledged.length, 0);
    const runs = people.map((person) => person.run());
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * longestRun));
    server.process.kill("SIGKILL");
    expect((await server.exited)[1]).toBe("SIGKILL");
    await Promise.all(runs);
    expect(people.flatMap(({ errors }) => errors)).toEqual([]);
    server = await startServerProcess(url, env);
    for (const room of new Set(people.map((person) => person.room))) {
      const log = await readRoom(url, secret, room);
      expect(
        violations(
          log,
          people.filter((person) => person.room === room),
        ),
      ).toEqual([]);
    }
    const after = people.reduce((sum, person) => sum + person.acknowledged.length, 0);
    expect(after).toBeGreaterThanOrEqual(before);
  }
  const sent = people.reduce((sum, person) => sum + person.sent, 0);
  const acknowledged = people.reduce((sum, person) => sum + person.acknowledged.length, 0);
  console.log(
    `kill test: ${kills} kills, ${sent} sent, ${acknowledged} acknowledged, 0 lost, 0 doubled, 0 reordered`,
  );
  expect(acknowledged).toBeGreaterThan(kills * senders);
}, 600_000);
