/** Nodes are restarted one after the other while people write: nothing is lost or doubled, and nobody storms the rest. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { sharedNats, sharedPostgres } from "../packages/server/src/testing/shared-servers.ts";
import { startPatience, until } from "../packages/server/src/testing/until.ts";
import { readRoom } from "./numbered-sender.ts";
import { freePort, type ServerProcess, startServerProcess } from "./server-process.ts";
import { WanderingSender } from "./wandering-sender.ts";

const secret = "secret-of-the-rolling-restart";
const people = 60;
const nodeCount = 3;

const nodes: { url: string; env: Record<string, string>; process: ServerProcess }[] = [];
const folder = mkdtempSync(join(tmpdir(), "parlance-rolling-"));

beforeAll(async () => {
  const [postgres, nats] = await Promise.all([sharedPostgres(), sharedNats()]);
  const store = postgres.url(await postgres.createDatabase());
  for (let index = 0; index < nodeCount; index++) {
    const port = await freePort();
    const env = {
      PORT: String(port),
      PARLANCE_HOST: "127.0.0.1",
      PARLANCE_DATA: join(folder, String(index)),
      PARLANCE_STORE: store,
      PARLANCE_STORE_CONNECTIONS: "4",
      PARLANCE_BUS: nats.url,
      PARLANCE_APPS: `roll:roll:${secret}`,
      PARLANCE_FRAMES_PER_MINUTE: "1000000",
      PARLANCE_REQUESTS_PER_SECOND: "100000",
    };
    const url = `http://127.0.0.1:${port}`;
    nodes.push({ url, env, process: await startServerProcess(url, env) });
  }
}, 240_000);

const senders: WanderingSender[] = [];

afterAll(async () => {
  for (const sender of senders) sender.stop();
  for (const { process } of nodes) {
    process.process.kill("SIGKILL");
    await process.exited;
  }
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

test(`${nodeCount} nodes restarted in turn under ${people} people who write`, async () => {
  const first = nodes[0]?.url as string;
  const shop = i2aBackEnd(first, secret);
  const names = Array.from({ length: people }, (_, index) => `person${index}`);
  const room = await shop.room(names);
  const connects: number[] = [];
  const addresses = nodes.map(({ url }) => url.replace("http", "ws"));
  const tokens = await Promise.all(names.map((name) => shop.token(name)));
  for (const [index, name] of names.entries()) {
    const onConnect = () => connects.push(performance.now());
    senders.push(new WanderingSender(name, room, tokens[index] as string, addresses, onConnect));
  }
  const runs = senders.map((sender) => sender.run());
  const total = () => senders.reduce((sum, sender) => sum + sender.acknowledged.length, 0);
  const untilTotal = (least: number) =>
    until(`${least} acknowledgements`, () => total() >= least, startPatience);
  await untilTotal(people * 5);
  for (const node of nodes) {
    connects.length = 0;
    node.process.process.kill("SIGTERM");
    expect((await node.process.exited)[0]).toBe(0);
    const plan = JSON.parse(
      node.process
        .output()
        .split("\n")
        .find((line) => line.includes('"draining"')) ?? "{}",
    );
    expect(plan.connections).toBeGreaterThan(0);
    node.process = await startServerProcess(node.url, node.env);
    await untilTotal(total() + people * 5);
    // In any second, no more came back than the drain said, give or take those whose first choice was the dead node.
    const busiest = Math.max(
      ...connects.map((at) => connects.filter((other) => other >= at && other < at + 1000).length),
    );
    expect(busiest).toBeLessThanOrEqual(plan.reconnectsPerSecond + people);
  }
  for (const sender of senders) sender.stop();
  await Promise.all(runs);
  expect(senders.flatMap(({ complaints }) => complaints)).toEqual([]);

  const log = await readRoom(first, secret, room);
  expect(new Set(log).size).toBe(log.length);
  const stored = new Map<string, number[]>(names.map((name) => [name, []]));
  for (const text of log) stored.get(text.split(":")[0] as string)?.push(Number(text.split(":")[1]));
  for (const sender of senders) {
    const own = stored.get(sender.name) ?? [];
    const kept = new Set(own);
    expect(sender.acknowledged.filter((number) => !kept.has(number))).toEqual([]);
    expect(own).toEqual([...own].sort((one, other) => one - other));
    expect(sender.acknowledged).toEqual([...sender.acknowledged].sort((one, other) => one - other));
  }
  const sent = senders.reduce((sum, sender) => sum + sender.sent, 0);
  console.log(
    `rolling restart: ${sent} sent, ${total()} acknowledged, ${log.length} stored, 0 lost, 0 doubled`,
  );
}, 240_000);
