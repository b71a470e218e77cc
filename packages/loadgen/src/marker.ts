/**
 * The marker that sent texts carry: who sent, and when, in digits of fixed width, e.g. `<lg000042:1760000000000000>`.
 * A receiver finds it in the raw bytes of a frame, whatever the dialect wrapped around it, and decodes nothing else.
 */

/** Not the same words again and again, which a compressor would see through. */
const WORDS =
  "the boats that came in this morning brought more than anybody had asked for, so there will be fish for " +
  "the whole street; tell your mother I can be there by six if the bus runs, and ask whether she still wants bread. ";

const OPEN = Buffer.from("<lg");
const SENDER_DIGITS = 6;
const TIME_DIGITS = 16;
const SENDER_AT = OPEN.length;
const TIME_AT = SENDER_AT + SENDER_DIGITS + 1;
export const MARKER_LENGTH = TIME_AT + TIME_DIGITS + 1;

/** Microseconds since the Unix epoch, on one clock for all processes of this machine, and finer than `Date.now`. */
export const nowMicros = (): number => Math.round((performance.timeOrigin + performance.now()) * 1000);

/** A text of `length` characters (at least the marker's) that starts with the sender's marker. */
export function markedText(sender: number, length: number): string {
  const id = String(sender).padStart(SENDER_DIGITS, "0");
  if (id.length > SENDER_DIGITS) throw new RangeError(`sender ${sender} does not fit the marker`);
  return `<lg${id}:${"0".repeat(TIME_DIGITS)}>`.padEnd(length, WORDS);
}

/** Where the marker starts, or -1. */
export function findMarker(bytes: Uint8Array, start: number, end: number): number {
  const at = bytes.subarray(start, end) as Buffer;
  const found = Buffer.from(at.buffer, at.byteOffset, at.length).indexOf(OPEN);
  return found < 0 || start + found + MARKER_LENGTH > end ? -1 : start + found;
}

/** Overwrites the time of the marker at `at`. */
export function stamp(bytes: Uint8Array, at: number, micros: number): void {
  let rest = micros;
  for (let i = at + TIME_AT + TIME_DIGITS - 1; i >= at + TIME_AT; i--) {
    const tenth = Math.floor(rest / 10);
    bytes[i] = 48 + (rest - tenth * 10);
    rest = tenth;
  }
}

const digits = (bytes: Uint8Array, at: number, count: number): number => {
  let value = 0;
  for (let i = at; i < at + count; i++) value = value * 10 + ((bytes[i] as number) - 48);
  return value;
};

/** Reads markers; remembers where the last one stood, because frames of one connection are alike. */
export class MarkerReader {
  sender = -1;
  micros = 0;
  #offset = 0;

  /** True: `sender` and `micros` are those of the marker in the frame. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    let at = start + this.#offset;
    const isThere = at + MARKER_LENGTH <= end && OPEN.every((byte, i) => bytes[at + i] === byte);
    if (!isThere) {
      at = findMarker(bytes, start, end);
      if (at < 0) return false;
      this.#offset = at - start;
    }
    this.sender = digits(bytes, at + SENDER_AT, SENDER_DIGITS);
    this.micros = digits(bytes, at + TIME_AT, TIME_DIGITS);
    return true;
  }
}
