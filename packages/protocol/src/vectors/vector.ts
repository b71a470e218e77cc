/** What SDKs in other languages run: files of JSON, each a list of such rows. */

import type { Outcome } from "../outcome.ts";

/** Both texts decode to `value`; a decoder that knows less ignores what it doesn't know. */
export interface FrameVector {
  name: string;
  from: "client" | "server";
  value: unknown;
  json: string;
  /** Hexadecimal. An encoder may order keys and size numbers otherwise. */
  msgpack: string;
}

/** What a server answers to a client's frame. */
export interface OutcomeVector {
  name: string;
  json?: string;
  msgpack?: string;
  expects:
    | Pick<Extract<Outcome, { error: string }>, "error" | "id">
    | { close: string }
    | { method: string; id: number };
}

/** What a client does after a close. */
export interface CloseVector {
  code: number;
  reason: string;
  action: string;
  retryAfterMs: number | null;
}
