import type { TObject, TProperties } from "typebox";
import type { Core } from "../../core/core.ts";
import { paramsOf, type Wire } from "./params.ts";

/** How often an app may call, or what each call counts for. */
export interface Rate {
  limit: number;
  per: "second" | "minute" | "hour" | "day";
  /** Rows that name the same share one budget; absent: the row has its own. */
  sharedAs?: string;
  /** What one call costs, e.g. its recipients; absent: 1. */
  // biome-ignore lint/suspicious/noExplicitAny: a table holds rows of many parameter types.
  cost?(params: any): number;
}

/** About the request itself, for the few rows that need to know. */
export interface CallContext {
  /** Host and port that clients reach this deployment by: `PARLANCE_PUBLIC_URL`, or what the caller reached it by. */
  host: string;
  /** `http://host:port` or `https://…` of the same. */
  origin: string;
}

/**
 * One endpoint. Routing, decoding, checks, rates, documents and the tests of every row derive from it; `run` is a line that
 * calls the core.
 */
export interface RongcloudRow<Params extends TProperties = TProperties> {
  /** POST if absent; a few are GET, with their parameters in the query. */
  method?: "GET" | "POST";
  /** With its `.json`. */
  path: string;
  /** Older and misprinted names of it. */
  aliases?: readonly string[];
  /** One sentence, imperative: what the call does. */
  summary: string;
  /** More to know: rules, limits, what happens to whom; paragraphs. */
  notes?: readonly string[];
  params: Params;
  /** What the answer has besides `code`. */
  result?: TProperties;
  /** 100 calls a second if absent. */
  rates?: readonly Rate[];
  /** Works as it stands against a fresh app, but for ids of things that must exist first. */
  example: { params: Record<string, unknown>; result?: Record<string, unknown> };
  /** Resolves to what the answer has besides `code` (a `code` in it wins). */
  // biome-ignore lint/suspicious/noConfusingVoidType: most rows answer nothing but their code.
  run(core: Core, params: Wire<Params>, context: CallContext): Promise<object | void>;
}

/** Keeps the parameter types of a row while a table holds many different rows. */
export const row = <Params extends TProperties>(given: RongcloudRow<Params>): RongcloudRow =>
  given as unknown as RongcloudRow;

export const defaultRates: readonly Rate[] = [{ limit: 100, per: "second" }];

/** The parameters of a row as one schema. */
export const schemaOf = ({ params }: RongcloudRow): TObject => paramsOf(params);
