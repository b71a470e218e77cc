/** What a server does with a frame of a client, by the tables alone. */

import type { CloseName } from "./close-codes.ts";
import type { Codec } from "./codec.ts";
import type { ProtocolErrorName } from "./errors.ts";
import { FrameRefused, readRequest } from "./frames.ts";
import { isMethodName, methods } from "./methods/index.ts";
import { faultsOf } from "./schema/check.ts";

export type Outcome =
  | { method: string; id: number }
  | { error: ProtocolErrorName; id: number; message: string }
  | { close: CloseName };

/** The method it asks for, the error that answers it, or the close code. */
export function outcomeOf(codec: Codec, data: string | Uint8Array): Outcome {
  try {
    const { id, method, params } = readRequest(codec.decode(data));
    if (!isMethodName(method)) return { error: "unknownMethod", id, message: method };
    const faults = faultsOf(methods[method].params, params);
    return faults.length === 0 ? { method, id } : { error: "invalidParams", id, message: faults.join("; ") };
  } catch (error) {
    if (!(error instanceof FrameRefused)) throw error;
    return error.id === null
      ? { close: "malformedFrame" }
      : { error: error.code, id: error.id, message: error.message };
  }
}
