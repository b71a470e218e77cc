import { setTimeout as delay } from "node:timers/promises";
import type { Address } from "../dialects/dialect.ts";
import { freePort, killProcess, newFolder, removeFolder, track } from "../processes.ts";

/** A server under test, started for one run and killed after it. */
export interface RunningServer {
  address: Address;
  pid: number;
  stop(): Promise<void>;
}

export interface Launch {
  command: string[];
  env(port: number, folder: string): Record<string, string>;
  /** Answers 200 when the server is ready. */
  readyPath: string;
}

const READY_MILLIS = 60_000;
const LAST_WORDS = 1500;

/** Starts the command on a free port with a folder of its own, and waits until it is ready. */
export async function startServer(launch: Launch): Promise<RunningServer> {
  const port = await freePort();
  const folder = newFolder();
  const child = track(
    Bun.spawn({
      cmd: launch.command,
      cwd: folder,
      env: { PATH: process.env.PATH ?? "", HOME: folder, ...launch.env(port, folder) },
      stdio: ["ignore", "ignore", "pipe"],
    }),
  );
  const lastWords = keepEnd(child.stderr);
  const stop = async () => {
    await killProcess(child);
    removeFolder(folder);
  };
  try {
    await untilReady(`http://127.0.0.1:${port}${launch.readyPath}`, () => child.exitCode);
  } catch (error) {
    await stop();
    throw new Error(`${launch.command.join(" ")}: ${(error as Error).message}\n${await lastWords}`);
  }
  return { address: { host: "127.0.0.1", port }, pid: child.pid, stop };
}

async function untilReady(url: string, exitCode: () => number | null): Promise<void> {
  const deadline = performance.now() + READY_MILLIS;
  for (;;) {
    if (exitCode() !== null) throw new Error(`exited with code ${exitCode()}`);
    if (performance.now() > deadline) throw new Error("not ready after a minute");
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.status === 200) return;
    await delay(50);
  }
}

/** The end of what a process said, for the error message should it fail. */
async function keepEnd(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) text = (text + decoder.decode(chunk)).slice(-LAST_WORDS);
  return text;
}
