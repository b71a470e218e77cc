import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { i2aBackEnd } from "../testing/i2a-back-end.ts";
import { type ParlanceProcess, runParlance, spawnParlance } from "../testing/parlance-process.ts";
import { TestSocket } from "../testing/test-socket.ts";

const folder = mkdtempSync(join(tmpdir(), "parlance-presence-"));
const secret = "secret-of-the-shop-01";
const env = {
  PARLANCE_DATA: join(folder, "data"),
  PARLANCE_HOST: "127.0.0.1",
  PARLANCE_PORT: "0",
  PARLANCE_APPS: `Shop:shop:${secret}`,
};
let server: ParlanceProcess;
let url: string;

const start = async () => {
  server = spawnParlance(["start"], env);
  url = String((await server.waitFor(/listening on (http:\S+)/))[1]);
};
beforeAll(start, 30_000);
afterAll(async () => {
  server.child.kill("SIGTERM");
  await server.finished;
  rmSync(folder, { recursive: true });
}, 30_000);

const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await runParlance([...args, "--json"], env);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
};

const connect = async (userId: string) => {
  const token = await i2aBackEnd(url, secret).token(userId);
  return TestSocket.open(`${url.replace("http", "ws")}/socket/?token=${token}`);
};

const untilOnline = async (count: number) => {
  while ((await json("app", "online", "shop")).online !== count);
};

test("who is online is counted and listed by page, and gone with who leaves", async () => {
  const [ann] = await Promise.all([connect("ann"), connect("ben"), connect("cid")]);
  await untilOnline(3);
  const first = await json("app", "online", "shop", "--list", "--limit", "2");
  expect(first).toMatchObject({ online: 3, users: [{ user: "ann" }, { user: "ben" }], next: "ben" });
  expect(Math.abs(Date.parse(first.users[0].since) - Date.now())).toBeLessThan(60_000);
  const rest = await json("app", "online", "shop", "--list", "--after", "ben");
  expect(rest).toMatchObject({ users: [{ user: "cid" }], next: null });
  const { stdout } = await runParlance(["app", "online", "shop", "--list", "--limit", "1"], env);
  expect(stdout).toMatch(/^3 online in Shop\nSINCE +PLATFORMS +USER\n\S+ +- +ann\nMore: --after "ann"\n$/);
  ann.close();
  await untilOnline(2);
}, 60_000);

test("nodes shows the server, and how many are connected to it", async () => {
  const [node, ...others] = await json("nodes");
  expect(others).toEqual([]);
  expect(node).toMatchObject({
    node: expect.stringMatching(/^[a-z2-7]{12}$/),
    isAlive: true,
    connections: 2,
  });
  expect((await runParlance(["nodes"], env)).stdout).toMatch(/^NODE .*\n[a-z2-7]{12} +\d+\.\d s left +2 /);
}, 60_000);

test("a server that was killed leaves nobody online once it is started again", async () => {
  expect((await json("app", "online", "shop")).online).toBe(2);
  server.child.kill("SIGKILL");
  await server.finished;
  await start();
  expect((await json("app", "online", "shop")).online).toBe(0);
  const nodes = await json("nodes");
  expect(nodes.map((node: { isAlive: boolean }) => node.isAlive)).toEqual([false, true]);
}, 60_000);

test("what is asked wrongly is refused", async () => {
  const unknown = await runParlance(["app", "online", "nowhere"], env);
  expect([unknown.code, unknown.stderr]).toEqual([
    1,
    "There is no app with the key nowhere; `parlance app list` shows all.\n",
  ]);
  for (const limit of ["0", "1001", "many"]) {
    const refused = await runParlance(["app", "online", "shop", "--list", "--limit", limit], env);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("It must be a number from 1 to 1000.");
  }
}, 60_000);
