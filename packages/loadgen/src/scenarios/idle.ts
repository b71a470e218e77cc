import { setTimeout as delay } from "node:timers/promises";
import type { Address, Seat } from "../dialects/dialect.ts";
import { type DialectName, dialects } from "../dialects/table.ts";
import { Fleet } from "../generator/fleet.ts";
import { connectionsThatFit } from "../limits.ts";
import type { Sample } from "../report.ts";
import { type RunningServer, startServer } from "../servers/server.ts";
import { type ServerName, servers } from "../servers/table.ts";
import { busyBetween, readCpu, readRss } from "../usage.ts";
import { loopbackAddresses } from "./addresses.ts";
import type { Scenario } from "./scenario.ts";

/** Connections that say nothing: what they cost in memory, and how fast they come. */
export interface Idle {
  name: string;
  title: string;
  server: ServerName;
  dialect: DialectName;
  /** Server processes, each with its own folder and its own generator. */
  processes: number;
  connectionsEach: number;
  runs: number;
  onlyWhenNamed?: boolean;
}

const ROOM_SIZE = 100;
const HANDSHAKES_AT_ONCE = 256;
/** Memory is at rest when so many readings in a row differ by less than half a per cent. */
const STILL_READINGS = 5;
const STILL_SHARE = 0.005;
const REST_MILLIS = 20_000;

/** Waits until resident memory stands still; 20 seconds at most. */
async function rssAtRest(pids: number[], pollMillis: number): Promise<number> {
  const deadline = performance.now() + REST_MILLIS;
  const readings: number[] = [];
  for (;;) {
    const rss = readRss(pids);
    if (rss === null) throw new Error("the memory of processes can be read on Linux only");
    readings.push(rss);
    const last = readings.slice(-STILL_READINGS);
    const isStill =
      last.length === STILL_READINGS && Math.max(...last) - Math.min(...last) < STILL_SHARE * rss;
    if (isStill || performance.now() > deadline) return rss;
    await delay(pollMillis);
  }
}

export const idle = ({ server, dialect, processes, connectionsEach, ...head }: Idle): Scenario => ({
  ...head,
  async run(context): Promise<Sample[]> {
    const wanted = Math.round(connectionsEach * context.scale.size);
    const { count, reason } = connectionsThatFit(wanted, context.limits);
    if (reason !== null) context.note(`shrunk to ${count} connections a process: ${reason}`);
    if (wanted !== connectionsEach) context.note(`shrunk to ${count} connections a process for a quick look`);
    const rooms = Math.max(1, Math.floor(count / ROOM_SIZE));
    const membersPerRoom = Math.floor(count / rooms);
    const total = rooms * membersPerRoom * processes;

    const running: RunningServer[] = [];
    const fleet = new Fleet(processes);
    try {
      for (let i = 0; i < processes; i++) running.push(await startServer(servers[server]));
      const pids = running.map(({ pid }) => pid);
      const fresh = await rssAtRest(pids, context.scale.restPollMillis);

      const plan = {
        rooms,
        membersPerRoom,
        sendersPerRoom: 0,
        samplesPerRoom: 0,
        roomKind: "regular",
      } as const;
      context.progress(`making ${total} sessions`);
      const prepared = await Promise.all(
        running.map(({ address }) => dialects[dialect].prepare([address], plan)),
      );
      const withSessions = await rssAtRest(pids, context.scale.restPollMillis);
      // Generator i takes every seat whose index leaves i: so each has the clients of one server.
      const hosts = await loopbackAddresses(running[0]?.address as Address, servers[server].readyPath);
      const seats = prepared.flatMap((one, i) =>
        one.seats.map(
          (seat): Seat => ({
            ...seat,
            host: hosts[seat.index % hosts.length] as string,
            index: seat.index * processes + i,
          }),
        ),
      );

      context.progress(`connecting ${total} clients`);
      const before = { server: readCpu(pids), generator: readCpu(fleet.pids) };
      const seconds = await fleet.connect(dialect, seats, HANDSHAKES_AT_ONCE);
      const busy = {
        server: busyBetween(before.server, readCpu(pids), seconds),
        generator: busyBetween(before.generator, readCpu(fleet.pids), seconds),
      };
      const connected = readRss(pids) ?? Number.NaN;
      const settled = await rssAtRest(pids, context.scale.restPollMillis);
      const { lost, firstError } = await fleet.count();
      if (lost > 0) context.note(`${lost} connections lost; first: ${firstError}`);
      const sessionRates = prepared.map(({ sessions }) => (sessions?.count ?? 0) / (sessions?.seconds ?? 1));

      return [
        { measure: "connections held", value: total - lost, unit: "count" },
        {
          measure: "sessions made over REST",
          value: sessionRates.reduce((a, b) => a + b),
          unit: "per second",
        },
        { measure: "connects", value: total / seconds, unit: "per second", busy },
        {
          measure: "RSS a connection, at rest (over: sessions made)",
          value: (settled - withSessions) / total,
          unit: "bytes",
        },
        {
          measure: "RSS a connection, at rest (over: fresh start)",
          value: (settled - fresh) / total,
          unit: "bytes",
        },
        { measure: "RSS, fresh start", value: fresh / 2 ** 20, unit: "MiB" },
        { measure: "RSS, sessions made", value: withSessions / 2 ** 20, unit: "MiB" },
        { measure: "RSS, just connected", value: connected / 2 ** 20, unit: "MiB" },
        { measure: "RSS, at rest", value: settled / 2 ** 20, unit: "MiB" },
      ];
    } finally {
      await fleet.end();
      await Promise.all(running.map((server) => server.stop()));
    }
  },
});
