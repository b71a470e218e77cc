import type { Connection } from "./connection.ts";

/**
 * Finds connections whose peer is gone without a word. One slice of them is looked at each second: who was silent for
 * one interval is pinged, who was silent for two is ended; who was told to leave and did not within an interval is cut off.
 */
export class Heartbeat {
  readonly #slices: Set<Connection>[];
  #next = 0;
  #second = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(intervalSeconds: number) {
    this.#slices = Array.from({ length: intervalSeconds }, () => new Set());
  }

  start(): void {
    this.#timer = setInterval(() => this.#beat(), 1000);
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
  }

  add(connection: Connection): void {
    connection.heardAt = this.#second;
    connection.heartbeatSlice = this.#next;
    this.#slices[this.#next]?.add(connection);
    this.#next = (this.#next + 1) % this.#slices.length;
  }

  remove(connection: Connection): void {
    this.#slices[connection.heartbeatSlice]?.delete(connection);
  }

  heard(connection: Connection): void {
    connection.heardAt = this.#second;
  }

  #beat(): void {
    this.#second++;
    for (const connection of this.#slices[this.#second % this.#slices.length] ?? []) this.#look(connection);
  }

  #look(connection: Connection): void {
    const silence = this.#second - connection.heardAt;
    if (connection.state === "leaving") {
      // The first look gives the peer time to read our farewell and to answer it.
      if (connection.wasAskedToLeave) connection.socket?.terminate();
      connection.wasAskedToLeave = true;
    } else if (silence >= 2 * this.#slices.length) {
      connection.close("silent");
      connection.socket?.terminate();
    } else if (silence >= this.#slices.length) {
      connection.socket?.ping();
    }
  }
}
