/**
 * The checksum of rows, computed in this process for the source and by PostgreSQL for itself, from the same bytes: the
 * sum of each row's first 48 bits of SHA-256. Keys are part of the row, so that the order of adding does not matter. Of
 * 10^14 differences one would not be seen.
 */

import { createHash } from "node:crypto";
import type { Column } from "./tables.ts";

export type Value = string | number | null;
export type Row = readonly Value[];

const BYTES = 6;
const MODULUS = 2 ** (8 * BYTES);

/** Numbers and the lengths of texts, then the texts: no two different rows have the same. */
const textOf = (row: Row): string => {
  let numbers = "";
  let texts = "";
  for (const value of row)
    if (typeof value === "string") {
      numbers += `${Buffer.byteLength(value)} `;
      texts += value;
    } else numbers += value === null ? "- " : `${value} `;
  return numbers + texts;
};

export const checksumOf = (row: Row): number =>
  createHash("sha256").update(textOf(row)).digest().readUIntBE(0, BYTES);

export const addChecksums = (one: number, other: number): number => (one + other) % MODULUS;

const numberOf = ({ name, type, isNullable }: Column): string => {
  const number = type === "text" ? `octet_length(t.${name})` : `t.${name}`;
  return isNullable ? `coalesce(${number}::text, '-')` : number;
};

/** The same as an SQL expression over all rows `t` of a query. */
export const checksumSql = (columns: readonly Column[]): string => {
  const texts = columns.filter(({ type }) => type === "text").map(({ name }) => `t.${name}`);
  const whole = `concat(${[...columns.map(numberOf).flatMap((number) => [number, "' '"]), ...texts].join(", ")})`;
  const bits = `encode(substr(sha256(convert_to(${whole}, 'UTF8')), 1, ${BYTES}), 'hex')`;
  return `(coalesce(sum(('x' || ${bits})::bit(${8 * BYTES})::int8), 0) % ${MODULUS})::int8`;
};
