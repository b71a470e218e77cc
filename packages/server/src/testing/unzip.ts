import { crc32, inflateRawSync } from "node:zlib";

/**
 * The one file of an archive, found as programs find it: from the end, by the list of files there. Throws for what isn't
 * one, or whose sizes or checksum are wrong.
 */
export function unzip(archive: Uint8Array): { name: string; text: string } {
  const bytes = Buffer.from(archive);
  const end = bytes.length - 22;
  expectMark(bytes, end, 0x06054b50);
  expectMark(bytes, end - 20, 0x07064b50);
  const end64 = Number(bytes.readBigUInt64LE(end - 12));
  expectMark(bytes, end64, 0x06064b50);
  if (bytes.readBigUInt64LE(end64 + 32) !== 1n) throw new Error("it does not hold one file");
  const entry = Number(bytes.readBigUInt64LE(end64 + 48));
  expectMark(bytes, entry, 0x02014b50);
  const nameLength = bytes.readUInt16LE(entry + 28);
  const name = bytes.toString("utf8", entry + 46, entry + 46 + nameLength);
  const extra = entry + 46 + nameLength;
  const [raw, packed] = [bytes.readBigUInt64LE(extra + 4), bytes.readBigUInt64LE(extra + 12)].map(Number);
  expectMark(bytes, 0, 0x04034b50);
  const begin = 30 + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
  expectMark(bytes, begin + (packed as number), 0x08074b50);
  const content = inflateRawSync(bytes.subarray(begin, begin + (packed as number)));
  if (content.length !== raw || crc32(content) !== bytes.readUInt32LE(entry + 16))
    throw new Error("its content is not what the archive says");
  return { name, text: content.toString() };
}

function expectMark(bytes: Buffer, at: number, mark: number): void {
  if (bytes.readUInt32LE(at) !== mark) throw new Error(`no part of an archive at ${at}`);
}
