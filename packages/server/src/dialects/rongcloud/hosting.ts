/** What endpoints of hosted profiles, friends and groups share: the switch, the parameters, the codes of their own. */

import Type from "typebox";
import type { Core } from "../../core/core.ts";
import { type ErrorName, ParlanceError } from "../../errors.ts";
import type { RongcloudRow } from "./endpoint.ts";
import { jsonText, wholeNumber } from "./params.ts";
import { RongcloudRefusal } from "./refusal.ts";

export type Answer = ReturnType<RongcloudRow["run"]>;

/** Codes that core refusals have here and nowhere else. */
export type HostingCodes = Partial<Record<ErrorName, number>>;

const told = (error: unknown, codes: HostingCodes): unknown => {
  if (!(error instanceof ParlanceError)) return error;
  const code = codes[error.code];
  if (error.code === "invalidInput" && "cursor" in error.details && code !== undefined)
    return new RongcloudRefusal(code, "The pageToken is none of ours.");
  // Of what else is wrong the usual sentence says which parameter.
  return code === undefined || error.code === "invalidInput"
    ? error
    : new RongcloudRefusal(code, error.message);
};

/** A row's `run` behind the switch `hosting`, with the area's codes. */
export const hosting =
  (codes: HostingCodes) =>
  <Params>(run: (core: Core, params: Params) => Answer) =>
  async (core: Core, params: Params): Answer => {
    if (!core.settings.hosting) throw new RongcloudRefusal(24369);
    try {
      return await run(core, params);
    } catch (error) {
      throw told(error, codes);
    }
  };

/** JSON text of an object of fields; what they may be, the core knows. */
export const fields = (description: string) =>
  jsonText(Type.Record(Type.String(), Type.Unknown(), { description, maxProperties: 100 }));

export const zeroOrOne = (description: string, fallback: 0 | 1) =>
  wholeNumber({ minimum: 0, maximum: 1, default: fallback, description });

/** Fields travel as JSON text, also in answers. */
export const fieldsText = (fields: Record<string, unknown>): string => JSON.stringify(fields);

export const millis = (micros: number): number => Math.floor(micros / 1000);

/** One of two names that the documents give a parameter. */
export function oneOfNames<Value>(name: string, ...given: (Value | undefined)[]): Value {
  const value = given.find((one) => one !== undefined);
  if (value === undefined) throw new RongcloudRefusal(1002, `The parameter ${name} is required.`);
  return value;
}
