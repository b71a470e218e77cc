import { type ErrorBody, errorBodyOf, type ProtocolErrorName } from "@parlance/protocol";

/** What the model answers instead of a result. */
export class Refusal extends Error {
  readonly body: ErrorBody;

  constructor(name: ProtocolErrorName, more: { message?: string; retryAfterMs?: number } = {}) {
    super(name);
    this.body = errorBodyOf(name, more);
  }
}
