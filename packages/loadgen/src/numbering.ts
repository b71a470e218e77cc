/**
 * Numbers in frames that are built once: each copy gets the next, so that no two requests of a generator have the same.
 * They stand as ten digits, or as the word of four bytes that MessagePack makes of a number so large.
 */

export const firstNumber = 1_000_000_000;
const DIGITS = String(firstNumber).length;
/** MessagePack's mark of such a word. */
const WORD = 0xce;

/** Of this process; two of them speak for different users. */
let next = firstNumber;

export class Numbering {
  readonly #digitsAt: number[];
  readonly #wordsAt: number[];

  /** Finds where `firstNumber` stands in the frame. */
  constructor(frame: Uint8Array) {
    const word = Buffer.alloc(5, WORD);
    word.writeUInt32BE(firstNumber, 1);
    this.#digitsAt = placesOf(frame, Buffer.from(String(firstNumber)));
    this.#wordsAt = placesOf(frame, word).map((at) => at + 1);
  }

  /** Writes the next number into a copy of the frame. */
  stamp(copy: Uint8Array): void {
    if (this.#digitsAt.length === 0 && this.#wordsAt.length === 0) return;
    const number = next++;
    for (const at of this.#digitsAt) {
      let rest = number;
      for (let i = at + DIGITS - 1; i >= at; i--) {
        copy[i] = 48 + (rest % 10);
        rest = Math.floor(rest / 10);
      }
    }
    for (const at of this.#wordsAt) {
      for (let i = 0; i < 4; i++) copy[at + i] = number >>> (24 - 8 * i);
    }
  }
}

function placesOf(frame: Uint8Array, wanted: Buffer): number[] {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  const places: number[] = [];
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + wanted.length))
    places.push(at);
  return places;
}
