/** The compact codec: MessagePack in binary frames. In a file of its own, for clients that don't want its bytes. */

import { type Codec, plain, unreadable } from "./codec.ts";
import { limits } from "./limits.ts";
import { decodeFrame, frameEncoder } from "./msgpack-frames.ts";
import { subprotocols } from "./version.ts";

export const msgpackCodec: Codec = {
  name: "msgpack",
  subprotocol: subprotocols.msgpack,
  encode: frameEncoder(limits.frameDepth + 1),
  decode(data) {
    if (typeof data === "string") throw unreadable();
    let value: unknown;
    try {
      value = decodeFrame(data);
    } catch {
      throw unreadable();
    }
    return plain(value);
  },
};
