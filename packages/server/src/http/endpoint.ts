import type { Static, TObject, TSchema } from "typebox";

/**
 * An endpoint is a row in a table. Routing, decoding of forms and JSON, validation, rate limits, the OpenAPI document,
 * the reference page and the row test all derive from it; `run` is one line that calls the core.
 */
export interface Endpoint<Caller, Params extends TObject = TObject, Result extends TSchema = TSchema> {
  method: "GET" | "POST" | "DELETE";
  /** Below the dialect's prefix, with `{name}` for parameters in the path; answered with and without a trailing slash. */
  path: string;
  /** One sentence, imperative: what the call does. */
  summary: string;
  /** More to know: rules, limits, what happens to whom. Markdown is not used; paragraphs are array items. */
  notes?: string[];
  /** Every parameter by its wire name, wherever it travels (path, query or body); descriptions are shown to readers. */
  params: Params;
  /** Status of success. */
  status: 200 | 201 | 204;
  /** Shape of the answer; absent with status 204. */
  result?: Result;
  /** Statuses this call can refuse with, besides those every call has (401, 413, 429). */
  refusals: number[];
  /** Works as it stands against a fresh app, but for ids of things that must exist first. */
  example: { params: Record<string, unknown>; result?: unknown };
  /** Calls per second and app; absent: the general limit of the dialect. */
  perSecond?: number;
  run(caller: Caller, params: Static<Params>): Promise<unknown>;
}

/** Keeps the parameter types of a row while a table holds many different rows. */
export const endpoint = <Caller, Params extends TObject, Result extends TSchema>(
  row: Endpoint<Caller, Params, Result>,
): Endpoint<Caller> => row as unknown as Endpoint<Caller>;
