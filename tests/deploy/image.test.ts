/** The Dockerfile, carried out without Docker: what the image holds, and that it starts, is healthy and drains. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { startPatience, until } from "../../packages/server/src/testing/until.ts";
import { freePort } from "../server-process.ts";
import { readDockerIgnore } from "./docker-ignore.ts";
import { type BuiltImage, buildImage, parseDockerfile } from "./dockerfile.ts";

const root = resolve(import.meta.dir, "../..");
const deploy = join(root, "deploy");
const read = (file: string): string => readFileSync(join(deploy, file), "utf8");

/** Files that Docker would send to the build, copied to `folder`. */
function sendContext(folder: string): string[] {
  const isSent = readDockerIgnore(read("Dockerfile.dockerignore"));
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
    .toString()
    .split("\n")
    .filter((file) => file !== "" && existsSync(join(root, file)) && isSent(file));
  for (const file of files) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    execFileSync("cp", ["-a", join(root, file), join(folder, file)]);
  }
  return files;
}

describe("the image", () => {
  let folder = "";
  let image: BuiltImage;
  let server: ReturnType<typeof run> | undefined;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "parlance-image-"));
    // The image's user must get through.
    chmodSync(folder, 0o755);
    sendContext(join(folder, "context"));
    image = buildImage(parseDockerfile(read("Dockerfile")), join(folder, "context"), folder);
  }, 180_000);
  afterAll(() => {
    server?.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  const inImage = (word: string) => (word.startsWith("/") ? join(image.root, word) : word);

  /** As the image's user, with the image's environment alone. */
  const run = (command: readonly string[], env: Record<string, string>) => {
    const { id, group } = image.user;
    const asUser = ["setpriv", `--reuid=${id}`, `--regid=${group}`, "--clear-groups"];
    const [program = "", ...args] = [...(process.getuid?.() === 0 ? asUser : []), ...command.map(inImage)];
    return spawn(program, args, {
      env: { PATH: process.env.PATH ?? "", ...env },
      cwd: image.root,
      stdio: ["ignore", "pipe", "pipe"],
    });
  };
  const environment = (more: Record<string, string>) => ({
    ...Object.fromEntries(Object.entries(image.env).map(([name, value]) => [name, inImage(value)])),
    ...more,
  });
  const exitCode = async (child: ReturnType<typeof run>) => (await once(child, "exit"))[0] as number | null;

  test("holds the program and nothing that is for building it", () => {
    const modules = readdirSync(join(image.root, "app/node_modules"));
    expect(modules).toContain("kysely");
    for (const name of ["bun", "@oven", "typescript", "@types", "playwright-core", "socket.io", "fast-check"])
      expect(modules).not.toContain(name);
    const files = execFileSync("find", [join(image.root, "app/packages"), "-name", "*.ts"]).toString();
    expect(files).toContain("packages/server/src/main.ts");
    expect(files).not.toMatch(/\.(test|contract)\.ts|\/testing\//);
    expect(image.user.id).toBeGreaterThan(999);
    expect(image.volumes).toEqual([image.env.PARLANCE_DATA ?? ""]);
  });

  test("is made of what belongs into it only", () => {
    const isSent = readDockerIgnore(read("Dockerfile.dockerignore"));
    for (const file of [
      "package-lock.json",
      "packages/server/src/app.ts",
      "packages/protocol/src/index.ts",
      "examples/i2a-backend/src/index.ts",
    ])
      expect(isSent(file)).toBe(true);
    for (const file of [".git/HEAD", "data/parlance.sqlite", "packages/server/data/x", "node_modules/x/y.js"])
      expect(isSent(file)).toBe(false);
    for (const file of ["packages/server/node_modules/x", "packages/server/src/app.test.ts", "tests/x.ts"])
      expect(isSent(file)).toBe(false);
  });

  test("starts, is healthy, keeps its data in the volume, drains on SIGTERM and leaves with 0", async () => {
    const port = await freePort();
    const env = environment({ PARLANCE_PORT: `${port}`, PARLANCE_HOST: "127.0.0.1" });
    expect(await exitCode(run(image.healthCheck, env))).toBe(1);
    const started = run(image.command, env);
    server = started;
    let said = "";
    for (const stream of [started.stdout, started.stderr]) stream.on("data", (data) => (said += data));
    const exited = exitCode(started);
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    const ready = async () => {
      if (started.exitCode !== null) throw new Error(said);
      return isReady();
    };
    await until("/readyz", ready, startPatience);
    const owner = existsSync("/proc/self") ? statSync(`/proc/${started.pid}`).uid : process.getuid?.();
    expect(owner).not.toBe(0);
    expect(await exitCode(run(image.healthCheck, env))).toBe(0);
    expect(existsSync(join(inImage("/data"), "parlance.sqlite"))).toBe(true);
    const askedAt = Date.now();
    started.kill("SIGTERM");
    expect(await exited).toBe(0);
    // Ten seconds are promised; a busy machine may be late to tell of it.
    expect(Date.now() - askedAt).toBeLessThan(20_000);
    expect(said).toContain("drained");
  }, 60_000);
});
