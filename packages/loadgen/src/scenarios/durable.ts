import type { DialectName } from "../dialects/table.ts";
import type { Sample } from "../report.ts";
import { startSingle } from "../servers/subject.ts";
import type { ServerName } from "../servers/table.ts";
import { quantileMillis } from "./fanout.ts";
import { runLoad } from "./load.ts";
import { price } from "./price.ts";
import type { Scenario } from "./scenario.ts";

/** Many rooms of two where everybody speaks: the store's work outweighs the fan-out's. */
const ROOMS = 1000;
const MEMBERS = 2;
const MAX_PER_SENDER = 1;

export interface Durable {
  name: string;
  title: string;
  server: ServerName;
  dialect: DialectName;
  onlyWhenNamed?: boolean;
}

export const durable = ({ server, dialect, ...names }: Durable): Scenario => ({
  ...names,
  runs: 3,
  async run(context): Promise<Sample[]> {
    const rooms = Math.max(2, Math.round(ROOMS * context.scale.size));
    if (rooms !== ROOMS) context.note(`shrunk to ${rooms} rooms for a quick look`);
    const { saturation, half, missing } = await runLoad(context, {
      start: () => startSingle(server),
      dialect,
      plan: {
        rooms,
        membersPerRoom: MEMBERS,
        sendersPerRoom: MEMBERS,
        samplesPerRoom: 0,
        roomKind: "regular",
      },
      outstanding: { first: Math.max(1, rooms >> 3), last: rooms * MEMBERS * MAX_PER_SENDER },
    });
    return [
      {
        measure: "saturation: sends acknowledged",
        value: saturation.acknowledged / saturation.seconds,
        unit: "per second",
        busy: { server: saturation.server, generator: saturation.generator },
      },
      { measure: "saturation: echo p50", value: quantileMillis(saturation.echo, 0.5), unit: "ms" },
      { measure: "saturation: echo p99", value: quantileMillis(saturation.echo, 0.99), unit: "ms" },
      ...price(saturation, "send"),
      {
        measure: "half load: sends acknowledged",
        value: half.acknowledged / half.seconds,
        unit: "per second",
        busy: { server: half.server, generator: half.generator },
      },
      { measure: "half load: echo p50", value: quantileMillis(half.echo, 0.5), unit: "ms" },
      { measure: "half load: echo p99", value: quantileMillis(half.echo, 0.99), unit: "ms" },
      { measure: "half load: generator late p99", value: quantileMillis(half.lateness, 0.99), unit: "ms" },
      { measure: "deliveries missing", value: missing, unit: "count" },
    ];
  },
});
