/**
 * A zip archive of one file, made while it is sent: what is known only at its end stands behind the file, as the format
 * allows. Sizes are written with 64 bits, so that an hour may be as large as it likes.
 */

import { once } from "node:events";
import { pipeline, Readable } from "node:stream";
import { crc32, createDeflateRaw } from "node:zlib";

interface Sizes {
  crc: number;
  raw: number;
  packed: number;
}

const version = 45;
/** Sizes stand behind the file (bit 3); its name is UTF-8 (bit 11). */
const flags = 0x0808;
const deflated = 8;
const unknown = 0xffffffff;
/** UTF-16 units. */
const chunkLength = 64 * 1024;

/** Little-endian numbers by their width in bytes. */
const bytes = (...parts: (readonly [width: 2 | 4 | 8, value: number])[]): Buffer => {
  const buffer = Buffer.alloc(parts.reduce((sum, [width]) => sum + width, 0));
  let at = 0;
  for (const [width, value] of parts) {
    if (width === 8) buffer.writeBigUInt64LE(BigInt(value), at);
    else buffer.writeUIntLE(value, at, width);
    at += width;
  }
  return buffer;
};

/** Date and time of the format, in its steps of two seconds. */
const dosTime = (date: Date): [time: number, day: number] => [
  (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1),
  ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate(),
];

const localHeader = (name: Buffer, [time, day]: [number, number]): Buffer =>
  Buffer.concat([
    bytes([4, 0x04034b50], [2, version], [2, flags], [2, deflated], [2, time], [2, day]),
    bytes([4, 0], [4, unknown], [4, unknown], [2, name.length], [2, 20]),
    name,
    bytes([2, 1], [2, 16], [8, 0], [8, 0]),
  ]);

/** The list of the archive's files, which is one, and where that list is. */
const directory = (name: Buffer, [time, day]: [number, number], { crc, raw, packed }: Sizes, at: number) => {
  const entry = Buffer.concat([
    bytes([4, 0x02014b50], [2, version], [2, version], [2, flags], [2, deflated], [2, time], [2, day]),
    bytes([4, crc], [4, unknown], [4, unknown], [2, name.length], [2, 20], [2, 0], [2, 0], [2, 0], [4, 0]),
    bytes([4, 0]),
    name,
    bytes([2, 1], [2, 16], [8, raw], [8, packed]),
  ]);
  const end = at + entry.length;
  return Buffer.concat([
    entry,
    bytes([4, 0x06064b50], [8, 44], [2, version], [2, version], [4, 0], [4, 0], [8, 1], [8, 1]),
    bytes([8, entry.length], [8, at]),
    bytes([4, 0x07064b50], [4, 0], [8, end], [4, 1]),
    bytes([4, 0x06054b50], [2, 0], [2, 0], [2, 0xffff], [2, 0xffff], [4, unknown], [4, unknown], [2, 0]),
  ]);
};

/** Many lines together: each chunk takes its way through a stream. */
async function* inChunks(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let waiting = "";
  for await (const line of lines) {
    waiting += line;
    if (waiting.length < chunkLength) continue;
    yield waiting;
    waiting = "";
  }
  if (waiting !== "") yield waiting;
}

/** Reads as the archive is wanted, and no faster; who stops reading ends `lines`. */
export async function* zipLines(
  fileName: string,
  date: Date,
  lines: AsyncIterable<string>,
): AsyncGenerator<Uint8Array> {
  const name = Buffer.from(fileName);
  const stamp = dosTime(date);
  const header = localHeader(name, stamp);
  yield header;
  const sizes: Sizes = { crc: 0, raw: 0, packed: 0 };
  async function* counted() {
    for await (const text of inChunks(lines)) {
      const chunk = Buffer.from(text);
      sizes.crc = crc32(chunk, sizes.crc);
      sizes.raw += chunk.length;
      yield chunk;
    }
  }
  const deflate = createDeflateRaw();
  const source = Readable.from(counted());
  let failure: Error | null = null;
  pipeline(source, deflate, (error) => {
    failure = error ?? null;
  });
  try {
    for await (const chunk of deflate) {
      sizes.packed += chunk.length;
      yield chunk;
    }
  } finally {
    source.destroy();
    deflate.destroy();
    if (!source.closed) await once(source, "close");
  }
  if (failure) throw failure;
  const descriptor = bytes([4, 0x08074b50], [4, sizes.crc], [8, sizes.packed], [8, sizes.raw]);
  yield descriptor;
  yield directory(name, stamp, sizes, header.length + sizes.packed + descriptor.length);
}
