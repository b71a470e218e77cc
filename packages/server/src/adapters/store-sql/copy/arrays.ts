/** Rows as parameters: one array for each column, in the driver's fast encoding where there is one. */

import { int4Array, int8Array, textArray } from "../postgres/binary-arrays.ts";
import type { Row } from "./checksum.ts";
import type { Column } from "./tables.ts";

/** Numbers that may be null go as texts. */
const asText = ({ type, isNullable }: Column): boolean => type === "text" || isNullable === true;

export const encodeColumns = (columns: readonly Column[], rows: readonly Row[]): Buffer[] =>
  columns.map((column, index) => {
    const values = rows.map((row) => row[index]);
    if (asText(column))
      return textArray(
        values.map((value) => (typeof value === "number" ? String(value) : (value as string | null))),
      );
    return (column.type === "int4" ? int4Array : int8Array)(values as number[]);
  });

/** The rows again, as `p`; the parameters begin at `$first`. */
export const rowsSql = (columns: readonly Column[], first: number): string => {
  const arrays = columns.map(
    (column, index) => `$${first + index}::${asText(column) ? "text" : column.type}[]`,
  );
  const casts = columns.map(({ name, type }) => `p.${name}::${type} as ${name}`);
  const names = columns.map(({ name }) => name);
  return `(select ${casts.join(", ")} from unnest(${arrays.join(", ")}) as p (${names.join(", ")})) as p`;
};
