/** Every row's example is called as a form and as JSON, each of its limits is overstepped; a row never called fails. */

import { describe, expect, test } from "bun:test";
import Type from "typebox";
import { Compile } from "typebox/compile";
import { rongcloudBackEnd } from "../../testing/rongcloud-back-end.ts";
import { useRongcloudWorld } from "../../testing/rongcloud-world.ts";
import { resultOf } from "./api.ts";
import { statusOf } from "./codes.ts";
import type { RongcloudRow } from "./endpoint.ts";
import { rongcloudRows } from "./endpoints/index.ts";
import { callRow } from "./testing/call-row.ts";
import { faultsOfRow } from "./testing/row-faults.ts";
import { refusedExamples, things } from "./testing/things.ts";

/** Each example meets an app in which nothing has happened yet. */
const ways = ["form", "json"] as const;
const appOf = (row: RongcloudRow, way: (typeof ways)[number]) => {
  const key = `${row.path.replace(/\W+/g, "-").slice(1)}-${way}`;
  return { key, name: key, secret: `secret-of-${key}` };
};
const apps = rongcloudRows.flatMap((row) => ways.map((way) => appOf(row, way)));

const world = useRongcloudWorld({
  apps: [...apps, { name: "Shop", key: "shop", secret: "secret-of-shop-0001" }],
});
/** What was answered with success. */
const called = new Set<string>();

/** Nothing may be answered that the row doesn't tell of. */
const strictResultOf = (row: RongcloudRow) =>
  Type.Object(resultOf(row).properties, { additionalProperties: false });

for (const row of rongcloudRows) {
  describe(row.path, () => {
    test("shows an example that is as its result says", () => {
      expect(row.summary).toMatch(/^[A-Z].*\.$/);
      const shown = { code: 200, ...row.example.result };
      expect([...Compile(strictResultOf(row)).Errors(shown)]).toEqual([]);
    });

    for (const way of ways)
      test(`works as its example says, sent as ${way}`, async () => {
        const backEnd = rongcloudBackEnd(() => world.native.i2a.server.url, appOf(row, way));
        const made = await things[row.path]?.(backEnd, row.example.params);
        const live = { ...row.example.params, ...made };
        const more = way === "json" ? { unheardOf: { of: ["anybody"] } } : { "unheardOf[of]": "anybody" };
        const { status, body } = await callRow(backEnd, row, { ...live, ...more }, way);
        called.add(`${row.path} as ${way}`);
        const code = refusedExamples[row.path] ?? 200;
        expect([status, body]).toEqual([
          code === 200 ? 200 : statusOf(code),
          expect.objectContaining({ code }),
        ]);
        if (code !== 200) return;
        expect([...Compile(strictResultOf(row)).Errors(body)]).toEqual([]);
      });

    for (const { what, name, params, code } of faultsOfRow(row))
      test(`is refused ${what}`, async () => {
        const { status, body } = await callRow(world, row, params);
        expect({ status, ...body }).toEqual({
          ...{ status: 400, code, url: row.path },
          errorMessage: expect.stringContaining(`The parameter ${name} `),
        });
      });
  });
}

test("every row was called in both ways", () => {
  const wanted = rongcloudRows.flatMap(({ path }) => ways.map((way) => `${path} as ${way}`));
  expect(wanted.filter((call) => !called.has(call))).toEqual([]);
});
