/**
 * WebSocket framing as a load generator needs it (RFC 6455): frames to the server are built once and masked with the key
 * zero, which is legal and makes the payload travel as it is; frames from the server are cut by their length, and nothing
 * is copied or decoded unless a frame arrives in pieces.
 */

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** What payloads of a dialect travel in. */
export const opcodeOf = ({ isBinary }: { isBinary?: boolean }): number =>
  isBinary ? opcode.binary : opcode.text;

/** The first reserved bit: permessage-deflate's, on the first frame of a message. */
const COMPRESSED = 0x40;

/** Longer than anything a chat server sends; a longer frame means that the stream is out of step. */
const MAX_FRAME = 16 * 1024 * 1024;
const NOTHING = new Uint8Array(0);

/** A whole final frame from a client, masked with the key zero. */
export function clientFrame(code: number, payload: Uint8Array): Uint8Array {
  const length = payload.length;
  const extended = length < 126 ? 0 : length < 65536 ? 2 : 8;
  const frame = new Uint8Array(2 + extended + 4 + length);
  const view = new DataView(frame.buffer);
  view.setUint8(0, 0x80 | code);
  view.setUint8(1, 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127));
  if (extended === 2) view.setUint16(2, length);
  if (extended === 8) view.setBigUint64(2, BigInt(length));
  frame.set(payload, 2 + extended + 4);
  return frame;
}

/** Told of every whole message and control frame; the bytes are valid during the call only. */
export interface FrameSink {
  onFrame(code: number, bytes: Uint8Array, start: number, end: number, isCompressed: boolean): void;
}

/** Cuts one connection's stream into frames. Throws on what a server must not send. */
export class FrameReader {
  /** The first bytes of a frame whose rest has not arrived. */
  #partial = NOTHING;
  #have = 0;
  /** The first fragments of a message whose last has not arrived. */
  #fragments: Uint8Array[] = [];
  /** Opcode and reserved bits of their first. */
  #fragmentsHead = 0;
  readonly #reserved: number;

  /** Whether compressed messages were agreed on. */
  constructor(mayBeCompressed = false) {
    this.#reserved = mayBeCompressed ? 0x70 & ~COMPRESSED : 0x70;
  }

  read(chunk: Uint8Array, from: number, sink: FrameSink): void {
    let at = this.#have > 0 ? this.#completePartial(chunk, from, sink) : from;
    const end = chunk.length;
    while (at < end) {
      const size = this.#frameSize(chunk, at, end);
      if (size === 0 || at + size > end) {
        this.#keep(chunk, at, end, size);
        return;
      }
      this.#emit(chunk, at, at + size, sink);
      at += size;
    }
  }

  #keep(chunk: Uint8Array, at: number, end: number, size: number): void {
    this.#partial = new Uint8Array(Math.max(size, 16));
    this.#partial.set(chunk.subarray(at, end));
    this.#have = end - at;
  }

  /** Takes from the chunk what the partial frame lacks; returns where the next frame starts. */
  #completePartial(chunk: Uint8Array, from: number, sink: FrameSink): number {
    let at = from;
    let size = this.#frameSize(this.#partial, 0, this.#have);
    while (size === 0 && at < chunk.length) {
      this.#partial[this.#have++] = chunk[at++] as number;
      size = this.#frameSize(this.#partial, 0, this.#have);
    }
    if (size === 0) return at;
    if (this.#partial.length < size) {
      const grown = new Uint8Array(size);
      grown.set(this.#partial.subarray(0, this.#have));
      this.#partial = grown;
    }
    const take = Math.min(size - this.#have, chunk.length - at);
    this.#partial.set(chunk.subarray(at, at + take), this.#have);
    this.#have += take;
    if (this.#have === size) {
      const frame = this.#partial;
      this.#partial = NOTHING;
      this.#have = 0;
      this.#emit(frame, 0, size, sink);
    }
    return at + take;
  }

  #emit(bytes: Uint8Array, start: number, end: number, sink: FrameSink): void {
    const first = bytes[start] as number;
    const code = first & 0x0f;
    const short = bytes[start + 1] as number;
    const payload = start + (short < 126 ? 2 : short === 126 ? 4 : 10);
    if (first & 0x80 && code !== opcode.continuation)
      sink.onFrame(code, bytes, payload, end, (first & COMPRESSED) !== 0);
    else this.#join(first, bytes.slice(payload, end), sink);
  }

  /** Messages in several frames: rare, so plain. */
  #join(first: number, piece: Uint8Array, sink: FrameSink): void {
    const code = first & 0x0f;
    const isFirst = code !== opcode.continuation;
    if (isFirst !== (this.#fragments.length === 0)) throw new Error("fragments of messages out of order");
    if (isFirst) this.#fragmentsHead = first;
    this.#fragments.push(piece);
    const size = this.#fragments.reduce((sum, part) => sum + part.length, 0);
    if (size > MAX_FRAME) throw new Error(`a message of more than ${MAX_FRAME} bytes`);
    if (!(first & 0x80)) return;
    const whole = Buffer.concat(this.#fragments);
    this.#fragments = [];
    const isCompressed = (this.#fragmentsHead & COMPRESSED) !== 0;
    sink.onFrame(this.#fragmentsHead & 0x0f, whole, 0, whole.length, isCompressed);
  }

  /** Bytes of the whole frame that starts at `at`; 0 when its header is not complete yet. */
  #frameSize(bytes: Uint8Array, at: number, end: number): number {
    if (at + 2 > end) return 0;
    if ((bytes[at] as number) & this.#reserved)
      throw new Error("a frame with reserved bits: no extension was agreed");
    return sizeOf(bytes, at, end);
  }
}

/** Of a frame whose first two bytes are there. */
function sizeOf(bytes: Uint8Array, at: number, end: number): number {
  const short = bytes[at + 1] as number;
  if (short < 126) return 2 + short;
  if (short > 127) throw new Error("a masked frame from a server");
  const header = short === 126 ? 4 : 10;
  if (at + header > end) return 0;
  let length = 0;
  for (let i = at + 2; i < at + header; i++) length = length * 256 + (bytes[i] as number);
  if (length > MAX_FRAME) throw new Error(`a frame of ${length} bytes`);
  return header + length;
}
