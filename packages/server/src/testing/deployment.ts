/** What the suites of a dialect run on: one node with its embedded store, or three over PostgreSQL and NATS. */

import type { Config } from "../config.ts";
import { sharedNats, sharedPostgres } from "./shared-servers.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

export type Deployment = (overrides: Partial<Config>) => Promise<TestServer[]>;

export const oneNode: Deployment = async (overrides) => [await startTestServer(overrides)];

export const threeNodes: Deployment = async (overrides) => {
  const [postgres, nats] = await Promise.all([sharedPostgres(), sharedNats()]);
  const store = postgres.url(await postgres.createDatabase());
  const nodes: TestServer[] = [];
  for (let count = 0; count < 3; count++)
    nodes.push(await startTestServer({ store, bus: nats.url, storeConnections: 4, ...overrides }));
  return nodes;
};

let current: Deployment = oneNode;

/** Those worlds that are asked for while `define` runs stand on this deployment. */
export async function deployedOn(deployment: Deployment, define: () => Promise<unknown>): Promise<void> {
  current = deployment;
  try {
    await define();
  } finally {
    current = oneNode;
  }
}

export const currentDeployment = (): Deployment => current;
