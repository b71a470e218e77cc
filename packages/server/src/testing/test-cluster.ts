import type { Config } from "../config.ts";
import { type NatsServer, startNatsServer } from "./nats-server.ts";
import { type PostgresServer, startPostgres } from "./postgres-server.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";
import { startTestServer, type TestServer } from "./test-server.ts";

export interface ClusterNode {
  server: TestServer;
  /** The node's own line to NATS. */
  busLine: TcpProxy;
  /** The node's own line to PostgreSQL. */
  storeLine: TcpProxy;
}

/** Several whole servers over one PostgreSQL and one NATS, each with lines to both that a test can cut. */
export interface TestCluster {
  nodes: ClusterNode[];
  /** As `PARLANCE_STORE` wants it. */
  store: string;
  postgres: PostgresServer;
  nats: NatsServer;
  stop(): Promise<void>;
}

export async function startTestCluster(count: number, overrides: Partial<Config> = {}): Promise<TestCluster> {
  const [postgres, nats] = await Promise.all([startPostgres(), startNatsServer()]);
  const database = await postgres.createDatabase();
  const nodes: ClusterNode[] = [];
  for (let index = 0; index < count; index++) {
    const busLine = await startTcpProxy(nats.port);
    const storeLine = await startTcpProxy(postgres.port);
    const store = postgres.url(database, storeLine.port);
    const bus = `nats://127.0.0.1:${busLine.port}`;
    const server = await startTestServer({ store, bus, storeConnections: 4, ...overrides });
    nodes.push({ server, busLine, storeLine });
  }
  return {
    nodes,
    store: postgres.url(database),
    postgres,
    nats,
    async stop() {
      for (const { server } of nodes) await server.stop();
      for (const { busLine, storeLine } of nodes) await Promise.all([busLine.close(), storeLine.close()]);
      await nats.close();
      await postgres.stop();
    },
  };
}
