/** `parlance start --workers`: real processes on one port, over PostgreSQL and NATS. */

import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../testing/free-port.ts";
import { i2aBackEnd } from "../../testing/i2a-back-end.ts";
import { type ParlanceProcess, runParlance, spawnParlance } from "../../testing/parlance-process.ts";
import { sharedNats, sharedPostgres } from "../../testing/shared-servers.ts";
import { TestSocket } from "../../testing/test-socket.ts";
import { startPatience, until } from "../../testing/until.ts";

const folder = mkdtempSync(join(tmpdir(), "parlance-workers-"));
const secret = "secret-of-the-workers";
let shared: { PARLANCE_STORE: string; PARLANCE_BUS: string };
beforeAll(async () => {
  const [postgres, nats] = await Promise.all([sharedPostgres(), sharedNats()]);
  shared = { PARLANCE_STORE: postgres.url(await postgres.createDatabase()), PARLANCE_BUS: nats.url };
}, startPatience * 2);
afterAll(() => rmSync(folder, { recursive: true }));

let running: ParlanceProcess | null = null;
afterEach(async () => {
  running?.child.kill("SIGKILL");
  await running?.finished;
  running = null;
}, startPatience);

const newEnv = async () => ({
  ...shared,
  PARLANCE_DATA: folder,
  PARLANCE_HOST: "127.0.0.1",
  PARLANCE_PORT: String(await freePort()),
  PARLANCE_STORE_CONNECTIONS: "3",
  PARLANCE_APPS: `work:work:${secret}`,
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Two workers that listen. `lines` are the log's so far that tell of this. */
const startTwo = async () => {
  const env = await newEnv();
  const server = spawnParlance(["start", "--workers", "2"], env);
  running = server;
  let log = "";
  server.child.stdout?.on("data", (text: string) => {
    log += text;
  });
  const [, url] = await server.waitFor(/listening on (http:\S+) with 2 workers/);
  const lines = (event: string): { worker: number; pid: number }[] =>
    log
      .split("\n")
      .filter((line) => line.includes(`"event":"${event}"`) && line.endsWith("}"))
      .map((line) => JSON.parse(line));
  return { ...server, env, url: String(url), lines };
};

const untilGone = (pids: readonly number[]) =>
  until("the workers are gone", () => pids.every((pid) => !isAlive(pid)));

describe("parlance start --workers", () => {
  test("workers share the port and the talk; one that is killed comes back; SIGTERM drains all", async () => {
    const { url, lines, child, finished } = await startTwo();
    expect(lines("worker started").map(({ worker }) => worker)).toEqual([1, 2]);
    const [first, second] = lines("worker started");
    const shop = i2aBackEnd(url, secret);
    const names = Array.from({ length: 24 }, (_, index) => `user${index}`);
    const room = await shop.room(names);
    const tokens = await Promise.all(names.map((name) => shop.token(name)));
    const open = (index: number) =>
      TestSocket.open(`${url.replace("http", "ws")}/socket/?token=${tokens[index]}`);
    const sockets = await Promise.all(names.map((_, index) => open(index)));
    const everybodyHears = async (message: string) => {
      sockets[0]?.send({ type: "ROUTABLE", chat_room_identifier: room, message });
      for (const socket of sockets) await socket.next(({ value }) => value.message === message);
    };
    await everybodyHears("before");

    const lost = new Set<number>();
    for (const [index, socket] of sockets.entries()) void socket.closed.then(() => lost.add(index));
    process.kill(first?.pid ?? 0, "SIGKILL");
    await until("some were cut off", () => lost.size > 0);
    await until("the worker is back", () => lines("listening").length === 3);
    const third = lines("worker started").at(-1);
    expect([third?.worker, lines("worker ended").length]).toEqual([1, 1]);
    // Those of the other worker noticed nothing.
    expect(lost.size).toBeLessThan(names.length);
    for (const index of [...lost])
      await until("everybody is back", async () => {
        const back = await open(index).catch(() => null);
        if (back) sockets[index] = back;
        return back !== null;
      });
    await everybodyHears("after");

    child.kill("SIGTERM");
    const { code, stdout } = await finished;
    expect(code).toBe(0);
    expect(stdout.match(/"event":"drained"/g)).toHaveLength(2);
    for (const socket of sockets) {
      const { code, reason } = await socket.closed;
      expect([code, reason]).toEqual([1012, expect.stringMatching(/^\{"reconnect_after_ms":\d+\}$/)]);
    }
    await untilGone([second?.pid ?? 0, third?.pid ?? 0]);
  }, 120_000);

  test("SIGTERM ends workers well that have only just begun", async () => {
    running = spawnParlance(["start", "--workers", "2"], await newEnv());
    await running.waitFor(/worker started/);
    running.child.kill("SIGTERM");
    expect((await running.finished).code).toBe(0);
  }, 120_000);

  test("a supervisor that is killed takes its workers with it", async () => {
    const { child, lines } = await startTwo();
    child.kill("SIGKILL");
    await untilGone(lines("worker started").map(({ pid }) => pid));
  }, 120_000);

  test("a port that other workers hold is refused", async () => {
    const { env } = await startTwo();
    const { code, stderr } = await runParlance(["start", "--workers", "2"], env);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`Port ${env.PARLANCE_PORT} is taken`)]);
  }, 120_000);

  test("workers that cannot start say why, and the supervisor does not go on", async () => {
    const env = { ...(await newEnv()), PARLANCE_STORE: "postgres://ann:secret-word@127.0.0.1:1/nowhere" };
    const { code, stdout, stderr } = await runParlance(["start", "--workers", "2"], env);
    expect([code, stdout]).toEqual([1, expect.stringContaining("worker does not stay up")]);
    expect(stderr).toContain("127.0.0.1:1/nowhere: nothing listens there");
    expect(stderr).not.toContain("secret-word");
  }, 120_000);

  test.each([
    [
      "no store",
      { PARLANCE_STORE: "sqlite", PARLANCE_BUS: "local" },
      [],
      "PARLANCE_STORE must name a PostgreSQL",
    ],
    ["no bus", { PARLANCE_BUS: "local" }, [], "share: PARLANCE_BUS a NATS server"],
    ["any free port", { PARLANCE_PORT: "0" }, [], "--workers needs a port that all of them know"],
    ["the demo", {}, ["--demo"], "--workers and the demo exclude each other"],
    ["no number", {}, ["--workers", "many"], "must be a whole number from 1 to 256"],
    ["too many", {}, ["--workers", "257"], "must be a whole number from 1 to 256"],
  ])(
    "%s is refused with a sentence",
    async (_, settings: Record<string, string>, args, sentence) => {
      const env = { ...(await newEnv()), ...settings };
      const { code, stdout, stderr } = await runParlance(["start", "--workers", "2", ...args], env);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(sentence);
    },
    60_000,
  );
});
