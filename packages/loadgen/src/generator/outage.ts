import { setTimeout as delay } from "node:timers/promises";
import { Histogram } from "../histogram.ts";
import { MarkerReader, nowMicros } from "../marker.ts";
import type { Outage, OutageResult } from "./commands.ts";
import type { Crowd } from "./crowd.ts";
import { ReturningClient } from "./returning-client.ts";
import { Sender } from "./sender.ts";

/** After the load, how long everybody may take to be back and to have what they lack. */
const BACK_MILLIS = 60_000;
const POLL_MILLIS = 50;

/**
 * A given load, and one of the servers killed in the midst of it. Whose connection it was comes back elsewhere and
 * catches up; the latency of the others counts from when a message was due, as in the open loop.
 */
export async function runOutage(crowd: Crowd, command: Outage): Promise<OutageResult> {
  const { perSecond, beforeMillis, afterMillis, laterMillis, victim, refuges, spreadMillis } = command;
  const began = nowMicros();
  const killAt = began + beforeMillis * 1000;
  const calmAt = killAt + afterMillis * 1000;
  const end = calmAt + laterMillis * 1000;
  const isOfVictim = (client: ReturningClient) => client.seat.port === victim.port;
  const phaseOf = (micros: number) => (micros < killAt ? 0 : micros < calmAt ? 1 : 2);
  const phases = Array.from({ length: 3 }, () => ({ sent: 0, acknowledged: 0, echo: new Histogram() }));
  const lateness = new Histogram();

  const marker = new MarkerReader();
  const onMessage = (client: ReturningClient, bytes: Uint8Array, start: number, last: number) => {
    if (!marker.read(bytes, start, last) || marker.sender !== client.seat.index || isOfVictim(client)) return;
    const phase = phases[phaseOf(marker.micros)];
    if (phase === undefined) return;
    phase.acknowledged++;
    phase.echo.record(nowMicros() - marker.micros);
  };
  const options = { dialect: crowd.dialect, tally: crowd.tally, refuges, spreadMillis, onMessage };
  const clients = new Map(
    crowd.connections.map((connection) => [connection, new ReturningClient(connection, options)]),
  );
  const speakers = crowd.withRole("sender").map((connection) => ({
    client: clients.get(connection) as ReturningClient,
    sender: new Sender(connection, crowd.dialect, command.textLength),
  }));

  const between = 1e6 / perSecond;
  let killedAt: number | null = null;
  let due = 0;
  for (let now = began; now < end; now = nowMicros()) {
    if (killedAt === null && now >= killAt) {
      process.kill(victim.pid, "SIGKILL");
      killedAt = performance.now();
    }
    for (; began + due * between <= now; due++) {
      const speaker = speakers[due % speakers.length];
      if (speaker === undefined) throw new Error("nobody speaks");
      const { client, sender } = speaker;
      if (client.connection === null) continue;
      const intended = Math.floor(began + due * between);
      sender.connection = client.connection;
      sender.send(intended);
      if (isOfVictim(client)) continue;
      (phases[phaseOf(intended)] as { sent: number }).sent++;
      lateness.record(nowMicros() - intended);
    }
    await delay(1);
  }

  const everybody = [...clients.values()];
  const deadline = performance.now() + BACK_MILLIS;
  const isOver = () =>
    everybody.every(({ connection }) => connection !== null) &&
    phases.every(({ sent, acknowledged }) => sent === acknowledged) &&
    missingIn(everybody) === 0;
  while (!isOver() && performance.now() < deadline) await delay(POLL_MILLIS);
  const away = everybody.filter(({ lostAt }) => lostAt !== null);
  return {
    phases: phases.map(({ sent, acknowledged, echo }) => ({ sent, acknowledged, echo: echo.toJSON() })),
    lateness: lateness.toJSON(),
    backMillis: away.map(({ backAt }) => backAt && backAt - (killedAt ?? 0)),
    missing: missingIn(everybody),
  };
}

/** Messages of a room that some member has and another lacks, over all rooms and members. */
function missingIn(clients: readonly ReturningClient[]): number {
  const rooms = Map.groupBy(clients, ({ seat }) => seat.room);
  let missing = 0;
  for (const members of rooms.values()) {
    const all = new Set<number>();
    for (const { known } of members) for (const time of known) all.add(time);
    for (const { known } of members) missing += all.size - known.size;
  }
  return missing;
}
