/** Who comes back while a server starts again waits or gets in, and is never told that their secret or token is wrong. */

import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { i2aBackEnd } from "../packages/server/src/testing/i2a-back-end.ts";
import { until } from "../packages/server/src/testing/until.ts";
import { freePort, type ServerProcess, startServerProcess } from "./server-process.ts";

const secret = "secret-of-the-restart-test";
const restarts = 5;

const dataDir = mkdtempSync(join(tmpdir(), "parlance-restart-"));
let server: ServerProcess | undefined;
afterAll(async () => {
  server?.process.kill("SIGKILL");
  await server?.exited;
  rmSync(dataDir, { recursive: true, force: true });
});

async function statusOf(request: Promise<Response>): Promise<number | "no answer"> {
  try {
    return (await request).status;
  } catch {
    return "no answer";
  }
}

test(`${restarts} restarts under a storm of calls and handshakes`, async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PORT: String(port),
    PARLANCE_HOST: "127.0.0.1",
    PARLANCE_DATA: dataDir,
    PARLANCE_LOG_LEVEL: "warn",
  };
  server = await startServerProcess(url, { ...env, PARLANCE_APPS: `r:r:${secret}` });
  const token = await i2aBackEnd(url, secret).token("ann");
  const seen = new Map<string, number>();
  let isOver = false;
  const storm = async () => {
    while (!isOver) {
      const headers = { "x-application-secret": secret, "x-token": token, connection: "close" };
      for (const path of ["/server-to-server/v1/ping/", "/socket/"]) {
        const status = `${path} ${await statusOf(fetch(url + path, { headers }))}`;
        seen.set(status, (seen.get(status) ?? 0) + 1);
      }
    }
  };
  const storms = [storm(), storm(), storm()];
  for (let restart = 0; restart < restarts; restart++) {
    server.process.kill(restart % 2 === 0 ? "SIGTERM" : "SIGKILL");
    const [code] = await server.exited;
    if (restart % 2 === 0) expect(code).toBe(0);
    server = await startServerProcess(url, env);
  }
  // The last server may have been ready before any of the storm met it.
  await until("calls and handshakes got in", () =>
    ["/server-to-server/v1/ping/ 200", "/socket/ 426"].every((status) => seen.has(status)),
  );
  isOver = true;
  await Promise.all(storms);
  // 426: the token is good, and a plain request is told to upgrade. 429 is the rate of calls.
  const fine = /no answer|\/ping\/ (200|429|503)|\/socket\/ (426|503)/;
  expect([...seen.keys()].filter((status) => !fine.test(status))).toEqual([]);
}, 240_000);

test("a second server on the same data is refused with a sentence, until the first one is gone", async () => {
  const port = await freePort();
  const env = { PARLANCE_HOST: "127.0.0.1", PARLANCE_DATA: dataDir, PORT: String(port) };
  const second = await startServerProcess(`http://127.0.0.1:${port}`, env).catch((error: Error) => error);
  expect(second).toHaveProperty("message", expect.stringContaining("Another Parlance runs on the data in"));
  server?.process.kill("SIGKILL");
  await server?.exited;
  server = await startServerProcess(`http://127.0.0.1:${port}`, env);
}, 120_000);
