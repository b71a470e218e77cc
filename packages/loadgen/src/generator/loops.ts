import { setTimeout as delay } from "node:timers/promises";
import { nowMicros } from "../marker.ts";
import type { ClosedLoop, Measured, OpenLoop } from "./commands.ts";
import type { Crowd } from "./crowd.ts";
import { Measurement } from "./measurement.ts";

/** A window in which nothing came back says nothing: it lasts longer then, up to this. */
const LONGEST_WINDOW_MILLIS = 10_000;
/** After an open loop, how long stragglers may still arrive to be counted in the latencies. */
const STRAGGLER_MILLIS = 1000;

/**
 * Saturation: every sender keeps its share of the outstanding messages under way. How fast it goes is the server's
 * doing; the echo is the acknowledgement.
 */
export async function runClosedLoop(crowd: Crowd, command: ClosedLoop): Promise<Measured> {
  const { outstanding, senders: count, warmUpMillis, measureMillis } = command;
  const measurement = new Measurement(crowd.tally, crowd.sends, command.watch);
  let isRunning = true;
  const senders = crowd.speakers(command.textLength, (sender, micros) => {
    const now = nowMicros();
    if (measurement.covers(micros)) measurement.echo.record(now - micros);
    if (isRunning) {
      crowd.sends.sent++;
      sender.send(now);
    }
  });
  for (const sender of senders) {
    // Indexes of senders are 0…count-1 over all generators, so the shares add up to `outstanding`.
    const share =
      Math.floor(outstanding / count) + (sender.connection.seat.index < outstanding % count ? 1 : 0);
    for (let i = 0; i < share; i++) {
      crowd.sends.sent++;
      sender.send(nowMicros());
    }
  }
  await delay(warmUpMillis);
  measurement.begin();
  const { acknowledged } = crowd.sends;
  for (let waited = 0; waited < LONGEST_WINDOW_MILLIS; waited += measureMillis) {
    await delay(measureMillis);
    if (crowd.sends.acknowledged > acknowledged) break;
  }
  measurement.end();
  isRunning = false;
  return measurement.result();
}

/**
 * A given load: message k is due at start + k / rate and carries that time, not the time it was really written, so a
 * generator or a server that falls behind shows as latency instead of hiding it.
 */
export async function runOpenLoop(crowd: Crowd, command: OpenLoop): Promise<Measured> {
  const { perSecond, stride, offset, warmUpMillis, measureMillis } = command;
  const measurement = new Measurement(crowd.tally, crowd.sends, command.watch);
  const senders = crowd.speakers(command.textLength, (_sender, micros) => {
    if (measurement.covers(micros)) measurement.echo.record(nowMicros() - micros);
  });
  crowd.listenToSamples((micros) => {
    if (measurement.covers(micros)) measurement.delivery.record(nowMicros() - micros);
  });

  const began = nowMicros();
  const between = 1e6 / perSecond;
  let due = offset;
  const end = began + (warmUpMillis + measureMillis) * 1000;
  let hasBegun = false;
  for (let now = began; now < end; now = nowMicros()) {
    if (!hasBegun && now >= began + warmUpMillis * 1000) {
      hasBegun = true;
      measurement.begin();
    }
    for (; began + due * between <= now; due += stride) {
      const intended = Math.floor(began + due * between);
      const sender = senders[Math.floor(due / stride) % senders.length];
      if (sender === undefined) break;
      crowd.sends.sent++;
      sender.send(intended);
      if (measurement.covers(intended)) measurement.lateness.record(nowMicros() - intended);
    }
    await delay(1);
  }
  measurement.end();
  await delay(Math.min(STRAGGLER_MILLIS, measureMillis));
  return measurement.result();
}
