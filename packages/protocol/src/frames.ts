/** The three kinds of frames, and how the receiving side takes them apart. */

import { type ErrorBody, errorBodyOf, type ProtocolErrorName } from "./errors.ts";
import { limits } from "./limits.ts";

export interface RequestFrame {
  /** 1 to 2^31, unique among the requests of the connection that wait for a reply. */
  id: number;
  method: string;
  params: Record<string, unknown>;
}

export type ReplyFrame = { id: number; result: Record<string, unknown> } | { id: number; error: ErrorBody };

export interface EventFrame {
  event: string;
  data: Record<string, unknown>;
}

export type ServerFrame = ReplyFrame | EventFrame;

/** A frame that is none. With an `id` the answer is an error; without one the connection is closed as `malformedFrame`. */
export class FrameRefused extends Error {
  readonly code: ProtocolErrorName;
  readonly id: number | null;

  constructor(id: number | null, message: string) {
    super(message);
    this.name = "FrameRefused";
    this.code = "malformedRequest";
    this.id = id;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isRequestId = (id: unknown): id is number =>
  typeof id === "number" && Number.isInteger(id) && id >= 1 && id <= limits.requestId;

/**
 * What a codec decoded, as a request; whether method and params are good is for the table to say. `params` may be
 * missing. Throws `FrameRefused`.
 */
export function readRequest(frame: unknown): RequestFrame {
  if (!isObject(frame)) throw new FrameRefused(null, "A frame is an object.");
  const { id, method, params = {} } = frame;
  if (!isRequestId(id))
    throw new FrameRefused(null, `A request's id is a whole number from 1 to ${limits.requestId}.`);
  if (typeof method !== "string") throw new FrameRefused(id, "A request names its method.");
  if (!isObject(params)) throw new FrameRefused(id, "Params are an object.");
  return { id, method, params };
}

/** Null: of a kind that this version doesn't know; to be ignored. */
export function readServerFrame(frame: unknown): ServerFrame | null {
  if (!isObject(frame)) return null;
  const { id, result, error, event, data } = frame;
  if (typeof event === "string") return isObject(data) ? { event, data } : null;
  if (!isRequestId(id)) return null;
  if (isObject(result)) return { id, result };
  return isObject(error) ? { id, error: { ...errorBodyOf("internal"), ...error } } : null;
}
