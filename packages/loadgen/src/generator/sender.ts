import type { Dialect } from "../dialects/dialect.ts";
import { findMarker, markedText, stamp } from "../marker.ts";
import { Numbering } from "../numbering.ts";
import type { Connection } from "../wire/connection.ts";
import { clientFrame, opcodeOf } from "../wire/frames.ts";

/** A connection that speaks: its frame is built once; only the time in the marker and numbers change. */
export class Sender {
  connection: Connection;
  readonly #frame: Uint8Array;
  readonly #markerAt: number;
  readonly #numbering: Numbering;
  readonly #mostUnderWay: number;
  #underWay = 0;
  /** Times of messages that are due and wait for echoes. */
  readonly #waiting: number[] = [];

  constructor(connection: Connection, dialect: Dialect, textLength: number) {
    this.connection = connection;
    const { room, index } = connection.seat;
    const payload = dialect.sendFrame(room, markedText(index, textLength));
    this.#frame = clientFrame(opcodeOf(dialect), payload);
    this.#markerAt = findMarker(this.#frame, 0, this.#frame.length);
    if (this.#markerAt < 0) throw new Error(`${dialect.name}: the text does not travel as it is`);
    this.#numbering = new Numbering(this.#frame);
    this.#mostUnderWay = dialect.mostUnderWay ?? Number.POSITIVE_INFINITY;
  }

  /** Now, or after echoes; the message carries `micros` in any case. */
  send(micros: number): void {
    if (this.#underWay >= this.#mostUnderWay) this.#waiting.push(micros);
    else this.#write(micros);
  }

  /** A message of this sender has come back. */
  echoed(): void {
    this.#underWay--;
    const due = this.#waiting.shift();
    if (due !== undefined) this.#write(due);
  }

  #write(micros: number): void {
    const frame = this.#frame.slice();
    stamp(frame, this.#markerAt, micros);
    this.#numbering.stamp(frame);
    this.#underWay++;
    this.connection.send(frame);
  }
}
