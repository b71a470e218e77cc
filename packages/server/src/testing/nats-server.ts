/** A real nats-server on a private port of 127.0.0.1. Imported by tests only. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { connect } from "node:net";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";
import { startPatience } from "./until.ts";

export interface NatsServer {
  readonly port: number;
  /** As `PARLANCE_BUS` wants it. */
  readonly url: string;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port after `kill`. */
  start(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing is read or answered. Resolves when it has taken effect. */
  freeze(): Promise<void>;
  /** SIGCONT. */
  thaw(): void;
  /** Ends the process if it still runs. */
  close(): Promise<void>;
}

/** Where `npm test` unpacks it, so that one test can be run by hand afterwards. */
const unpacked = fileURLToPath(
  new URL("../../../../node_modules/.cache/nats-server/usr/sbin/nats-server", import.meta.url),
);

function findProgram(): string {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/bin"];
  const candidates = [
    process.env.PARLANCE_NATS_SERVER ?? "",
    ...folders.filter(Boolean).map((folder) => join(folder, "nats-server")),
    unpacked,
  ];
  for (const file of candidates.filter(Boolean)) {
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {}
  }
  throw new Error("There is no nats-server. `npm test` gets one, or put it on the PATH.");
}

/** Whether a NATS server greets on the port: in time on a busy machine. One that is frozen never does. */
const greets = (port: number, milliseconds = 2000): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const timer = setTimeout(() => settle(false), milliseconds);
    const settle = (greeted: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(greeted);
    };
    socket.once("data", (data) => settle(data.toString().startsWith("INFO ")));
    socket.once("error", () => settle(false));
    socket.once("close", () => settle(false));
  });

/** Resolves with a server that greets on the port, or with null when somebody else took the port first. */
async function launch(args: readonly string[], port: number): Promise<ChildProcess | null> {
  const child = spawn(findProgram(), ["-a", "127.0.0.1", "-p", `${port}`, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said = (said + chunk).slice(-4000);
  });
  child.once("error", (error) => {
    said += error.message;
  });
  const deadline = Date.now() + startPatience;
  while (!(await greets(port)) || child.exitCode !== null) {
    if (child.exitCode !== null || child.pid === undefined || Date.now() > deadline) {
      child.kill("SIGKILL");
      if (said.includes("address already in use")) return null;
      throw new Error(`nats-server does not start: ${said}`);
    }
    await new Promise((go) => setTimeout(go, 20));
  }
  return child;
}

/** `args` are added to the command line; `credentials` ("user:password") are then asked of every client. */
export async function startNatsServer(
  options: { args?: readonly string[]; credentials?: string } = {},
): Promise<NatsServer> {
  let port = await freePort();
  const [user, password] = options.credentials?.split(":") ?? [];
  const args = [...(user ? ["--user", user, "--pass", password ?? ""] : []), ...(options.args ?? [])];
  let child = await launch(args, port);
  for (let attempt = 0; child === null && attempt < 5; attempt++) {
    port = await freePort();
    child = await launch(args, port);
  }
  if (child === null) throw new Error("nats-server finds no free port");
  const killNow = () => child?.kill("SIGKILL");
  process.on("exit", killNow);
  const kill = async () => {
    const dying = child;
    child = null;
    if (!dying || dying.exitCode !== null || dying.signalCode !== null) return;
    dying.kill("SIGKILL");
    await once(dying, "exit");
  };
  return {
    port,
    url: `nats://${user ? `${options.credentials}@` : ""}127.0.0.1:${port}`,
    kill,
    async start() {
      child ??= await launch(args, port);
      if (child === null) throw new Error(`port ${port} was taken while nats-server was away`);
    },
    async freeze() {
      child?.kill("SIGSTOP");
      while (await greets(port, 200));
    },
    thaw() {
      child?.kill("SIGCONT");
    },
    async close() {
      await kill();
      process.off("exit", killNow);
    },
  };
}
