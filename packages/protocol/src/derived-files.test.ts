import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { derivedFiles } from "./derived-files.ts";
import { renderReference } from "./reference/page.ts";

const root = join(import.meta.dir, "../../..");

for (const [path, render] of Object.entries(derivedFiles))
  test(`${path} is what the tables say; if not, run: npm run reference`, () => {
    expect(readFileSync(join(root, path), "utf8") === render()).toBe(true);
  });

test("every link of the reference leads somewhere", () => {
  const page = renderReference();
  const headings = new Set([...page.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title?.toLowerCase()));
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target);
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter((target) => !headings.has(target))).toEqual([]);
});
