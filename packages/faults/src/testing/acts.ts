import type { TcpProxy } from "../../../server/src/testing/tcp-proxy.ts";
import type { PlannedFault } from "../plan/draw-plan.ts";
import type { FaultName } from "../plan/fault-kinds.ts";
import { pausePostgres } from "./postgres-pause.ts";
import { after } from "./visit.ts";
import type { World, WorldNode } from "./world.ts";

/** Undoes the fault; resolves when what was broken works again. */
type Heal = () => Promise<void> | void;
type Act = (world: World, node: WorldNode, fault: PlannedFault) => Promise<Heal> | Heal;

/** Longest delay of a client's line, in milliseconds. */
const mostDelay = 400;

const line = (proxy: TcpProxy | null): TcpProxy => {
  if (!proxy) throw new Error("a single node has no such line");
  return proxy;
};
const clusterOf = (world: World) => {
  if (!world.cluster) throw new Error("a single node has neither PostgreSQL nor NATS");
  return world.cluster;
};
const cut = (proxy: TcpProxy): Heal => {
  proxy.cut();
  return () => proxy.restore();
};
const stall = (proxy: TcpProxy): Heal => {
  proxy.pause();
  return () => proxy.restore();
};

/** What each fault of the table does. */
export const acts: Record<FaultName, Act> = {
  async killNode(_, { process }) {
    await process.kill();
    return () => process.start();
  },
  async drainNode(_, { process }) {
    await process.drain();
    return () => process.start();
  },
  async rollNodes({ nodes }) {
    for (const { process } of nodes) {
      await process.drain();
      await process.start();
    }
    return () => {};
  },
  pauseNode(_, { process }) {
    process.pause();
    return () => process.resume();
  },
  async killStore(world) {
    const { postgres } = clusterOf(world);
    await postgres.kill();
    return () => postgres.start();
  },
  pauseStore: (world) => pausePostgres(clusterOf(world).postgresFolder),
  async killBus(world) {
    const { nats } = clusterOf(world);
    await nats.kill();
    return () => nats.start();
  },
  pauseBus(world) {
    const { nats } = clusterOf(world);
    nats.freeze();
    return () => nats.thaw();
  },
  cutBusLine: (_, { busLine }) => cut(line(busLine)),
  stallBusLine: (_, { busLine }) => stall(line(busLine)),
  cutStoreLine: (_, { storeLine }) => cut(line(storeLine)),
  stallStoreLine: (_, { storeLine }) => stall(line(storeLine)),
  dropClients: (_, { clients }) => cut(clients),
  delayClients(_, { clients }, { lasts }) {
    clients.delay(lasts % mostDelay);
    return () => clients.restore();
  },
  stallClients: (_, { clients }) => stall(clients),
  async fillDisk({ disk }, { process }) {
    if (disk.fill) {
      disk.fill();
      return () => disk.empty();
    }
    await process.limitFiles(4096);
    return async () => void (await process.limitFiles(null));
  },
};

/** Lets a fault happen and heals it; resolves when it is healed. Neither is left half done if one of them throws. */
export async function befall(world: World, fault: PlannedFault, say: (what: string) => void): Promise<void> {
  const node = world.nodes[fault.node];
  if (!node) throw new Error(`there is no node ${fault.node}`);
  await after(fault.startsAfter);
  say(`${fault.name} ${fault.node} begins`);
  const heal = await acts[fault.name](world, node, fault);
  await after(fault.lasts);
  await heal();
  say(`${fault.name} ${fault.node} healed`);
}
