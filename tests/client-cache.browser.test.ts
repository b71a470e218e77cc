import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { launchChromium } from "./browser.ts";

let browser: Browser;
let server: ReturnType<typeof Bun.serve>;

beforeAll(async () => {
  const entry = join(import.meta.dir, "../packages/client/src/testing/cache-in-browser.ts");
  const { outputs } = await Bun.build({ entrypoints: [entry], target: "browser" });
  const script = await (outputs[0] as Blob).text();
  server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) =>
      url.endsWith(".js")
        ? new Response(script, { headers: { "content-type": "text/javascript" } })
        : new Response('<!doctype html><script type="module" src="/cache.js"></script>', {
            headers: { "content-type": "text/html" },
          }),
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.stop(true);
});

test("the browser's cache does what a cache has to do", async () => {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.port}/`);
  await page.waitForFunction(() => "faults" in globalThis, undefined, { timeout: 20_000 });
  expect(await page.evaluate(() => (globalThis as { faults?: string[] }).faults)).toEqual([]);
});
