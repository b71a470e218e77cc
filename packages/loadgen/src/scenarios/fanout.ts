import type { DialectName } from "../dialects/table.ts";
import { Histogram } from "../histogram.ts";
import type { Sample } from "../report.ts";
import { startSingle } from "../servers/subject.ts";
import type { ServerName } from "../servers/table.ts";
import { runLoad } from "./load.ts";
import { price } from "./price.ts";
import type { Scenario } from "./scenario.ts";

/** Every message goes to everybody in its room: what counts is deliveries. */
export interface Fanout {
  name: string;
  title: string;
  server: ServerName;
  dialect: DialectName;
  rooms: number;
  members: number;
  roomKind: "regular" | "mass";
  onlyWhenNamed?: boolean;
}

/** A tenth of a small room speaks, and twenty of a large one; enough not to measure one speaker's order. */
const sendersOf = (members: number): number => Math.max(1, Math.min(20, Math.floor(members / 10)));
/** Keeps what a slow reader may miss below the server's bound on a connection's queue. */
const MAX_PER_ROOM = 256;

export const quantileMillis = (pairs: [number, number][], share: number): number =>
  (new Histogram().add(pairs).quantile(share) ?? Number.NaN) / 1000;

export const fanout = ({ server, dialect, rooms, members, roomKind, ...names }: Fanout): Scenario => ({
  ...names,
  runs: 3,
  async run(context): Promise<Sample[]> {
    const membersPerRoom = Math.max(4, Math.round(members * Math.sqrt(context.scale.size)));
    const roomCount = Math.max(1, Math.round(rooms * Math.sqrt(context.scale.size)));
    if (membersPerRoom !== members)
      context.note(`shrunk to ${roomCount} rooms of ${membersPerRoom} for a quick look`);
    const { saturation, half, missing } = await runLoad(context, {
      start: () => startSingle(server),
      dialect,
      plan: {
        rooms: roomCount,
        membersPerRoom,
        sendersPerRoom: sendersOf(membersPerRoom),
        samplesPerRoom: membersPerRoom >= 1000 ? 10 : 2,
        roomKind,
      },
      outstanding: { first: roomCount, last: MAX_PER_ROOM * roomCount },
    });
    const { server: serverBusy, generator } = saturation;
    return [
      {
        measure: "saturation: deliveries",
        value: saturation.messages / saturation.seconds,
        unit: "per second",
        busy: { server: serverBusy, generator },
      },
      { measure: "saturation: frames", value: saturation.frames / saturation.seconds, unit: "per second" },
      {
        measure: "saturation: sends acknowledged",
        value: saturation.acknowledged / saturation.seconds,
        unit: "per second",
      },
      { measure: "saturation: echo p50", value: quantileMillis(saturation.echo, 0.5), unit: "ms" },
      { measure: "saturation: echo p99", value: quantileMillis(saturation.echo, 0.99), unit: "ms" },
      ...price(saturation, "delivery"),
      {
        measure: "half load: deliveries",
        value: half.messages / half.seconds,
        unit: "per second",
        busy: { server: half.server, generator: half.generator },
      },
      { measure: "half load: delivery p50", value: quantileMillis(half.delivery, 0.5), unit: "ms" },
      { measure: "half load: delivery p99", value: quantileMillis(half.delivery, 0.99), unit: "ms" },
      { measure: "half load: generator late p99", value: quantileMillis(half.lateness, 0.99), unit: "ms" },
      { measure: "deliveries missing", value: missing, unit: "count" },
    ];
  },
});
