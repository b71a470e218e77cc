/** Whoever calls the demo's back end too often is told so, in the answer and on the page; nobody else is. */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { createDemo, type Demo } from "../packages/demo/src/index.ts";
import { listenBun } from "../packages/server/src/adapters/transport-bun/listen.ts";
import type { Listener } from "../packages/server/src/ports/transport.ts";
import { launchChromium } from "./browser.ts";
import { buildDemo } from "./demo-server.ts";

setDefaultTimeout(120_000);
const folder = mkdtempSync(join(tmpdir(), "parlance-demo-"));
let demo: Demo;
let listener: Listener;
let browser: Browser;

/** Hardly ever more than one call, so that it doesn't matter how long anything takes. */
beforeAll(async () => {
  buildDemo();
  demo = createDemo({
    apiUrl: "http://127.0.0.1:1",
    app: { key: "demo", secret: "none" },
    file: join(folder, "demo.sqlite"),
    basePath: "/demo",
    calls: { burst: 1, perSecond: 0.000_1 },
  });
  const nobody = async () => new Response(null, { status: 404 });
  listener = await listenBun<never>(
    { host: "127.0.0.1", port: 0, maxBodyBytes: 65_536, maxFrameBytes: 65_536, maxWaitingBytes: 65_536 },
    { request: demo.fetch, upgrade: nobody, opened() {}, received() {}, heard() {}, closed() {} },
  );
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await listener?.close();
  demo?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the answer says when to come back", async () => {
  const ask = (address: string) => demo.fetch(new Request("http://demo.test/demo/api/people"), address);
  expect((await ask("10.0.0.1")).status).toBe(200);
  const refused = await ask("10.0.0.1");
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(9_000);
  expect(await refused.json()).toEqual({
    error: expect.stringMatching(/^That was too much at once: try again in \d+ seconds\.$/),
  });
  expect((await ask("10.0.0.2")).status).toBe(200);
});

test("the page says it to who signs in, and is itself always served", async () => {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${listener.port}/demo/`);
  await page.getByRole("button", { name: "I am Ann" }).click();
  await page.getByRole("alert").filter({ hasText: "That was too much at once" }).waitFor();
  await page.getByRole("button", { name: "I am Ann" }).and(page.locator(":enabled")).waitFor();
});
