/** The compose files: their settings, what they demand of Docker, and that their parts know each other. */

import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { YAML } from "bun";
import { loadConfig } from "../../packages/server/src/config.ts";

const root = resolve(import.meta.dir, "../..");
const deploy = join(root, "deploy");
const read = (file: string): string => readFileSync(join(deploy, file), "utf8");
// biome-ignore lint/suspicious/noExplicitAny: documents are looked into field by field.
const parse = (text: string): any => YAML.parse(text);

describe("compose files", () => {
  interface Node {
    environment: Record<string, string>;
    stop_grace_period: string;
    read_only: boolean;
    cap_drop: string[];
    build: { context: string; dockerfile: string };
  }
  const one = parse(read("compose.yaml"));
  const cluster = parse(read("compose.cluster.yaml"));
  const nodes = Object.entries<Node>(cluster.services).filter(([name]) => /^parlance-/.test(name));

  /** As Compose puts variables in: `${NAME:-default}` and `${NAME:?sentence}`. */
  const filledIn = (env: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(env).map(([name, value]) => [
        name,
        value.replace(/\$\{\w+(:[-?])([^}]*)\}/g, (_, kind, text) => (kind === ":-" ? text : "letters1")),
      ]),
    );

  test("their settings are settings, and right", () => {
    expect(loadConfig(filledIn(one.services.parlance.environment)).dataDir).toBe("/data");
    expect(nodes).toHaveLength(3);
    for (const [, node] of nodes) {
      const config = loadConfig(filledIn(node.environment));
      expect(config.store).toBe("postgres://parlance:letters1@postgres:5432/parlance");
      expect(config.bus).toBe("nats://parlance:letters1@nats:4222");
    }
  });

  test("give a node more time than it takes to drain, no rights and no disk to write to", () => {
    for (const service of [one.services.parlance, ...nodes.map(([, node]) => node)]) {
      expect(Number.parseInt(service.stop_grace_period, 10)).toBeGreaterThan(
        Number(service.environment.PARLANCE_DRAIN_SECONDS) + 2,
      );
      expect(service.read_only).toBe(true);
      expect(service.cap_drop).toEqual(["ALL"]);
      expect(existsSync(join(deploy, service.build.context, service.build.dockerfile))).toBe(true);
    }
  });

  test("HAProxy knows every node, and PostgreSQL has room for all their connections", () => {
    const servers = [...read("haproxy.cfg").matchAll(/^\s+server (\S+) (\S+):(\d+)/gm)];
    expect(servers.map(([, name, host]) => [name, host])).toEqual(
      nodes.map(([name]) => [name, name]) as never,
    );
    const most = Number(/max_connections=(\d+)/.exec(cluster.services.postgres.command.join(" "))?.[1]);
    const wanted = nodes.map(([, node]) => Number(node.environment.PARLANCE_STORE_CONNECTIONS));
    expect(wanted.reduce((sum, count) => sum + count, 0)).toBeLessThan(most - 10);
    expect(existsSync(join(deploy, cluster.services.haproxy.volumes[0].split(":")[0]))).toBe(true);
  });
});
