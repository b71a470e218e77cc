import { Histogram } from "../histogram.ts";
import { nowMicros } from "../marker.ts";
import { busyBetween, readCpu } from "../usage.ts";
import type { Tally } from "../wire/connection.ts";
import type { Measured } from "./commands.ts";

/** Messages of this generator so far. */
export interface Sends {
  sent: number;
  acknowledged: number;
}

/** The window of a loop in which things count: snapshots at both ends, histograms between. */
export class Measurement {
  readonly echo = new Histogram();
  readonly delivery = new Histogram();
  readonly lateness = new Histogram();
  /** Messages (intended to be) sent between these two times have their latency recorded. */
  from = Number.POSITIVE_INFINITY;
  to = Number.POSITIVE_INFINITY;
  readonly #read: () => Snapshot;
  #before: Snapshot | null = null;
  #after: Snapshot | null = null;

  constructor(tally: Tally, sends: Sends, watch: number[]) {
    this.#read = () => ({
      at: nowMicros(),
      counters: { ...tally, ...sends },
      server: readCpu(watch),
      generator: readCpu([process.pid]),
    });
  }

  begin(): void {
    this.#before = this.#read();
    this.from = this.#before.at;
  }

  end(): void {
    this.#after = this.#read();
    this.to = this.#after.at;
  }

  covers(micros: number): boolean {
    return micros >= this.from && micros < this.to;
  }

  result(): Measured {
    const [before, after] = [this.#before, this.#after];
    if (before === null || after === null) throw new Error("the measurement has not ended");
    const seconds = (after.at - before.at) / 1e6;
    const grown = (name: "sent" | "acknowledged" | "messages" | "others" | "bytes" | "bytesSent") =>
      after.counters[name] - before.counters[name];
    return {
      seconds,
      sent: grown("sent"),
      acknowledged: grown("acknowledged"),
      messages: grown("messages"),
      frames: grown("messages") + grown("others"),
      bytes: grown("bytes"),
      bytesSent: grown("bytesSent"),
      echo: this.echo.toJSON(),
      delivery: this.delivery.toJSON(),
      lateness: this.lateness.toJSON(),
      server: busyBetween(before.server, after.server, seconds),
      generator: busyBetween(before.generator, after.generator, seconds),
    };
  }
}

interface Snapshot {
  at: number;
  counters: Tally & Sends;
  server: ReturnType<typeof readCpu>;
  generator: ReturnType<typeof readCpu>;
}
