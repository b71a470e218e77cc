import { dialects } from "../../dialects/table.ts";
import { Fleet } from "../../generator/fleet.ts";
import type { Sample } from "../../report.ts";
import { startCluster } from "../../servers/cluster.ts";
import { Bystanders } from "../bystanders.ts";
import { quantileMillis } from "../fanout.ts";
import type { Scenario } from "../scenario.ts";
import { costs } from "./costs.ts";

/** Rooms where one has spoken and four read. */
const ROOMS = 200;
const MEMBERS = 5;
const MESSAGES_EACH = 300;
const HANDSHAKES_AT_ONCE = 128;

export const marks = (name: string, title: string, nodes: number): Scenario => ({
  name,
  title,
  runs: 3,
  onlyWhenNamed: true,
  async run(context): Promise<Sample[]> {
    const { scale } = context;
    const rooms = Math.max(2, Math.round(ROOMS * scale.size));
    if (rooms !== ROOMS) context.note(`shrunk to ${rooms} rooms for a quick look`);
    const cluster = await startCluster(nodes);
    const fleet = new Fleet(context.generators);
    try {
      const { seats } = await dialects.i2a.prepare(cluster.addresses, {
        rooms,
        membersPerRoom: MEMBERS,
        sendersPerRoom: 1,
        samplesPerRoom: 0,
        roomKind: "regular",
      });
      await fleet.connect("i2a", seats, HANDSHAKES_AT_ONCE);
      context.progress(`filling ${rooms} rooms with ${MESSAGES_EACH} messages each, then reading them`);
      await fleet.fill({ perRoom: MESSAGES_EACH, textLength: scale.textLength });
      const others = new Bystanders(() => cluster.others(), scale.warmUpMillis);
      const measured = await fleet.marks({
        warmUpMillis: scale.warmUpMillis,
        measureMillis: scale.saturationMillis,
        watch: cluster.pids,
      });
      others.end();
      const { errors, lost, firstError } = await fleet.count();
      if (firstError !== null)
        context.note(`${errors} refusals, ${lost} connections lost; first: ${firstError}`);
      const rate = measured.acknowledged / measured.seconds;
      return [
        {
          measure: "read marks moved",
          value: rate,
          unit: "per second",
          busy: { server: measured.server, generator: measured.generator },
        },
        ...costs("marks", rate, measured.server, others.shares()),
        { measure: "mark to its own echo p50", value: quantileMillis(measured.echo, 0.5), unit: "ms" },
        { measure: "mark to its own echo p99", value: quantileMillis(measured.echo, 0.99), unit: "ms" },
        { measure: "frames to all members", value: measured.frames / measured.seconds, unit: "per second" },
      ];
    } finally {
      await fleet.end();
      await cluster.stop();
    }
  },
});
