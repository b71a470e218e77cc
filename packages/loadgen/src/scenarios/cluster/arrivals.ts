import { dialects } from "../../dialects/table.ts";
import { Fleet } from "../../generator/fleet.ts";
import { connectionsThatFit } from "../../limits.ts";
import type { Sample } from "../../report.ts";
import { startCluster } from "../../servers/cluster.ts";
import { busyBetween, readCpu } from "../../usage.ts";
import { Bystanders } from "../bystanders.ts";
import type { Scenario } from "../scenario.ts";
import { costs } from "./costs.ts";

/** People who come: sessions made by their back end, then connects with the tokens. */
const PEOPLE = 9000;
const ROOM_SIZE = 100;
const HANDSHAKES_AT_ONCE = 256;

export const arrivals = (name: string, title: string, nodes: number): Scenario => ({
  name,
  title,
  runs: 3,
  onlyWhenNamed: true,
  async run(context): Promise<Sample[]> {
    const wanted = Math.round(PEOPLE * context.scale.size);
    const { count, reason } = connectionsThatFit(wanted, context.limits);
    if (reason !== null) context.note(`shrunk to ${count} people: ${reason}`);
    if (wanted !== PEOPLE) context.note(`shrunk to ${count} people for a quick look`);
    const membersPerRoom = Math.min(ROOM_SIZE, count);
    const plan = {
      rooms: Math.max(1, Math.floor(count / membersPerRoom)),
      membersPerRoom,
      sendersPerRoom: 0,
      samplesPerRoom: 0,
      roomKind: "regular",
    } as const;

    const cluster = await startCluster(nodes);
    const fleet = new Fleet(context.generators);
    /** Cores of nodes and generators, PostgreSQL and NATS while `work` runs. */
    const measured = async <Result>(generators: number[], work: () => Promise<Result>) => {
      const read = () => ({ nodes: readCpu(cluster.pids), generator: readCpu(generators) });
      const others = new Bystanders(() => cluster.others(), null);
      const before = read();
      const began = performance.now();
      const result = await work();
      const seconds = (performance.now() - began) / 1000;
      const after = read();
      others.end();
      const busy = {
        server: busyBetween(before.nodes, after.nodes, seconds),
        generator: busyBetween(before.generator, after.generator, seconds),
      };
      return { result, busy, bystanders: others.shares() };
    };
    try {
      const total = plan.rooms * plan.membersPerRoom;
      context.progress(`making ${total} sessions`);
      // The few rooms that are made after the sessions are part of their CPU.
      const made = await measured([process.pid], () => dialects.i2a.prepare(cluster.addresses, plan));
      const { seats, sessions } = made.result;
      const sessionRate = (sessions?.count ?? 0) / (sessions?.seconds ?? 1);
      context.progress(`connecting ${total} clients`);
      const came = await measured(fleet.pids, () => fleet.connect("i2a", seats, HANDSHAKES_AT_ONCE));
      const connectRate = total / came.result;
      const { lost, firstError } = await fleet.count();
      if (lost > 0) context.note(`${lost} connections lost; first: ${firstError}`);
      return [
        { measure: "sessions made over REST", value: sessionRate, unit: "per second", busy: made.busy },
        ...costs("sessions", sessionRate, made.busy.server, made.bystanders),
        { measure: "connects", value: connectRate, unit: "per second", busy: came.busy },
        ...costs("connects", connectRate, came.busy.server, came.bystanders),
        { measure: "connections lost", value: lost, unit: "count" },
      ];
    } finally {
      await fleet.end();
      await cluster.stop();
    }
  },
});
