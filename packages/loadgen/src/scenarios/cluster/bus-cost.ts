import { setTimeout as delay } from "node:timers/promises";
import { dialects } from "../../dialects/table.ts";
import { Fleet } from "../../generator/fleet.ts";
import type { Sample } from "../../report.ts";
import { type Cluster, startCluster } from "../../servers/cluster.ts";
import type { Scenario } from "../scenario.ts";
import { settle } from "../settle.ts";

/** Rooms of two, one member on each of the first two nodes; the rate is far from what saturates anything. */
const LISTENING_NODES = 2;
const ROOMS = 500;
const MEMBERS = 2;
const SENDS_PER_SECOND = 1000;
const HANDSHAKES_AT_ONCE = 128;

interface Counts {
  copies: number;
  inDoubt: number;
  heard: number[];
  packets: number;
  natsBytes: number;
  natsMessages: number;
}

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);

async function countBus({ metric, backing }: Cluster): Promise<Counts> {
  const [copies, inDoubt, heard, packets, nats] = await Promise.all([
    metric("routed_events_total"),
    metric("flooded_events_total"),
    metric("heard_events_total"),
    metric("bus_sent_messages_total"),
    backing.natsSent(),
  ]);
  return {
    copies: sum(copies),
    inDoubt: sum(inDoubt),
    heard,
    packets: sum(packets),
    natsBytes: nats.bytes,
    natsMessages: nats.messages,
  };
}

/** What leaves for the bus and comes from it for each message, when people are on the first two nodes only. */
export const busCost = (name: string, title: string, nodes: number): Scenario => ({
  name,
  title,
  runs: 1,
  onlyWhenNamed: true,
  async run(context): Promise<Sample[]> {
    const { scale } = context;
    const rooms = Math.max(2, Math.round(ROOMS * scale.size));
    const perSecond = Math.max(20, Math.round(SENDS_PER_SECOND * scale.size));
    if (rooms !== ROOMS) context.note(`shrunk to ${rooms} rooms and ${perSecond} sends/s for a quick look`);
    const cluster = await startCluster(nodes);
    const fleet = new Fleet(context.generators);
    try {
      const { seats } = await dialects.i2a.prepare(cluster.addresses.slice(0, LISTENING_NODES), {
        rooms,
        membersPerRoom: MEMBERS,
        sendersPerRoom: 1,
        samplesPerRoom: 0,
        roomKind: "regular",
      });
      await fleet.connect("i2a", seats, HANDSHAKES_AT_ONCE);
      const load = async (measureMillis: number) => {
        const common = { textLength: scale.textLength, watch: cluster.pids, perSecond };
        await fleet.openLoop({ ...common, warmUpMillis: scale.halfLoadWarmUpMillis, measureMillis });
        return settle(fleet, MEMBERS);
      };
      const warmed = await load(scale.warmUpMillis);
      const quiet = await countBus(cluster);
      const quietBegan = performance.now();
      await delay(scale.saturationMillis);
      const before = await countBus(cluster);
      const began = performance.now();
      const quietSeconds = (began - quietBegan) / 1000;
      const { missing, sent } = await load(scale.saturationMillis);
      const after = await countBus(cluster);
      const sends = sent - warmed.sent;
      const each = (grown: number) => grown / sends;
      const heard = after.heard.map((count, node) => count - (before.heard[node] ?? 0));
      const idle = heard.slice(LISTENING_NODES);
      return [
        { measure: "sends", value: sends, unit: "count" },
        { measure: "copies that left, a send", value: each(after.copies - before.copies), unit: "each" },
        { measure: "of them in doubt, a send", value: each(after.inDoubt - before.inDoubt), unit: "each" },
        {
          measure: "events heard by nodes with listeners, a send",
          value: each(sum(heard.slice(0, LISTENING_NODES))),
          unit: "each",
        },
        ...idle.map(
          (count): Sample => ({
            measure: "events heard by the node without, a send",
            value: each(count),
            unit: "each",
          }),
        ),
        // What nodes say to each other anyway is among these.
        { measure: "handed to NATS, a send", value: each(after.packets - before.packets), unit: "each" },
        {
          measure: "messages out of NATS, a send",
          value: each(after.natsMessages - before.natsMessages),
          unit: "each",
        },
        {
          measure: "bytes out of NATS, a send",
          value: each(after.natsBytes - before.natsBytes),
          unit: "bytes",
        },
        {
          measure: "messages out of NATS at rest",
          value: (before.natsMessages - quiet.natsMessages) / quietSeconds,
          unit: "per second",
        },
        {
          measure: "bytes out of NATS at rest, each second",
          value: (before.natsBytes - quiet.natsBytes) / quietSeconds,
          unit: "bytes",
        },
        { measure: "deliveries missing", value: missing, unit: "count" },
      ];
    } finally {
      await fleet.end();
      await cluster.stop();
    }
  },
});
