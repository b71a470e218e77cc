import { errorRow, ParlanceError } from "../../errors.ts";
import { sentenceOf, statusOf } from "./codes.ts";

/** A refusal that only this dialect knows. Any number may be a code; `codes.ts` knows what status goes with which. */
export class RongcloudRefusal extends Error {
  readonly code: number;
  /** What the answer says besides. */
  readonly more: object;

  constructor(code: number, message: string = sentenceOf(code), more: object = {}) {
    super(message);
    this.name = "RongcloudRefusal";
    this.code = code;
    this.more = more;
  }
}

export interface ToldRefusal {
  status: number;
  code: number;
  message: string;
  more?: object;
}

const faultsIn = (details: Readonly<Record<string, unknown>>): string =>
  Object.entries((details.fields ?? details) as Record<string, unknown>)
    .map(([name, sentences]) => `${name}: ${[sentences].flat().join(" ")}`)
    .join(" ");

const told = (code: number, message: string): ToldRefusal => ({ status: statusOf(code), code, message });

/** What the caller is told; null for what nobody foresaw. */
export function refusalOf(error: unknown): ToldRefusal | null {
  if (error instanceof RongcloudRefusal) return { ...told(error.code, error.message), more: error.more };
  if (!(error instanceof ParlanceError)) return null;
  const { rongcloud: code = 1002, sentence } = errorRow(error.code) as {
    rongcloud?: number;
    sentence: string;
  };
  if (error.code === "internal") return null;
  if (error.code !== "invalidInput")
    return told(code, code < 1009 && code > 1002 ? sentenceOf(code) : sentence);
  const faults = faultsIn(error.details);
  return told(code, faults === "" ? error.message : faults);
}
