/** deploy/haproxy.cfg in a real HAProxy before three real nodes. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { i2aBackEnd } from "../../packages/server/src/testing/i2a-back-end.ts";
import { startTestCluster, type TestCluster } from "../../packages/server/src/testing/test-cluster.ts";
import { testApps } from "../../packages/server/src/testing/test-server.ts";
import { TestSocket } from "../../packages/server/src/testing/test-socket.ts";
import { until } from "../../packages/server/src/testing/until.ts";
import { checkConfig, findHaproxy, type Haproxy, haproxyConfig, startHaproxy } from "./haproxy.ts";

describe("HAProxy before three nodes", () => {
  let cluster: TestCluster;
  let haproxy: Haproxy;
  beforeAll(async () => {
    const program = findHaproxy();
    checkConfig(program, haproxyConfig);
    cluster = await startTestCluster(3, { framesPerMinute: 100_000 });
    haproxy = await startHaproxy(
      program,
      cluster.nodes.map(({ server }) => server.port),
    );
  }, 120_000);
  afterAll(async () => {
    await haproxy?.stop();
    await cluster?.stop();
  }, 60_000);

  const names = ["ann", "bob", "cy", "dora", "eve", "fay"];

  const connectionsOf = async (url: string): Promise<number> => {
    const page = await (await fetch(`${url}/metrics`)).text();
    return Number(/^parlance_connections (\d+)$/m.exec(page)?.[1]);
  };

  test("spreads sockets, carries talk across nodes, and brings those back whose node drains", async () => {
    const shop = i2aBackEnd(haproxy.url, testApps.shop.secret);
    const room = await shop.room(names);
    const tokens = new Map<string, string>();
    const open = (name: string) =>
      TestSocket.open(`${haproxy.url.replace("http", "ws")}/socket/`, { "X-TOKEN": tokens.get(name) ?? "" });
    const people = new Map<string, TestSocket>();
    for (const name of names) {
      tokens.set(name, await shop.token(name));
      people.set(name, await open(name));
    }
    const urls = cluster.nodes.map(({ server }) => server.url);
    expect(await Promise.all(urls.map(connectionsOf))).toEqual([2, 2, 2]);

    const everybodyHears = async (speaker: string, message: string) => {
      people.get(speaker)?.send({ type: "ROUTABLE", chat_room_identifier: room, message });
      for (const socket of people.values())
        await socket.next(({ value }) => value.type === "ROUTABLE" && value.message === message);
    };
    for (const name of names) await everybodyHears(name, `${name} before`);

    let isDraining = true;
    const statuses: number[] = [];
    const asking = (async () => {
      while (isDraining) statuses.push((await shop.call("GET", "ping/")).status);
    })();
    const returns = names.map(async (name) => {
      const { code, reason } = (await people.get(name)?.closed) ?? { code: 0, reason: "" };
      const { reconnect_after_ms: wait } = JSON.parse(reason);
      await new Promise((go) => setTimeout(go, wait));
      people.set(name, await open(name));
      return { name, code };
    });
    const [, leaving] = cluster.nodes;
    await leaving?.server.drain();
    const back = [await Promise.race(returns)];
    const others = returns.filter((_, index) => names[index] !== back[0]?.name);
    back.push(await Promise.race(others));
    expect(back.map(({ code }) => code)).toEqual([1012, 1012]);
    const staying = urls.filter((url) => url !== leaving?.server.url);
    await until("six connections on two nodes", async () => {
      const counts = await Promise.all(staying.map(connectionsOf));
      return counts.reduce((sum, count) => sum + count, 0) === names.length;
    });
    for (const name of names) await everybodyHears(name, `${name} after`);
    isDraining = false;
    await asking;
    expect(statuses.length).toBeGreaterThan(10);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  }, 60_000);

  test("keeps the numbers inside", async () => {
    expect((await fetch(`${haproxy.url}/metrics`)).status).toBe(404);
    expect((await fetch(`${haproxy.url}/healthz`)).status).toBe(200);
  });
});
