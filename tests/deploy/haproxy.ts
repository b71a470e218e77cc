/** A real HAProxy with deploy/haproxy.cfg, its addresses replaced by those of this machine. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startPatience } from "../../packages/server/src/testing/until.ts";
import { freePort } from "../server-process.ts";

const root = resolve(import.meta.dir, "../..");
export const haproxyConfig = join(root, "deploy/haproxy.cfg");

/** Finding may mean installing, which happens once. */
export const findHaproxy = (): string =>
  execFileSync("node", [join(root, "scripts/haproxy.mjs")], {
    encoding: "utf8",
    timeout: 10 * 60_000,
  }).trim();

/** Throws with what HAProxy says. */
export const checkConfig = (program: string, file: string): void => {
  execFileSync(program, ["-c", "-f", file], { stdio: ["ignore", "ignore", "pipe"], timeout: 30_000 });
};

export interface Haproxy {
  url: string;
  stop(): Promise<void>;
}

const replaceOnce = (text: string, from: string, to: string): string => {
  if (text.split(from).length !== 2) throw new Error(`deploy/haproxy.cfg does not name ${from} once.`);
  return text.replace(from, to);
};

/** Resolves when it lets calls through. `ports`: of the nodes, in the order of the file's servers. */
export async function startHaproxy(program: string, ports: readonly number[]): Promise<Haproxy> {
  const port = await freePort();
  let config = replaceOnce(readFileSync(haproxyConfig, "utf8"), "bind :8080", `bind 127.0.0.1:${port}`);
  for (const [index, node] of ports.entries())
    config = replaceOnce(config, ` parlance-${index + 1}:8080`, ` 127.0.0.1:${node}`);
  const folder = mkdtempSync(join(tmpdir(), "parlance-haproxy-"));
  const file = join(folder, "haproxy.cfg");
  writeFileSync(file, config);
  const child: ChildProcess = spawn(program, ["-db", "-f", file], { stdio: "ignore" });
  const killNow = () => child.kill("SIGKILL");
  process.on("exit", killNow);
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    }
    process.off("exit", killNow);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + startPatience;
  while (!(await isReady(url))) {
    if (child.exitCode === null && Date.now() < deadline) await new Promise((go) => setTimeout(go, 20));
    else {
      await stop();
      throw new Error("HAProxy does not start.");
    }
  }
  return { url, stop };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
