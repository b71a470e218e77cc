import { setTimeout as delay } from "node:timers/promises";
import type { Address } from "../dialects/dialect.ts";
import { type RunningBacking, startBacking } from "./backing.ts";
import { type RunningServer, startServer } from "./server.ts";
import type { Subject } from "./subject.ts";
import { servers } from "./table.ts";

/** Nodes over one PostgreSQL and one NATS, started for one run. */
export interface Cluster extends Subject {
  backing: RunningBacking;
  /** A number of each node's metrics, e.g. `routed_events_total`. */
  metric(name: string): Promise<number[]>;
}

const KNOWN_MILLIS = 60_000;
const ANSWER_MILLIS = 10_000;

const readMetric = async ({ host, port }: Address, name: string): Promise<number> => {
  const answer = await fetch(`http://${host}:${port}/metrics`, {
    signal: AbortSignal.timeout(ANSWER_MILLIS),
  });
  const line = new RegExp(`^parlance_${name} (.+)$`, "m").exec(await answer.text());
  if (line === null) throw new Error(`a node tells no ${name}`);
  return Number(line[1]);
};

/** Resolves when each node knows all others, so that nothing is sent in doubt. */
export async function startCluster(nodes: number): Promise<Cluster> {
  const backing = await startBacking();
  const running: RunningServer[] = [];
  const stop = async () => {
    await Promise.all(running.map((node) => node.stop()));
    await backing.stop();
  };
  const metric = (name: string) => Promise.all(running.map(({ address }) => readMetric(address, name)));
  try {
    for (let node = 0; node < nodes; node++)
      running.push(
        await startServer({
          ...servers.parlance,
          env: (port, folder) => ({
            ...servers.parlance.env(port, folder),
            PARLANCE_STORE: backing.store,
            PARLANCE_BUS: backing.bus,
          }),
        }),
      );
    const deadline = performance.now() + KNOWN_MILLIS;
    while ((await metric("known_nodes")).some((known) => known !== nodes - 1)) {
      if (performance.now() > deadline) throw new Error("the nodes do not find each other");
      await delay(50);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    addresses: running.map(({ address }) => address),
    pids: running.map(({ pid }) => pid),
    others: () => ({ PostgreSQL: backing.postgresPids(), NATS: backing.natsPids() }),
    backing,
    metric,
    stop,
  };
}
