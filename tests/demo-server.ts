import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { launchChromium } from "./browser.ts";
import { freePort, startServerProcess } from "./server-process.ts";

const build = resolve(import.meta.dir, "../scripts/demo-page.mjs");

export interface DemoServer {
  url: string;
  browser: Browser;
  stop(): Promise<void>;
}

export const buildDemo = (): void => void execFileSync("node", [build]);

/** The server with the demo, in a process of its own, and a browser to look at it. */
export async function startDemoServer(env: Record<string, string> = {}): Promise<DemoServer> {
  buildDemo();
  const folder = mkdtempSync(join(tmpdir(), "parlance-demo-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const settings = { PARLANCE_DATA: folder, PORT: String(port), PARLANCE_HOST: "127.0.0.1", ...env };
  const browser = await launchChromium();
  const server = await startServerProcess(url, settings, ["--demo"]);
  return {
    url,
    browser,
    async stop() {
      await browser.close();
      server.process.kill("SIGKILL");
      await server.exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
