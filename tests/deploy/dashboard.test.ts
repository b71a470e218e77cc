/** Who reads /metrics asks for what is there. */

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startTestServer } from "../../packages/server/src/testing/test-server.ts";

const root = resolve(import.meta.dir, "../..");
const deploy = join(root, "deploy");
const read = (file: string): string => readFileSync(join(deploy, file), "utf8");
describe("numbers that others are to read", () => {
  /** `parlance_x_bucket` is a series of the histogram `parlance_x`. */
  const metricsIn = (text: string): string[] => [
    ...new Set([...text.matchAll(/\b(?:parlance|process)_\w+/g)].map(([name]) => name)),
  ];

  const served = async (): Promise<Set<string>> => {
    const server = await startTestServer();
    const page = await (await fetch(`${server.url}/metrics`)).text();
    await server.stop();
    const names = [...page.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = "", kind]) =>
      kind === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => name + end) : [name],
    );
    return new Set(names);
  };

  test("the dashboard and the autoscaler name metrics that exist", async () => {
    const dashboard = JSON.parse(read("grafana/parlance.json"));
    const expressions = JSON.stringify([dashboard.panels, dashboard.templating]);
    const autoscaler = readFileSync(
      join(deploy, "helm/parlance/templates/horizontalpodautoscaler.yaml"),
      "utf8",
    );
    const named = metricsIn(expressions + autoscaler);
    const known = await served();
    expect(named.length).toBeGreaterThan(12);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});
