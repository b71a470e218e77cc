import type { Address } from "../../dialects/dialect.ts";
import { dialects } from "../../dialects/table.ts";
import { Fleet } from "../../generator/fleet.ts";
import type { Sample } from "../../report.ts";
import { startCluster } from "../../servers/cluster.ts";
import { quantileMillis } from "../fanout.ts";
import type { Scenario } from "../scenario.ts";

/** Three nodes with a thousand people each, rooms across all of them, and a load that two nodes carry as well. */
const NODES = 3;
const ROOMS = 200;
const MEMBERS = 15;
const SENDERS = 3;
const SENDS_PER_SECOND = 1000;
const HANDSHAKES_AT_ONCE = 128;
const PHASE_MILLIS = 10_000;

const names = ["before the kill", "in the 10 s after", "later"];

export const nodeKilled = (name: string, title: string): Scenario => ({
  name,
  title,
  runs: 3,
  onlyWhenNamed: true,
  async run(context): Promise<Sample[]> {
    const { scale } = context;
    const rooms = Math.max(3, Math.round(ROOMS * scale.size));
    const perSecond = Math.max(100, Math.round(SENDS_PER_SECOND * scale.size));
    const isSmall = rooms !== ROOMS;
    const phaseMillis = isSmall ? scale.saturationMillis : PHASE_MILLIS;
    if (isSmall)
      context.note(
        `shrunk to ${rooms} rooms, ${perSecond} sends/s and ${phaseMillis} ms a phase for a quick look`,
      );
    const cluster = await startCluster(NODES);
    const fleet = new Fleet(1);
    try {
      const { seats } = await dialects.i2a.prepare(cluster.addresses, {
        rooms,
        membersPerRoom: MEMBERS,
        sendersPerRoom: SENDERS,
        samplesPerRoom: 0,
        roomKind: "regular",
      });
      await fleet.connect("i2a", seats, HANDSHAKES_AT_ONCE);
      const victim = NODES - 1;
      const { phases, lateness, backMillis, missing } = await fleet.outage({
        perSecond,
        beforeMillis: phaseMillis,
        afterMillis: phaseMillis,
        laterMillis: phaseMillis,
        textLength: scale.textLength,
        victim: { pid: cluster.pids[victim] as number, port: (cluster.addresses[victim] as Address).port },
        refuges: cluster.addresses.filter((_, node) => node !== victim),
        spreadMillis: scale.returnSpreadMillis,
      });
      const { errors } = await fleet.count();
      if (errors > 0) context.note(`${errors} frames were refused`);
      const never = backMillis.filter((back) => back === null).length;
      const back = backMillis.filter((time) => time !== null).sort((a, b) => a - b);
      const sent = phases.reduce((sum, phase) => sum + phase.sent, 0);
      const acknowledged = phases.reduce((sum, phase) => sum + phase.acknowledged, 0);
      return [
        ...phases.flatMap(({ echo }, phase): Sample[] => [
          { measure: `send to ack p50, ${names[phase]}`, value: quantileMillis(echo, 0.5), unit: "ms" },
          { measure: `send to ack p99, ${names[phase]}`, value: quantileMillis(echo, 0.99), unit: "ms" },
          { measure: `send to ack, longest, ${names[phase]}`, value: quantileMillis(echo, 1), unit: "ms" },
        ]),
        { measure: "generator late p99", value: quantileMillis(lateness, 0.99), unit: "ms" },
        { measure: "sends on living nodes", value: sent, unit: "count" },
        { measure: "of them never acknowledged", value: sent - acknowledged, unit: "count" },
        { measure: "clients whose node was killed", value: backMillis.length, unit: "count" },
        {
          measure: "half of them back and caught up after",
          value: (back[back.length >> 1] ?? Number.NaN) / 1000,
          unit: "s",
        },
        {
          measure: "the last back and caught up after",
          value: (back.at(-1) ?? Number.NaN) / 1000,
          unit: "s",
        },
        { measure: "clients that never came back", value: never, unit: "count" },
        { measure: "messages missing at members", value: missing, unit: "count" },
      ];
    } finally {
      await fleet.end();
      await cluster.stop();
    }
  },
});
