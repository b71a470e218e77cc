import { join } from "node:path";
import { freePort } from "../../../../tests/server-process.ts";
import { type NatsServer, startNatsServer } from "../../../server/src/testing/nats-server.ts";
import { type PostgresServer, startPostgres } from "../../../server/src/testing/postgres-server.ts";
import { startTcpProxy, type TcpProxy } from "../../../server/src/testing/tcp-proxy.ts";
import type { NodeCount } from "../plan/fault-kinds.ts";
import { NodeProcess } from "./node-process.ts";
import { findDataFolder } from "./postgres-pause.ts";
import { makeSmallDisk, type SmallDisk } from "./small-disk.ts";

export interface WorldNode {
  process: NodeProcess;
  /** Between the node and its clients. */
  clients: TcpProxy;
  /** Between the node and NATS, and PostgreSQL; none on a single node. */
  busLine: TcpProxy | null;
  storeLine: TcpProxy | null;
}

/** An installation whose every part and line can fail: one embedded node, or three over PostgreSQL and NATS. */
export interface World {
  nodes: WorldNode[];
  cluster: { postgres: PostgresServer; postgresFolder: string; nats: NatsServer } | null;
  disk: SmallDisk;
  /** Of the apps. */
  secrets: readonly string[];
  stop(): Promise<void>;
}

const secrets = ["secret-of-the-faults", "secret-of-the-others"];
/** Megabytes for the database of a run; what is left is filled by the fault, and taken from memory. */
const diskFor = (milliseconds: number): number =>
  Math.ceil(Math.min(1024, 128 + (4 * milliseconds) / 60_000));

/** `milliseconds`: how long it will be written to, about. */
export async function startWorld(count: NodeCount, milliseconds: number): Promise<World> {
  const cleanUps: (() => unknown)[] = [];
  const stop = async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  };
  try {
    const disk = makeSmallDisk(diskFor(milliseconds));
    cleanUps.push(() => disk.remove());
    const cluster = count > 1 ? await startCluster(cleanUps) : null;
    const nodes: WorldNode[] = [];
    for (let index = 0; index < count; index++) nodes.push(await startNode(index, disk, cluster, cleanUps));
    return { nodes, cluster, disk, secrets, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Cluster = NonNullable<World["cluster"]> & { database: string };

async function startCluster(cleanUps: (() => unknown)[]): Promise<Cluster> {
  const postgres = await startPostgres();
  cleanUps.push(() => postgres.stop());
  const nats = await startNatsServer();
  cleanUps.push(() => nats.close());
  const [database, postgresFolder] = [await postgres.createDatabase(), await findDataFolder(postgres)];
  return { postgres, postgresFolder, nats, database };
}

async function startNode(
  index: number,
  disk: SmallDisk,
  cluster: Cluster | null,
  cleanUps: (() => unknown)[],
): Promise<WorldNode> {
  const proxyTo = async (port: number) => {
    const proxy = await startTcpProxy(port);
    cleanUps.push(() => proxy.close());
    return proxy;
  };
  const port = await freePort();
  const env: Record<string, string> = {
    PORT: String(port),
    PARLANCE_HOST: "127.0.0.1",
    PARLANCE_DATA: join(disk.folder, `node-${index}`),
    PARLANCE_APPS: secrets.map((secret, index) => `app${index}:app${index}:${secret}`).join(),
    PARLANCE_FRAMES_PER_MINUTE: "1000000",
    PARLANCE_REQUESTS_PER_SECOND: "100000",
    // So that who is stalled for long is closed, and comes back elsewhere meanwhile.
    PARLANCE_HEARTBEAT_SECONDS: "3",
    PARLANCE_LOG_LEVEL: "info",
  };
  const busLine = cluster && (await proxyTo(cluster.nats.port));
  const storeLine = cluster && (await proxyTo(cluster.postgres.port));
  if (cluster && busLine && storeLine) {
    env.PARLANCE_STORE = cluster.postgres.url(cluster.database, storeLine.port);
    env.PARLANCE_STORE_CONNECTIONS = "4";
    env.PARLANCE_BUS = `nats://127.0.0.1:${busLine.port}`;
  }
  const process = new NodeProcess(`http://127.0.0.1:${port}`, env);
  cleanUps.push(() => process.close());
  await process.start();
  return { process, clients: await proxyTo(port), busLine, storeLine };
}
