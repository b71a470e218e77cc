/** A node as a supervisor runs it: a process of its own that is started again whenever it ends and should not have. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { after } from "./visit.ts";

const main = fileURLToPath(new URL("../../../server/src/main.ts", import.meta.url));

const startPatience = 60_000;
const restartPause = 200;
const mostOutput = 20_000;
/** A drain promises to be over by then. */
const drainPatience = 10_000;

export class NodeProcess {
  readonly url: string;
  /** Ends that nobody asked for after the node had been ready, with the last of what it said. */
  readonly crashes: string[] = [];
  /** Drains that took too long or ended with an error. */
  readonly badDrains: string[] = [];
  readonly #env: Record<string, string>;
  #child: ChildProcess | null = null;
  #shouldRun = false;
  #wasReady = false;
  #output = "";
  readonly #killNow = () => void this.#child?.kill("SIGKILL");

  /** `env` is all of its environment besides PATH. */
  constructor(url: string, env: Record<string, string>) {
    this.url = url;
    this.#env = env;
    // When the run is broken off.
    process.on("exit", this.#killNow);
  }

  get lastWords(): string {
    return this.#output.slice(-3000);
  }

  /** Resolves when it can take messages; throws after a minute without. */
  async start(): Promise<void> {
    this.#shouldRun = true;
    this.#spawn();
    const deadline = Date.now() + startPatience;
    while (!(await this.#isReady())) {
      if (Date.now() > deadline)
        throw new Error(`node ${this.url} is not ready after a minute:\n${this.lastWords}`);
      await after(20);
    }
    this.#wasReady = true;
  }

  async kill(): Promise<void> {
    this.#shouldRun = false;
    const child = this.#child;
    if (!child || isOver(child)) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  /** Kills it and forgets it. */
  async close(): Promise<void> {
    await this.kill();
    process.off("exit", this.#killNow);
  }

  /** SIGTERM; resolves when the process is gone, which is checked to be in time and without an error. */
  async drain(): Promise<void> {
    this.#shouldRun = false;
    const child = this.#child;
    if (!child || isOver(child)) return;
    const exited = once(child, "exit");
    const begunAt = performance.now();
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), drainPatience + 1000);
    const [code, signal] = await exited;
    clearTimeout(late);
    const took = Math.round(performance.now() - begunAt);
    if (code !== 0 || took > drainPatience)
      this.badDrains.push(
        `${this.url} drained for ${took} ms and ended with ${code ?? signal}:\n${this.lastWords}`,
      );
  }

  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
  }

  /** Most bytes a file of it may have from now on; null lifts the bound. Needs util-linux. */
  limitFiles(bytes: number | null): Promise<unknown> {
    const limit = `--fsize=${bytes ?? "unlimited"}:unlimited`;
    return once(spawn("prlimit", [`--pid=${this.#child?.pid}`, limit], { stdio: "ignore" }), "exit");
  }

  #spawn(): void {
    this.#wasReady = false;
    // Past its limit of file sizes a process gets this signal; ignored, it gets an error from its write instead.
    const command = ["--ignore-signal=XFSZ", process.execPath, "--no-env-file", main, "start"];
    const child = spawn("env", command, {
      env: { PATH: process.env.PATH ?? "", ...this.#env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => {
        this.#output = (this.#output + data).slice(-mostOutput);
      });
    child.once("exit", (code, signal) => {
      if (!this.#shouldRun) return;
      if (this.#wasReady) this.crashes.push(`${this.url} ended with ${code ?? signal}:\n${this.lastWords}`);
      const wasReady = this.#wasReady;
      setTimeout(() => {
        if (!this.#shouldRun) return;
        this.#spawn();
        this.#wasReady = wasReady;
      }, restartPause);
    });
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2500) })).ok;
    } catch {
      return false;
    }
  }
}

const isOver = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
