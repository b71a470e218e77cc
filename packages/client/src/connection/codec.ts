import { subprotocols } from "@parlance/protocol/version";

/** How frames are written; JSON unless told otherwise. `@parlance/client/msgpack` has the compact one. */
export interface FrameCodec {
  readonly subprotocol: string;
  encode(frame: object): string | Uint8Array<ArrayBuffer>;
  /** May throw. */
  decode(data: string | Uint8Array): unknown;
}

export const json: FrameCodec = {
  subprotocol: subprotocols.json,
  encode: (frame) => JSON.stringify(frame),
  decode: (data) => JSON.parse(data as string),
};
