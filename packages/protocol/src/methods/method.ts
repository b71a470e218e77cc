import type { ProtocolErrorName } from "../errors.ts";
import type { Schema } from "../schema/schema.ts";

/** A method is a row: what the server checks, what a client's types are, and what the reference page says. */
export interface Method<Params = unknown, Result = unknown> {
  /** What it does, in one sentence. */
  sentence: string;
  /** What else to know. */
  notes?: readonly string[];
  params: Schema<Params>;
  result: Schema<Result>;
  /** Besides those that every method can answer (`commonErrors`). */
  errors: readonly ProtocolErrorName[];
  /** Params that the row's schema takes, and a result of them. */
  example: { params: NoInfer<Params>; result: NoInfer<Result> };
}

export const method = <Params, Result>(row: Method<Params, Result>): Method<Params, Result> => row;

/** Any request may be refused with these. */
export const commonErrors = [
  "malformedRequest",
  "unknownMethod",
  "invalidParams",
  "duplicateId",
  "tooManyRequests",
  "rateLimited",
  "internal",
  "unavailable",
] as const satisfies readonly ProtocolErrorName[];

/** Those that name a conversation. */
export const conversationErrors = [
  "conversationNotFound",
  "notMember",
] as const satisfies readonly ProtocolErrorName[];
