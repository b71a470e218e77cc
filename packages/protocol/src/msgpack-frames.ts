/** Frames as MessagePack, believing the other side. Who doesn't takes `msgpackCodec`; the client's codec is this. */

import { Decoder, Encoder } from "@msgpack/msgpack";

// They keep buffers between calls, which is what makes them fast; each call copies what it returns.
const decoder = new Decoder({ mapKeyConverter: keyOf });

function keyOf(key: unknown): string {
  if (typeof key !== "string") throw new Error("A key is no text.");
  return key;
}

/** Deeper frames than that throw. */
export function frameEncoder(mostLevels: number): (frame: object) => Uint8Array<ArrayBuffer> {
  const encoder = new Encoder({ ignoreUndefined: true, maxDepth: mostLevels });
  return (frame) => encoder.encode(frame);
}

/** Throws for what is no MessagePack, or has keys that are no texts. */
export const decodeFrame = (data: Uint8Array | ArrayBuffer): unknown => decoder.decode(data);
