/** A row's example as the command a reader can paste. */

import { type ApiDescription, type DescribedRow, parametersOf, pathOf } from "./api-description.ts";

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const toText = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);

/** A list is the key repeated, an object is written as JSON. */
const pairsOf = (name: string, value: unknown): string[] =>
  [value].flat().map((item) => `${name}=${toText(item)}`);

export const curlExample = (api: ApiDescription, row: DescribedRow, origin: string): string => {
  const { params } = row.example;
  const inPath = (path: string) =>
    path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name] ?? name)));
  const sent = parametersOf(row).filter(({ name, place }) => place !== "path" && params[name] !== undefined);
  const pairs = sent.flatMap(({ name }) => pairsOf(name, params[name]));
  const options = row.method === "GET" ? (pairs.length > 0 ? [" -G"] : []) : [` -X ${row.method}`];
  return [
    `curl${options.join("")} ${quote(origin + inPath(pathOf(api, row)))}`,
    ...api.security.headers.map(({ name, example }) => `-H ${quote(`${name}: ${example}`)}`),
    ...pairs.map((pair) => `--data-urlencode ${quote(pair)}`),
  ].join(" \\\n  ");
};
