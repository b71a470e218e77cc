import { describe, expect, test } from "bun:test";
import { failureOf } from "../../../testing/failure-of.ts";
import { unzip } from "../../../testing/unzip.ts";
import { zipLines } from "./zip.ts";

const date = new Date("2026-02-03T04:05:06Z");

async function* linesOf(lines: Iterable<string>) {
  yield* lines;
}

const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
};

describe("an archive", () => {
  test("holds the lines, none or many, in whatever language", async () => {
    for (const lines of [
      [],
      ["one\n"],
      Array.from({ length: 50_000 }, (_, n) => `{"n":${n},"t":"消息 🎉"}\n`),
    ]) {
      const archive = await collect(zipLines("2026020304.log", date, linesOf(lines)));
      expect(unzip(archive)).toEqual({ name: "2026020304.log", text: lines.join("") });
    }
  });

  test("is made as it is read: who stops ends the reading of what it is made from", async () => {
    let made = 0;
    let isEnded = false;
    async function* endless() {
      try {
        for (;;) yield `${made++} ${Math.random()}\n`;
      } finally {
        isEnded = true;
      }
    }
    for await (const _ of zipLines("a.log", date, endless())) if (made > 10_000) break;
    expect(isEnded).toBe(true);
    expect(made).toBeLessThan(1_000_000);
  });

  test("fails when its lines do", async () => {
    async function* failing() {
      yield "one\n";
      throw new Error("the store is away");
    }
    expect(await failureOf(collect(zipLines("a.log", date, failing())))).toMatch("the store is away");
  });
});
