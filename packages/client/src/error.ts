import type { ErrorBody, ProtocolErrorName } from "@parlance/protocol";

/** What the client itself refuses with; these have code 0. */
export type LocalErrorName = "offline" | "disconnected" | "timeout" | "closed" | "outboxFull" | "notSent";

/** A refusal, by the server (`docs/reference/protocol.md` has the table) or by the client itself. */
export class ParlanceError extends Error {
  override readonly name: ProtocolErrorName | LocalErrorName | (string & {});
  /** The server's number for it; 0: the client's own. */
  readonly code: number;
  /** The same may succeed later. */
  readonly isRetryable: boolean;
  /** Don't try again sooner than that. */
  readonly retryAfterMs: number;

  constructor(
    body: Pick<ErrorBody, "code" | "name" | "message" | "isRetryable"> & { retryAfterMs?: number },
  ) {
    super(body.message);
    this.name = body.name;
    this.code = body.code;
    this.isRetryable = body.isRetryable;
    this.retryAfterMs = body.retryAfterMs ?? 0;
  }
}

const sentences: Record<LocalErrorName, string> = {
  offline: "There is no connection.",
  disconnected: "The connection ended before the reply came.",
  timeout: "The reply did not come in time.",
  closed: "The client is closed or told to stay disconnected.",
  outboxFull: "Too many messages wait to be sent.",
  notSent: "There is no unsent message with this client id.",
};

export const localError = (name: LocalErrorName): ParlanceError =>
  new ParlanceError({
    code: 0,
    name,
    message: sentences[name],
    isRetryable: name === "offline" || name === "disconnected" || name === "timeout",
  });

/** Whether an error says that the same may succeed later. */
export const isRetryable = (error: unknown): boolean => error instanceof ParlanceError && error.isRetryable;
