/** What a codec is, and the one that every client has: JSON in text frames. */

import { FrameRefused } from "./frames.ts";
import { isPlain } from "./plain-value.ts";
import { type CodecName, subprotocols } from "./version.ts";

export interface Codec {
  readonly name: CodecName;
  readonly subprotocol: string;
  /** A string goes out as a text frame, bytes as a binary one. */
  encode(frame: object): string | Uint8Array<ArrayBuffer>;
  /** Any value that both codecs know; `readRequest` says whether it is a frame. Throws `FrameRefused`. */
  decode(data: string | Uint8Array | ArrayBuffer): unknown;
}

export const unreadable = (): FrameRefused => new FrameRefused(null, "The frame can't be read.");

/** Throws `FrameRefused` for what only one of the codecs could carry. */
export const plain = (value: unknown): unknown => {
  if (!isPlain(value))
    throw new FrameRefused(null, "The frame holds what no frame may hold, or nests too deep.");
  return value;
};

export const jsonCodec: Codec = {
  name: "json",
  subprotocol: subprotocols.json,
  encode: (frame) => JSON.stringify(frame),
  decode(data) {
    if (typeof data !== "string") throw unreadable();
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      throw unreadable();
    }
    return plain(value);
  },
};
