import { constants, inflateRawSync } from "node:zlib";

/** Ends every block that a peer of permessage-deflate flushes, and does not travel (RFC 7692). */
const TAIL = Buffer.from([0, 0, 0xff, 0xff]);

/** A payload that was compressed by itself, without the context of others. */
export const inflate = (payload: Uint8Array): Buffer =>
  inflateRawSync(Buffer.concat([payload, TAIL]), { finishFlush: constants.Z_SYNC_FLUSH });
