import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const bundle = async (file: string): Promise<string> => {
  const { outputs, success } = await Bun.build({
    entrypoints: [join(import.meta.dir, file)],
    minify: true,
    target: "browser",
  });
  expect(success).toBe(true);
  return (outputs[0] as Blob).text();
};

const compressed = (text: string): number => Bun.gzipSync(Buffer.from(text)).length;

describe("the bundle", () => {
  test("has fewer than 20 KB, compressed, and imports nothing", async () => {
    const text = await bundle("index.ts");
    expect(text.length).toBeGreaterThan(10_000);
    expect(compressed(text)).toBeLessThan(20_000);
    expect(text).not.toMatch(/\b(?:from|import|require)\s*\(?["']/);
  });

  test("needs no runtime of its own", async () => {
    expect(await bundle("index.ts")).not.toMatch(/\bBun\.|\bprocess\.|node:|\bBuffer\b|\bdocument\./);
    expect(await bundle("index.ts")).not.toMatch(/structuredClone|TextEncoder|isWellFormed/);
    expect(await bundle("msgpack.ts")).not.toContain("isWellFormed");
  });

  test("has the compact codec only where it is asked for", async () => {
    const [without, codec] = [await bundle("index.ts"), await bundle("msgpack.ts")];
    expect(without).not.toContain("getFloat64");
    expect(codec).toContain("getFloat64");
    expect(compressed(without) + compressed(codec)).toBeLessThan(20_000);
  });

  test("depends on no package", () => {
    const file = join(import.meta.dir, "../package.json");
    expect(JSON.parse(readFileSync(file, "utf8")).dependencies).toBeUndefined();
  });
});
