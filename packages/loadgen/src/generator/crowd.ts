import type { Dialect, Seat } from "../dialects/dialect.ts";
import { inParallel } from "../dialects/seating.ts";
import { MarkerReader } from "../marker.ts";
import { Connection, newTally } from "../wire/connection.ts";
import type { Counted } from "./commands.ts";
import type { Sends } from "./measurement.ts";
import { Sender } from "./sender.ts";

/** All connections of one generator process, and what they count. */
export class Crowd {
  readonly tally = newTally();
  readonly sends: Sends = { sent: 0, acknowledged: 0 };
  readonly dialect: Dialect;
  readonly connections: Connection[] = [];

  constructor(dialect: Dialect) {
    this.dialect = dialect;
  }

  /** Opens a connection a seat, `width` handshakes at a time; resolves to the seconds it took. */
  async connect(seats: Seat[], width: number): Promise<number> {
    const began = performance.now();
    await inParallel(seats.length, width, async (i) => {
      const connection = new Connection(seats[i] as Seat, this.dialect, this.tally);
      this.connections.push(connection);
      await connection.open();
    });
    return (performance.now() - began) / 1000;
  }

  /** The senders; `onEcho` is told of every echo of a message of theirs and when it was (to be) sent. */
  speakers(textLength: number, onEcho: (sender: Sender, micros: number) => void): Sender[] {
    const marker = new MarkerReader();
    const senders = this.withRole("sender").map(
      (connection) => new Sender(connection, this.dialect, textLength),
    );
    for (const sender of senders) {
      const { index } = sender.connection.seat;
      sender.connection.onMessage = (bytes, start, end) => {
        if (!marker.read(bytes, start, end) || marker.sender !== index) return;
        sender.echoed();
        this.sends.acknowledged++;
        onEcho(sender, marker.micros);
      };
    }
    return senders.sort((a, b) => a.connection.seat.index - b.connection.seat.index);
  }

  /** Tells of every message that a sampled member receives, and when it was (to be) sent. */
  listenToSamples(onDelivery: (micros: number) => void): void {
    const marker = new MarkerReader();
    for (const connection of this.withRole("sampled")) {
      connection.onMessage = (bytes, start, end) => {
        if (marker.read(bytes, start, end)) onDelivery(marker.micros);
      };
    }
  }

  count(): Counted {
    const { messages, lost, errors, firstError } = this.tally;
    return { ...this.sends, messages, lost, errors, firstError };
  }

  close(): void {
    for (const connection of this.connections) connection.close();
    this.connections.length = 0;
  }

  withRole(role: Seat["role"]): Connection[] {
    return this.connections.filter((connection) => connection.seat.role === role);
  }
}
