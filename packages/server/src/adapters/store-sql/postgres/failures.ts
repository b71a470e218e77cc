/** What PostgreSQL's SQLSTATEs and the network's errors mean for whoever was calling. */

import pg from "pg";
import { ParlanceError } from "../../../errors.ts";

/**
 * - `refusal`: our own, for the caller.
 * - `connection`: nobody knows whether it was done; another connection may know.
 * - `conflict`: two transactions met; nothing was done, and trying again helps.
 * - `input`: PostgreSQL cannot hold such a value.
 * - `database`: it refuses as a whole: a full disk, a time limit.
 * - `unforeseen`: a mistake of ours.
 */
export type FailureKind = "refusal" | "connection" | "conflict" | "input" | "database" | "unforeseen";

/** By SQLSTATE, or by its class of two characters. */
const bySqlState: Record<string, FailureKind> = {
  "08": "connection",
  "57P01": "connection",
  "57P02": "connection",
  "57P03": "connection",
  "57P05": "connection",
  // It ended our transaction because we were silent in it.
  "25P03": "connection",
  // The primary became a standby, and this connection still leads to it.
  "25006": "connection",
  "53300": "connection",
  "40": "conflict",
  "55P03": "conflict",
  "23505": "conflict",
  "23503": "conflict",
  // How the append statement ends itself when what it looked up is out of date.
  "22012": "conflict",
  "22": "input",
  "53": "database",
  // A text is too long for an index.
  "54": "input",
  "57": "database",
  "58": "database",
  XX: "database",
  "28": "database",
  "3D": "database",
};

/** The driver gives these no code. */
const driverMessages =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered|Client was closed|Cannot use a pool)/;

export const kindOf = (error: unknown): FailureKind => {
  if (error instanceof ParlanceError) return "refusal";
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? "";
    return bySqlState[code] ?? bySqlState[code.slice(0, 2)] ?? "unforeseen";
  }
  if (!(error instanceof Error)) return "unforeseen";
  if ("syscall" in error || driverMessages.test(error.message)) return "connection";
  const code = "code" in error ? String(error.code) : "";
  return /^(E[A-Z]{4,}|ERR_(SOCKET|STREAM|TLS|SSL))/.test(code) ? "connection" : "unforeseen";
};

/** The log has no partition for a row's time. */
export const isMonthMissing = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === "23514" && error.constraint === undefined;

/** The name of the constraint that a row offended. */
export const constraintOf = (error: unknown): string | undefined =>
  error instanceof pg.DatabaseError ? error.constraint : undefined;

const sentences: Record<string, string> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "its host name is unknown",
  EAI_AGAIN: "its host name cannot be looked up",
  ETIMEDOUT: "it does not answer",
  "28P01": "the password is wrong",
  "28000": "this user may not connect",
  "3D000": "there is no such database",
  "42501": "this user may not do that",
  "53100": "its disk is full",
  "53300": "it has no connection left",
  "57014": "it took longer than the time limit",
  "57P03": "it is starting or stopping",
  "25006": "it is a standby, which cannot be written to",
};

/** For logs and for the person at the terminal: in words, and the original's own message. Never a value of a row. */
export const describeFailure = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  // An error of several addresses of one host has no message of its own.
  const message = error.message || code || error.name;
  return sentences[code] === undefined ? message : `${sentences[code]} (${message})`;
};

/** What the caller of the port is told. */
export const toRefusal = (error: unknown): ParlanceError => {
  const kind = kindOf(error);
  if (kind === "refusal") return error as ParlanceError;
  if (kind === "input") return new ParlanceError("invalidInput", { input: "A value is too large." });
  if (kind !== "unforeseen") return new ParlanceError("unavailable");
  const refusal = new ParlanceError("internal");
  refusal.cause = error;
  return refusal;
};
