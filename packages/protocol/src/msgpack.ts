/** The compact codec: MessagePack in binary frames. In a file of its own, for clients that don't want its bytes. */

import { Decoder, Encoder } from "@msgpack/msgpack";
import { type Codec, plain, unreadable } from "./codec.ts";
import { limits } from "./limits.ts";
import { subprotocols } from "./version.ts";

// They keep buffers between calls, which is what makes them fast; each call copies what it returns.
const encoder = new Encoder({ ignoreUndefined: true, maxDepth: limits.frameDepth + 1 });
const decoder = new Decoder({ mapKeyConverter: keyOf });

function keyOf(key: unknown): string {
  if (typeof key !== "string") throw unreadable();
  return key;
}

export const msgpackCodec: Codec = {
  name: "msgpack",
  subprotocol: subprotocols.msgpack,
  encode: (frame) => encoder.encode(frame),
  decode(data) {
    if (typeof data === "string") throw unreadable();
    let value: unknown;
    try {
      value = decoder.decode(data);
    } catch {
      throw unreadable();
    }
    return plain(value);
  },
};
