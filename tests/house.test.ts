/** The rules of the house that a machine can check: who may import whom, where the runtime shows, how large files are. */

import { describe, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const root = resolve(import.meta.dir, "..");
const server = join(root, "packages/server/src");

const sources = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root })
  .toString()
  .split("\n")
  .filter((file) => /\.(ts|tsx|js|mjs)$/.test(file) && existsSync(join(root, file)));

const read = (file: string): string => readFileSync(join(root, file), "utf8");

const isTest = (file: string): boolean =>
  /\.(test|contract)\.tsx?$|(^|\/)(testing|tests|store-contract)\//.test(file);

/** Rooms of the server and the rooms each may enter, besides itself. Whoever is missing here may enter none. */
const mayImport: Record<string, readonly string[]> = {
  "app.ts": [
    "adapters",
    "config.ts",
    "core",
    "dialects",
    "gateway",
    "http",
    "observe",
    "ports",
    "service",
    "errors.ts",
  ],
  "main.ts": ["cli"],
  "errors.ts": [],
  "config.ts": ["config"],
  config: [],
  ports: ["errors.ts"],
  core: ["ports", "errors.ts"],
  adapters: ["ports", "errors.ts", "config.ts"],
  http: ["errors.ts"],
  gateway: ["core", "ports", "errors.ts"],
  dialects: ["core", "gateway", "http", "ports", "errors.ts"],
  observe: ["config.ts"],
  service: ["dialects", "http", "observe", "ports"],
  cli: [
    "app.ts",
    "adapters",
    "config.ts",
    "config",
    "core",
    "dialects",
    "http",
    "observe",
    "ports",
    "errors.ts",
  ],
};

interface Import {
  from: string;
  to: string;
}

function importsOf(file: string): Import[] {
  const found = read(file).matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  return [...found].map(([, target]) => ({
    from: file,
    to: relative(root, resolve(root, dirname(file), target as string)),
  }));
}

const roomOf = (file: string): string | null => {
  const path = relative(server, join(root, file));
  return path.startsWith("..") ? null : (path.split("/")[0] as string);
};

const imports = sources.filter((file) => !isTest(file)).flatMap(importsOf);

describe("who may import whom", () => {
  test("the server's rooms keep to their neighbours", () => {
    const trespasses = imports.filter(({ from, to }) => {
      const [room, neighbour] = [roomOf(from), roomOf(to)];
      if (room === null || neighbour === null || room === neighbour) return false;
      return !mayImport[room]?.includes(neighbour);
    });
    expect(trespasses).toEqual([]);
  });

  test("an adapter and a dialect know no other one", () => {
    const part = (file: string) => /packages\/server\/src\/(adapters|dialects)\/([^/]+)\//.exec(file)?.[0];
    const trespasses = imports.filter(({ from, to }) => part(from) && part(to) && part(from) !== part(to));
    expect(trespasses).toEqual([]);
  });

  test("nothing that is shipped imports what is for tests", () => {
    expect(imports.filter(({ to }) => isTest(to))).toEqual([]);
  });

  test("packages reach into each other only where the demo is served", () => {
    const house = (file: string) => /^(packages|examples)\/[^/]+/.exec(file)?.[0];
    const crossings = imports.filter(({ from, to }) => house(from) && house(to) && house(from) !== house(to));
    expect(crossings).toEqual([
      { from: "packages/server/src/service/demo.ts", to: "packages/demo/src/index.ts" },
      { from: "packages/server/src/service/demo.ts", to: "examples/i2a-backend/src/index.ts" },
    ]);
  });
});

describe("where the runtime shows", () => {
  const shipped = sources.filter((file) => file.startsWith("packages/server/src/") && !isTest(file));

  test("only the transport and main.ts use the runtime's own APIs", () => {
    const users = shipped.filter((file) => /\bBun\.|from "bun(:\w+)?"|import\.meta\.dir\b/.test(read(file)));
    expect(users.filter((file) => !/adapters\/transport-bun\/|src\/main\.ts$/.test(file))).toEqual([]);
  });

  test("only the settings and the launcher's lifeline read the environment", () => {
    const readers = shipped.filter((file) => /process\.env\b|Bun\.env\b/.test(read(file)));
    expect(readers).toEqual(["packages/server/src/cli/lifeline.ts", "packages/server/src/config.ts"]);
  });
});

describe("files", () => {
  const lines = (file: string): number => read(file).split("\n").length - 1;

  test("none has more than 400 lines, half have fewer than 100", () => {
    const sizes = sources.map((file) => ({ file, lines: lines(file) })).sort((a, b) => a.lines - b.lines);
    expect(sizes.filter((size) => size.lines > 400)).toEqual([]);
    expect(sizes[Math.floor(sizes.length / 2)]?.lines).toBeLessThan(100);
  });

  test("say what they hold", () => {
    expect(sources.filter((file) => /(^|[/.-])(utils?|helpers?|managers?|common)[/.-]/.test(file))).toEqual(
      [],
    );
  });

  test("name no folder of the machine they were written on", () => {
    expect(sources.filter((file) => new RegExp(`["'\`\\s(]/${"work"}/`).test(read(file)))).toEqual([]);
  });
});
