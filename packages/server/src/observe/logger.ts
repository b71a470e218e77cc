/**
 * Structured logs: one JSON line per event on standard output, written at once, so that a line that was logged
 * survives a kill. `logger.info({ app, user, conversation }, "message accepted")`.
 */

import pino from "pino";
import type { Config } from "../config.ts";

export type Logger = pino.Logger;

/** What must never be read in a log. A net under careful callers, at the depths where such fields are passed. */
const secretNames = [
  "secret",
  "token",
  "tokenHash",
  "fcmToken",
  "password",
  "authorization",
  "message",
  "content",
  "customData",
];

const headers = ["x-application-secret", "x-token", "authorization", "cookie"];

const redacted = [
  ...secretNames.flatMap((name) => [name, `*.${name}`]),
  ...headers.flatMap((name) => [`headers["${name}"]`, `*.headers["${name}"]`]),
];

/** Errors keep name, code, sentence and stack, nothing that hangs on them: `details` and the like may hold anything. */
const describeError = (error: unknown) =>
  error instanceof Error
    ? {
        type: error.name,
        code: (error as { code?: unknown }).code,
        reason: error.message,
        stack: error.stack,
      }
    : { type: typeof error };

/** Lines go to `destination` (a test's), or to standard output. */
export const createLogger = (
  config: Pick<Config, "logLevel">,
  destination?: { write(line: string): void },
): Logger =>
  pino(
    {
      level: config.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: "event",
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError, error: describeError },
      redact: { paths: redacted, censor: "[hidden]" },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
