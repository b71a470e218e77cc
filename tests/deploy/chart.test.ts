/** The Helm chart, as far as it can be judged without Helm. */

import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { YAML } from "bun";
import { loadConfig, settings } from "../../packages/server/src/config.ts";
import { startTestServer } from "../../packages/server/src/testing/test-server.ts";
import { definitionsUsed, openBlocks, pathsOf, readTemplates, valuesUsed, withoutActions } from "./chart.ts";

const root = resolve(import.meta.dir, "../..");
const deploy = join(root, "deploy");
const read = (file: string): string => readFileSync(join(deploy, file), "utf8");
// biome-ignore lint/suspicious/noExplicitAny: documents are looked into field by field.
const parse = (text: string): any => YAML.parse(text);

describe("the chart", () => {
  const chart = join(deploy, "helm/parlance");
  const values = parse(readFileSync(join(chart, "values.yaml"), "utf8"));
  const templates = readTemplates(chart);
  const manifests = templates.filter(({ name }) => name.endsWith(".yaml"));
  const template = (name: string) => templates.find((candidate) => candidate.name === name)?.text ?? "";

  test("uses the values it has, and has those it uses", () => {
    const used = new Set(templates.flatMap(({ text }) => valuesUsed(text)));
    const known = new Set(pathsOf(values));
    expect([...used].filter((path) => !known.has(path))).toEqual([]);
    const isUsed = (path: string) => [...used].some((name) => path === name || path.startsWith(`${name}.`));
    const leaves = [...known].filter((path) => ![...known].some((other) => other.startsWith(`${path}.`)));
    expect(leaves.filter((path) => path !== "" && !isUsed(path))).toEqual([]);
  });

  test("closes its blocks, knows its definitions, and is YAML without its actions", () => {
    const defined = [...template("_names.tpl").matchAll(/define "([^"]+)"/g)].map(([, name]) => name);
    for (const { name, text } of templates) {
      expect([name, openBlocks(text)]).toEqual([name, 0]);
      for (const used of definitionsUsed(text)) expect(defined).toContain(used);
    }
    const kinds = manifests.map(({ text }) => parse(withoutActions(text)).kind);
    expect(kinds.sort()).toEqual([
      "ConfigMap",
      "Deployment",
      "HorizontalPodAutoscaler",
      "Ingress",
      "PodDisruptionBudget",
      "Secret",
      "Service",
      "ServiceMonitor",
    ]);
    expect(() => parse(withoutActions("a: [{{ .Values.b }}"))).toThrow();
  });

  test("its settings are settings", () => {
    const known = Object.values(settings).flatMap(({ env }) => env as readonly string[]);
    const named = manifests.flatMap(({ text }) =>
      [...text.matchAll(/^ +(PARLANCE_\w+):/gm)].map(([, n]) => n),
    );
    expect(named.length).toBeGreaterThan(4);
    expect([...named, ...Object.keys(values.settings)].filter((name) => !known.includes(name ?? ""))).toEqual(
      [],
    );
    expect(() =>
      loadConfig({ ...values.settings, PARLANCE_DRAIN_SECONDS: `${values.drain.seconds}` }),
    ).not.toThrow();
  });

  test("asks the pages that exist, and waits for the drain", async () => {
    const { spec } = parse(withoutActions(template("deployment.yaml"))).spec.template;
    const [container] = spec.containers;
    const server = await startTestServer();
    for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"]) {
      expect((await fetch(`${server.url}${container[probe].httpGet.path}`)).status).toBe(200);
    }
    await server.stop();
    const grace = /terminationGracePeriodSeconds: \{\{ add (.*) \}\}/.exec(template("deployment.yaml"))?.[1];
    const seconds = (grace ?? "").split(" ").map((word) => {
      const path = /^\.Values\.drain\.(\w+)$/.exec(word)?.[1];
      return Number(path ? values.drain[path] : word);
    });
    const sum = seconds.reduce((total, value) => total + value, 0);
    // The server's last resort is 9.5 s after the signal, whatever the setting.
    expect(sum - values.drain.waitSeconds).toBeGreaterThan(Math.max(9.5, values.drain.seconds));
    expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
    expect(container.securityContext.allowPrivilegeEscalation).toBe(false);
    expect(spec.securityContext.runAsNonRoot).toBe(true);
    expect(spec.securityContext.runAsUser).toBe(
      Number(/^USER (\d+)/m.exec(read("Dockerfile"))?.[1] ?? Number.NaN),
    );
    expect(spec.enableServiceLinks).toBe(false);
  });
});
