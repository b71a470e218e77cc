import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { row } from "../endpoint.ts";
import { rongcloudRows } from "../endpoints/index.ts";
import { renderPaths } from "./page.ts";
import { differences, notOffered } from "./reasons.ts";
import { knownPaths, statesOf } from "./states.ts";

const states = statesOf(rongcloudRows);

test("docs/rongcloud/paths.md is what the rows say; if not, run: npm run reference", () => {
  const page = readFileSync(join(import.meta.dir, "../../../../../../docs/rongcloud/paths.md"), "utf8");
  expect(page === renderPaths(rongcloudRows)).toBe(true);
});

test("every known path has a row that answers it, or a reason why there is none", () => {
  expect(knownPaths.length).toBeGreaterThan(260);
  expect(states.filter(({ state }) => state === "unknown").map(({ path }) => path)).toEqual([]);
});

test("every reason is needed, and every difference is of a row", () => {
  const left = states.filter(({ state }) => state === "not offered");
  const isNeeded = (pattern: RegExp) => left.some(({ path }) => pattern.test(path));
  expect(notOffered.filter(({ paths }) => !isNeeded(paths))).toEqual([]);
  const paths = new Set(rongcloudRows.map(({ path }) => path));
  expect(Object.keys(differences).filter((path) => !paths.has(path))).toEqual([]);
});

test("a path without a row or a reason is seen", () => {
  const one = row({
    path: "/a/b.json",
    aliases: ["/a/c.json"],
    summary: "Do.",
    params: {},
    example: { params: {} },
    async run() {},
  });
  const known = ["/a/b.json", "/a/c.json", "/a/d.json", "/ultragroup/create.json"];
  expect(
    statesOf(
      [one],
      known.map((path) => ({ method: "POST", path })),
    ).map(({ state }) => state),
  ).toEqual(["works", "works", "unknown", "not offered"]);
  expect(statesOf([one], [{ method: "GET", path: "/a/b.json" }])[0]?.state).toBe("unknown");
});
