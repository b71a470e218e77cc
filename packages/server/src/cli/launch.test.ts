import { afterAll, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
// @ts-expect-error The launcher runs before anything is installed, so it is plain JavaScript without types.
import { findBun } from "../../bin/launch.mjs";

const modules = mkdtempSync(join(tmpdir(), "parlance-launch-"));
afterAll(() => rmSync(modules, { recursive: true }));

const placeholder = (...path: string[]): string => {
  const file = join(modules, ...path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "placeholder");
  return file;
};

test("Bun is found where its install script put it, else in the platform's package, else the reader is told", () => {
  const own = placeholder("bun", "bin", "bun.exe");
  expect(() => findBun(modules)).toThrow("run `npm ci` again");
  const platform = placeholder("@oven", "bun-linux-x64", "bin", "bun");
  truncateSync(platform, 2_000_000);
  chmodSync(platform, 0o755);
  expect(findBun(modules)).toBe(platform);
  truncateSync(own, 2_000_000);
  expect(findBun(modules)).toBe(own);
});
