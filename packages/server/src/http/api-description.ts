/** What the OpenAPI document and the reference page need to know of an API, besides its rows. */

import type { TObject, TSchema } from "typebox";
import { type ErrorName, errorRow } from "../errors.ts";
import type { Endpoint } from "./endpoint.ts";

/** A row without the caller it runs for: describing a call does not make it. */
export type DescribedRow = Pick<
  Endpoint<never>,
  | "method"
  | "path"
  | "summary"
  | "notes"
  | "params"
  | "status"
  | "result"
  | "refusals"
  | "example"
  | "perSecond"
>;

export interface ApiDescription {
  title: string;
  version: string;
  /** Paragraphs, plain text. */
  intro: readonly string[];
  /** Without a trailing slash; empty where calls begin at the root. */
  prefix: string;
  /** Below this the documents are served; the prefix if absent. */
  documents?: string;
  rows: readonly DescribedRow[];
  /** Divides the reference into pages, where one would be too long; the name is part of a page's address. */
  areaOf?(row: DescribedRow): string;
  /** The headers that name and prove the caller, all of them, with values to show in examples. */
  security: { headers: readonly { name: string; example: string }[]; sentence: string };
  /** By HTTP status; `usualRefusals` where the dialect answers `{ "detail": … }`. */
  refusals: Readonly<Record<number, Refusal>>;
  /** What every call can be refused with; `usualStatuses` if absent. */
  refusesAll?: readonly number[];
  /** Calls per second and app, for rows that name no rate of their own. */
  perSecond?: number;
}

export interface Refusal {
  meaning: string;
  example: unknown;
}

export const usualStatuses: readonly number[] = [401, 403, 413, 429];

const refusal = (meaning: string, name: ErrorName): Refusal => ({
  meaning,
  example: { detail: errorRow(name).sentence },
});

export const usualRefusals: Readonly<Record<number, Refusal>> = {
  400: {
    meaning: "Parameters are missing or wrong; every one of them is named.",
    example: { name_of_a_parameter: ["This field is required."] },
  },
  401: refusal("The secret is missing or wrong.", "unauthorized"),
  403: refusal("Chat is switched off for the app, or the user named is not a member.", "appInactive"),
  404: refusal("What the call names does not exist in this app.", "notFound"),
  413: refusal("The body is larger than the server allows.", "bodyTooLarge"),
  429: refusal("Too many calls; Retry-After says how many seconds to wait.", "tooManyRequests"),
};

export const refusalsOf = (api: ApiDescription, row: DescribedRow): [status: number, refusal: Refusal][] =>
  [...new Set([...row.refusals, ...(api.refusesAll ?? usualStatuses)])]
    .sort((one, other) => one - other)
    .map((status) => [
      status,
      api.refusals[status] ?? { meaning: "Refused.", example: { detail: "Refused." } },
    ]);

export interface Parameter {
  name: string;
  schema: TSchema;
  isRequired: boolean;
  /** Body parameters travel as a form, as JSON or as multipart text fields. */
  place: "path" | "query" | "body";
}

export const documentsOf = (api: ApiDescription): string => api.documents ?? api.prefix;

export const pathOf = (api: ApiDescription, row: DescribedRow): string =>
  `${api.prefix}/${row.path.replace(/^\//, "")}`;

export const parametersOf = (row: DescribedRow): Parameter[] => {
  const required = new Set((row.params as TObject & { required?: string[] }).required ?? []);
  return Object.entries(row.params.properties).map(([name, schema]) => {
    const isInPath = row.path.includes(`{${name}}`);
    return {
      name,
      schema,
      isRequired: isInPath || required.has(name),
      place: isInPath ? "path" : row.method === "POST" ? "body" : "query",
    };
  });
};
