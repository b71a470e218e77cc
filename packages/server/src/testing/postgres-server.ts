/** A real PostgreSQL of its own for tests: in a temporary folder, on a free port of 127.0.0.1, gone afterwards. */

import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { freePort } from "./free-port.ts";
import { startPatience } from "./until.ts";

const packaged = "/usr/lib/postgresql";

/** Where the server's programs are; `npm test` finds or installs them and says where in PARLANCE_POSTGRESQL. */
const findPrograms = (): string => {
  const versions = existsSync(packaged) ? readdirSync(packaged) : [];
  const folders = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(packaged, version, "bin"));
  const found = [process.env.PARLANCE_POSTGRESQL, ...folders].find(
    (folder) => folder && existsSync(join(folder, "initdb")),
  );
  if (found) return found;
  throw new Error(
    "There is no PostgreSQL server here. `npm test` installs one, or PARLANCE_POSTGRESQL names its programs' folder.",
  );
};

/** PostgreSQL refuses to run as root, so then it runs as the user that its package made. */
const serverUser = (): { id: number; group: number } | null => {
  if (process.getuid?.() !== 0) return null;
  const ask = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { id: ask("-u"), group: ask("-g") };
};

export interface PostgresServer {
  readonly port: number;
  /** `via`: the port of something that leads here. */
  url(database: string, via?: number): string;
  /** A new, empty database; returns its name. */
  createDatabase(): Promise<string>;
  /** Runs a statement as the owner of everything. */
  query(database: string, text: string): Promise<Record<string, unknown>[]>;
  /** SIGKILL: its memory is lost, its files are as they are at that moment. */
  kill(): Promise<void>;
  /** Again, after `kill`. */
  start(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** `settings` as `name=value`; everything else is PostgreSQL's default, durable commits included. */
export const startPostgres = async (settings: readonly string[] = []): Promise<PostgresServer> => {
  const programs = findPrograms();
  const user = serverUser();
  const folder = mkdtempSync(join(tmpdir(), "parlance-postgres-"));
  const data = join(folder, "data");
  const password = randomBytes(12).toString("hex");
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  mkdirSync(data, { mode: 0o700 });
  if (user) for (const path of [folder, data, passwordFile]) chownSync(path, user.id, user.group);

  const command = (program: string, args: readonly string[]): [string, string[]] => {
    const path = join(programs, program);
    if (user === null) return [path, [...args]];
    return ["setpriv", [`--reuid=${user.id}`, `--regid=${user.group}`, "--clear-groups", path, ...args]];
  };
  const setUp = ["-D", data, "-U", "parlance", "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8"];
  const [initdb, initArguments] = command("initdb", [...setUp, "--locale=C.UTF-8", "--no-sync"]);
  await promisify(execFile)(initdb, initArguments, { cwd: folder });

  let port = await freePort();
  let child: ChildProcess | undefined;
  let said = "";
  let wasReady = false;
  const url = (database: string, via = port) =>
    `postgres://parlance:${password}@127.0.0.1:${via}/${database}`;

  const query = async (database: string, text: string) => {
    const client = new pg.Client({ connectionString: url(database), connectionTimeoutMillis: 20_000 });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  };

  const end = async (signal: NodeJS.Signals) => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  };

  /** After a kill the old processes may hold its memory for a moment, and it refuses to start until they are gone. */
  const start = async () => {
    const deadline = Date.now() + startPatience;
    for (;;) {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
        // Somebody else was quicker; later others know the port.
        if (!wasReady && said.includes("could not bind")) port = await freePort();
        said = "";
        const own = ["listen_addresses=127.0.0.1", `port=${port}`, "unix_socket_directories=", ...settings];
        const asked = own.flatMap((setting) => ["-c", setting]);
        const [program, args] = command("postgres", ["-D", data, ...asked]);
        child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"], cwd: folder });
        child.stderr?.on("data", (chunk) => {
          said = (said + chunk).slice(-4000);
        });
      }
      try {
        await query("postgres", "select 1");
        wasReady = true;
        return;
      } catch (error) {
        if (Date.now() > deadline) throw new Error(`PostgreSQL does not start: ${said}`, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  };

  /** When the tests end without calling `stop`. */
  const cleanUp = () => {
    child?.kill("SIGQUIT");
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", cleanUp);
  await start();

  let databases = 0;
  return {
    port,
    url,
    query,
    async createDatabase() {
      const name = `test_${++databases}`;
      await query("postgres", `create database ${name}`);
      return name;
    },
    kill: () => end("SIGKILL"),
    start,
    async stop() {
      // Ends the connections that are left; SIGTERM would wait for them.
      await end("SIGINT");
      process.off("exit", cleanUp);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
