import { constants, deflateRawSync, inflateRawSync } from "node:zlib";

/** Payloads as permessage-deflate has them (RFC 7692), without the four bytes that end every flushed block. */

const tail = Buffer.from([0, 0, 0xff, 0xff]);

/** So many bytes, in a thousandth of them. */
export const zeroesDeflated = (count: number): Buffer => {
  const whole = deflateRawSync(Buffer.alloc(count), { finishFlush: constants.Z_SYNC_FLUSH });
  return whole.subarray(0, whole.length - tail.length);
};

/** Of a payload that was compressed by itself. */
export const inflated = (payload: Uint8Array): Buffer =>
  inflateRawSync(Buffer.concat([payload, tail]), { finishFlush: constants.Z_SYNC_FLUSH });
