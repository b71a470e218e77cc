import type { Sample } from "../../report.ts";
import { startCluster } from "../../servers/cluster.ts";
import { quantileMillis } from "../fanout.ts";
import { runLoad } from "../load.ts";
import type { Scenario } from "../scenario.ts";
import { costs } from "./costs.ts";

/** Rooms whose members are spread over all nodes, so that most of what is said must cross the bus. */
export interface Throughput {
  name: string;
  title: string;
  nodes: number;
  rooms: number;
  members: number;
  senders: number;
  roomKind: "regular" | "mass";
  /** Messages under way, a room, at most. */
  mostPerRoom: number;
  /** What the first row counts. */
  counts: "sends acknowledged" | "deliveries";
}

export const throughput = (shape: Throughput): Scenario => ({
  name: shape.name,
  title: shape.title,
  runs: 3,
  onlyWhenNamed: true,
  async run(context): Promise<Sample[]> {
    const { size } = context.scale;
    const rooms = Math.max(2, Math.round(shape.rooms * Math.sqrt(size)));
    const members = Math.max(2, Math.round(shape.members * Math.sqrt(size)));
    if (size !== 1) context.note(`shrunk to ${rooms} rooms of ${members} for a quick look`);
    const { saturation, half, missing, bystanders } = await runLoad(context, {
      start: () => startCluster(shape.nodes),
      dialect: "i2a",
      plan: {
        rooms,
        membersPerRoom: members,
        sendersPerRoom: Math.min(shape.senders, members),
        samplesPerRoom: 0,
        roomKind: shape.roomKind,
      },
      outstanding: { first: Math.max(Math.min(rooms, 10), rooms >> 3), last: rooms * shape.mostPerRoom },
    });
    const sends = saturation.acknowledged / saturation.seconds;
    const deliveries = saturation.messages / saturation.seconds;
    const [first, other] =
      shape.counts === "deliveries"
        ? [deliveries, { measure: "sends acknowledged", value: sends }]
        : [sends, { measure: "deliveries", value: deliveries }];
    return [
      {
        measure: shape.counts,
        value: first,
        unit: "per second",
        busy: { server: saturation.server, generator: saturation.generator },
      },
      ...costs(shape.counts, first, saturation.server, bystanders),
      { ...other, unit: "per second" },
      { measure: "send to ack p50", value: quantileMillis(saturation.echo, 0.5), unit: "ms" },
      { measure: "send to ack p99", value: quantileMillis(saturation.echo, 0.99), unit: "ms" },
      {
        measure: "half load: sends acknowledged",
        value: half.acknowledged / half.seconds,
        unit: "per second",
        busy: { server: half.server, generator: half.generator },
      },
      { measure: "half load: send to ack p50", value: quantileMillis(half.echo, 0.5), unit: "ms" },
      { measure: "half load: send to ack p99", value: quantileMillis(half.echo, 0.99), unit: "ms" },
      { measure: "half load: generator late p99", value: quantileMillis(half.lateness, 0.99), unit: "ms" },
      { measure: "deliveries missing", value: missing, unit: "count" },
    ];
  },
});
