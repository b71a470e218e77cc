import { setTimeout as delay } from "node:timers/promises";
import { isMarkOf, isRefusal, markFrame, timeIn } from "../dialects/i2a-reading.ts";
import { nowMicros } from "../marker.ts";
import type { Connection } from "../wire/connection.ts";
import { clientFrame, opcode } from "../wire/frames.ts";
import type { Fill, Marks, Measured } from "./commands.ts";
import type { Crowd } from "./crowd.ts";
import { Measurement, type Sends } from "./measurement.ts";

/** Messages of one speaker under way while the rooms are filled. */
const FILLING_EACH = 8;
const FILLING_MILLIS = 90_000;
const POLL_MILLIS = 10;

/** Somebody who only reads: knows the messages of the room, and marks one after the other as read. */
export class Reader {
  readonly times: number[] = [];
  readonly #connection: Connection;
  #next = 0;
  #sentAt = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
    connection.onMessage = (bytes, start, end) => void this.times.push(timeIn(bytes, start, end));
  }

  get hasMore(): boolean {
    return this.#next < this.times.length;
  }

  /** `onMoved` is called when everybody, this reader too, is told of the mark; then the next may go. */
  begin(onMoved: (sentAt: number) => void): void {
    const isMine = isMarkOf(this.#connection.seat.index);
    this.#connection.onOther = (bytes, start, end) => {
      if (isMine(bytes, start, end)) onMoved(this.#sentAt);
      else if (isRefusal(bytes, start, end)) this.#send();
    };
  }

  mark(): void {
    this.#next++;
    this.#sentAt = nowMicros();
    this.#send();
  }

  /** Again after a refusal, which the server sends when the database does not answer in time. */
  #send(): void {
    const time = this.times[this.#next - 1] as number;
    this.#connection.send(clientFrame(opcode.text, markFrame(this.#connection.seat.room, time)));
  }
}

/**
 * Read marks as fast as they are answered: every listener moves its mark from one message to the next, one at a time.
 * The window ends early when somebody has read everything.
 */
export async function runMarks(crowd: Crowd, readers: readonly Reader[], command: Marks): Promise<Measured> {
  const { warmUpMillis, measureMillis } = command;
  const marks: Sends = { sent: 0, acknowledged: 0 };
  const measurement = new Measurement(crowd.tally, marks, command.watch);
  const finished = Promise.withResolvers<void>();
  let isRunning = true;
  for (const reader of readers) {
    reader.begin((sentAt) => {
      marks.acknowledged++;
      if (measurement.covers(sentAt)) measurement.echo.record(nowMicros() - sentAt);
      if (!isRunning) return;
      if (!reader.hasMore) return finished.resolve();
      marks.sent++;
      reader.mark();
    });
    marks.sent++;
    reader.mark();
  }
  const isOver = await Promise.race([delay(warmUpMillis, false), finished.promise.then(() => true)]);
  if (isOver) throw new Error("all was read before the measuring began");
  measurement.begin();
  await Promise.race([delay(measureMillis), finished.promise]);
  measurement.end();
  isRunning = false;
  return measurement.result();
}

export async function fillRooms(crowd: Crowd, { perRoom, textLength }: Fill): Promise<Reader[]> {
  const readers = crowd.withRole("listener").map((connection) => new Reader(connection));
  const left = new Map<string, number>();
  const speakers = crowd.speakers(textLength, (sender) => {
    const rest = left.get(sender.connection.seat.room) ?? 0;
    if (rest === 0) return;
    left.set(sender.connection.seat.room, rest - 1);
    crowd.sends.sent++;
    sender.send(nowMicros());
  });
  for (const speaker of speakers) {
    const first = Math.min(FILLING_EACH, perRoom);
    left.set(speaker.connection.seat.room, perRoom - first);
    for (let i = 0; i < first; i++) {
      crowd.sends.sent++;
      speaker.send(nowMicros());
    }
  }
  await until("all is said", () => crowd.sends.acknowledged === perRoom * speakers.length);
  await until("the readers hear all", () => readers.every(({ times }) => times.length >= perRoom));
  return readers;
}

async function until(what: string, isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + FILLING_MILLIS;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`in vain for ${FILLING_MILLIS / 1000} s: ${what}`);
    await delay(POLL_MILLIS);
  }
}
