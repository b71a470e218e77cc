import { afterAll, describe, expect, test } from "bun:test";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cleanEnvironment,
  launcher,
  runParlance,
  spawnParlance,
  watchProcess,
} from "../testing/parlance-process.ts";
import { until } from "../testing/until.ts";

const folder = mkdtempSync(join(tmpdir(), "parlance-start-"));
afterAll(() => rmSync(folder, { recursive: true }));

let folders = 0;
const freshEnv = () => ({
  PARLANCE_DATA: join(folder, `data${folders++}`),
  PARLANCE_HOST: "127.0.0.1",
  PARLANCE_PORT: "0",
});

const startListening = async (env: Record<string, string> = freshEnv()) => {
  const server = spawnParlance(["start"], env);
  const [, url] = await server.waitFor(/listening on (http:\S+)/);
  return { ...server, url: String(url) };
};

/** Resolves when nothing answers any more. */
const untilGone = (url: string): Promise<void> =>
  until("nothing answers any more", async () => {
    const response = await fetch(`${url}/healthz`).catch(() => null);
    await response?.body?.cancel();
    return response === null;
  });

describe("parlance start", () => {
  test("greets on stderr, logs JSON on stdout, listens again, and leaves with 0 on SIGTERM", async () => {
    const env = freshEnv();
    const first = await startListening(env);
    expect((await fetch(`${first.url}/healthz`)).status).toBe(200);
    first.child.kill("SIGTERM");
    const { code, stdout, stderr } = await first.finished;
    expect([code, stderr]).toEqual([0, `Parlance is listening on ${first.url}\n`]);
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).event);
    expect(events).toContain("listening");
    await untilGone(first.url);

    const second = await startListening(env);
    second.child.kill("SIGINT");
    expect((await second.finished).code).toBe(0);
  }, 60_000);

  test("a launcher that is killed takes the server with it", async () => {
    const { child, url } = await startListening();
    child.kill("SIGKILL");
    await untilGone(url);
  }, 60_000);

  describe("with a request that does not end", () => {
    const secret = "top-secret-1";

    /** A back end that sends half a body and waits. */
    const startBusy = async (drainSeconds: string) => {
      const apps = `Shop:shop:${secret}`;
      const server = await startListening({
        ...freshEnv(),
        PARLANCE_APPS: apps,
        PARLANCE_DRAIN_SECONDS: drainSeconds,
      });
      const { port } = new URL(server.url);
      const socket = connect(Number(port), "127.0.0.1");
      socket.on("error", () => {});
      const head = `POST /server-to-server/v1/chat-room/ HTTP/1.1\r\nHost: x\r\nX-Application-Secret: ${secret}\r\n`;
      socket.write(`${head}Content-Length: 100\r\n\r\ntype=1`);
      // The server has read this far when it answers a later request.
      await (await fetch(`${server.url}/healthz`)).body?.cancel();
      return server;
    };

    test("the drain ends in time and with 0", async () => {
      const server = await startBusy("1");
      const started = performance.now();
      server.child.kill("SIGTERM");
      expect((await server.finished).code).toBe(0);
      // Long before the request would: that one never ends.
      expect(performance.now() - started).toBeLessThan(20_000);
    }, 60_000);

    test("a second signal ends it at once, but not the copies of the first", async () => {
      const server = await startBusy("9");
      const started = performance.now();
      const again = setInterval(() => server.child.kill("SIGTERM"), 100);
      const { code, stdout } = await server.finished;
      clearInterval(again);
      expect(code).toBe(1);
      expect(performance.now() - started).toBeGreaterThan(500);
      // Neither the drain's end nor its last resort came first.
      expect(stdout).not.toMatch(/"drained"|"drain did not end in time"/);
    }, 60_000);
  });

  test("a port that is taken is named", async () => {
    const other = createServer();
    const port = await new Promise<string>((resolve) =>
      other.listen(0, "127.0.0.1", () => resolve(String((other.address() as { port: number }).port))),
    );
    const env = { ...freshEnv(), PARLANCE_PORT: port };
    const { code, stderr } = await runParlance(["start"], env);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`Port ${port} is taken`)]);
    const doctor = await runParlance(["doctor"], env);
    expect([doctor.code, doctor.stderr]).toEqual([1, "1 of 8 checks failed.\n"]);
    expect(doctor.stdout).toContain(`Something else listens on port ${port}.`);
    other.close();
  }, 60_000);

  test("so is one that another Parlance holds: two must never share it", async () => {
    const first = await startListening();
    const env = { ...freshEnv(), PARLANCE_PORT: new URL(first.url).port };
    const second = spawnParlance(["start"], env);
    await second.waitFor(/listening on|is taken/);
    second.child.kill("SIGTERM");
    const { code, stderr } = await second.finished;
    first.child.kill("SIGTERM");
    await first.finished;
    expect([code, stderr]).toEqual([1, expect.stringContaining("is taken")]);
  }, 60_000);

  test("below npm, the server drains when npm's shell is gone", async () => {
    const env = { ...freshEnv(), npm_lifecycle_event: "start" };
    // The shell is the launcher's parent and is killed alone, as npm does it.
    const script = `${JSON.stringify("node")} ${JSON.stringify(launcher)} start & wait`;
    const shell = spawn("sh", ["-c", script], {
      env: { ...cleanEnvironment(), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { waitFor, finished } = watchProcess(shell);
    const [, url] = await waitFor(/listening on (http:\S+)/);
    shell.kill("SIGTERM");
    await untilGone(String(url));
    expect((await finished).stdout).toContain('"event":"drained"');
  }, 60_000);

  test("a wrong setting stops the start with a sentence", async () => {
    const { code, stdout, stderr } = await runParlance(["start"], {
      ...freshEnv(),
      PARLANCE_DRAIN_SECONDS: "10",
      PARLANCE_APPS: "a:a:top-secret-1,b:b:top-secret-1",
      PARLANCE_HOSST: "x",
    });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr.split("\n")).toEqual([
      "PARLANCE_HOSST is not a setting; did you mean PARLANCE_HOST?",
      "PARLANCE_APPS: entries 1 and 2 have the same secret; each must have its own.",
      'PARLANCE_DRAIN_SECONDS: must be a whole number from 0 to 9; it is "10".',
      "",
    ]);
  }, 60_000);

  test("a file in the place of the database is named", async () => {
    const env = freshEnv();
    await Bun.write(join(env.PARLANCE_DATA, "parlance.sqlite"), "x".repeat(10_000));
    const { code, stderr } = await runParlance(["start"], env);
    expect(code).toBe(1);
    expect(stderr).toStartWith(`Cannot open the database ${join(env.PARLANCE_DATA, "parlance.sqlite")}`);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  }, 60_000);
});

describe("parlance config and openapi", () => {
  test("config shows values, sources and no secret", async () => {
    const env = { ...freshEnv(), PARLANCE_APPS: "Shop:shop:top-secret-1" };
    const people = await runParlance(["config"], env);
    expect(people.stdout).toMatch(
      /^PARLANCE_APPS +1 \(hidden\) +none +PARLANCE_APPS +Apps to have at start/m,
    );
    expect(people.stdout).not.toContain("top-secret-1");
    const programs = await runParlance(["config", "--json"], env);
    expect(programs.stdout).not.toContain("top-secret-1");
    expect(JSON.parse(programs.stdout)).toContainEqual({
      name: "PARLANCE_PORT or PORT",
      value: 0,
      default: 8080,
      source: "PARLANCE_PORT",
      allowed: "a whole number from 0 to 65535",
      sentence: "TCP port for HTTP and sockets; 0 takes any free one.",
    });
  }, 60_000);

  test("openapi prints the document", async () => {
    const { code, stdout } = await runParlance(["openapi"], {});
    const document = JSON.parse(stdout);
    expect([code, document.openapi]).toEqual([0, "3.1.0"]);
    expect(Object.keys(document.paths)).toContain("/server-to-server/v1/session/open-session/");
    const other = await runParlance(["openapi", "rongcloud"], {});
    expect(JSON.parse(other.stdout).info.title).toContain("RongCloud");
    expect((await runParlance(["openapi", "another"], {})).stderr).toContain("i2a, rongcloud");
  }, 60_000);
});
