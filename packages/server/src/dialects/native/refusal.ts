import {
  type CloseName,
  closeCodes,
  type ErrorBody,
  errorBodyOf,
  type ProtocolErrorName,
} from "@parlance/protocol";
import { type ErrorName, ParlanceError } from "../../errors.ts";

/** A refusal that only this protocol knows, or that it knows more of than the core. */
export class Refusal extends Error {
  readonly code: ProtocolErrorName;

  constructor(code: ProtocolErrorName, message?: string) {
    super(message ?? errorBodyOf(code).message);
    this.name = "Refusal";
    this.code = code;
  }
}

/** What the core's errors are called here; those that are missing can't reach a client, and are `internal`. */
const names: Partial<Record<ErrorName, ProtocolErrorName>> = {
  invalidInput: "invalidParams",
  unauthorized: "unauthorized",
  sessionNotFound: "unauthorized",
  tokenExpired: "tokenExpired",
  userBlocked: "userBlocked",
  userDeactivated: "userDeactivated",
  directMuted: "muted",
  blockedByUser: "blocked",
  notAllowedByUser: "blocked",
  appInactive: "appInactive",
  tooManyOnline: "tooManyOnline",
  tooManyRequests: "rateLimited",
  conversationNotFound: "conversationNotFound",
  messageNotFound: "messageNotFound",
  notMember: "notMember",
  notAllowed: "notAllowed",
  tooOld: "tooOld",
  notJoined: "notJoined",
  muted: "muted",
  tooManyChatrooms: "tooManyChatrooms",
  keyTaken: "keyTaken",
  tooManyKeys: "tooManyKeys",
  blockedBySensitiveWord: "blockedBySensitiveWord",
  unavailable: "unavailable",
  // A client that repeats its send with the same client id is told then.
  outcomeUnknown: "unavailable",
};

export function nameOf(error: unknown): ProtocolErrorName {
  if (error instanceof Refusal) return error.code;
  return (error instanceof ParlanceError && names[error.code]) || "internal";
}

/** What a client is told; nothing of ours when it is something that we did not foresee. */
export function errorBody(error: unknown): ErrorBody {
  const name = nameOf(error);
  if (error instanceof Refusal) return errorBodyOf(name, { message: error.message });
  const details = error instanceof ParlanceError ? error.details : {};
  const { retryAfterMs } = details;
  if (typeof retryAfterMs === "number") return errorBodyOf(name, { retryAfterMs });
  if (name !== "invalidParams") return errorBodyOf(name);
  const faults = Object.entries(details).map(([field, sentence]) => `$.${field}: ${sentence}`);
  return errorBodyOf(name, faults.length > 0 ? { message: faults.join("; ") } : {});
}

/** Of a refused upgrade. */
export const statusOf = (name: ProtocolErrorName): number => statuses[name] ?? 503;

const statuses: Partial<Record<ProtocolErrorName, number>> = {
  unauthorized: 401,
  tokenExpired: 401,
  userBlocked: 403,
  userDeactivated: 403,
  appInactive: 403,
  unsupportedProtocol: 400,
  tooManyOnline: 429,
  internal: 500,
};

/** How a connection is closed for the same reason. */
export const closeNameOf = (name: ProtocolErrorName): CloseName => closeNames[name] ?? "serverTrouble";

const closeNames: Partial<Record<ProtocolErrorName, CloseName>> = {
  unauthorized: "tokenInvalid",
  tokenExpired: "tokenExpired",
  userBlocked: "userBlocked",
  userDeactivated: "userDeactivated",
  appInactive: "appInactive",
  tooManyOnline: "tooManyOnline",
};

export const closeText = (name: CloseName, retryAfterMs?: number): string =>
  JSON.stringify({ name, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });

export const closeCode = (name: CloseName): number => closeCodes[name].code;
