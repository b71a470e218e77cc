import { decodeFrame, frameEncoder } from "@parlance/protocol/msgpack-frames";
import { subprotocols } from "@parlance/protocol/version";
import type { FrameCodec } from "./connection/codec.ts";

/** Far above what the server takes: it is the server that refuses. */
const mostLevels = 100;

/** MessagePack in binary frames: fewer bytes on the wire than JSON. Needs `TextEncoder` and `TextDecoder`. */
export const msgpack: FrameCodec = {
  subprotocol: subprotocols.msgpack,
  encode: frameEncoder(mostLevels),
  // Told by the subprotocol, the server sends bytes alone.
  decode: (data) => decodeFrame(data as Uint8Array),
};
