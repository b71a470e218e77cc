import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Everything a run starts and creates, so that nothing outlives it, however it ends. */

interface Ending {
  readonly exited: Promise<number>;
  kill(signal?: NodeJS.Signals): void;
}

const living = new Set<Ending>();
const folders = new Set<string>();
const GRACE_MILLIS = 8000;

/** Remembers a child process until it exits. */
export function track<Child extends Ending>(child: Child): Child {
  living.add(child);
  void child.exited.finally(() => living.delete(child));
  return child;
}

/** SIGTERM, then SIGKILL after eight seconds; resolves when the process is gone. */
export async function endProcess(child: Ending): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MILLIS);
  await child.exited;
  clearTimeout(timer);
}

/** SIGKILL, for processes whose state nobody needs. */
export async function killProcess(child: Ending): Promise<void> {
  child.kill("SIGKILL");
  await child.exited;
}

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "parlance-bench-"));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

function removeEverything(): void {
  for (const child of living) child.kill("SIGKILL");
  for (const folder of folders) removeFolder(folder);
}

/** To be called once: whatever ends this process ends its children and removes their folders. */
export function cleanUpAtExit(): void {
  process.on("exit", removeEverything);
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)
    process.on(signal, () => process.exit(code));
}

/** A port that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
