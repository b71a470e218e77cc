import type { Dialect } from "../dialects/dialect.ts";
import { findMarker, markedText, stamp } from "../marker.ts";
import type { Connection } from "../wire/connection.ts";
import { clientFrame, opcode } from "../wire/frames.ts";

/** A connection that speaks: its frame is built once; only the time in the marker changes. */
export class Sender {
  connection: Connection;
  /** Messages sent and not echoed yet. */
  outstanding = 0;
  readonly #frame: Uint8Array;
  readonly #markerAt: number;

  constructor(connection: Connection, dialect: Dialect, textLength: number) {
    this.connection = connection;
    const { room, index } = connection.seat;
    this.#frame = clientFrame(opcode.text, dialect.sendFrame(room, markedText(index, textLength)));
    this.#markerAt = findMarker(this.#frame, 0, this.#frame.length);
    if (this.#markerAt < 0) throw new Error(`${dialect.name}: the text does not travel as it is`);
  }

  send(micros: number): void {
    const frame = this.#frame.slice();
    stamp(frame, this.#markerAt, micros);
    this.outstanding++;
    this.connection.send(frame);
  }
}
