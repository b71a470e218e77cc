/** The rows of the target that stand where a page of the source stood. */

import type { Row } from "./checksum.ts";
import type { Page } from "./source.ts";
import { keyOf, namesOf, type Table } from "./tables.ts";

export interface Range {
  /** A condition on rows `t`; `$1` is the app. */
  where: string;
  values: unknown[];
  /** The first parameter that is free. */
  next: number;
}

export const rangeOf = (table: Table, appId: number, { after, upTo }: Page): Range => {
  const key = keyOf(table);
  const values: unknown[] = [appId];
  const bounds = ([[after, ">"] as const, [upTo, "<="] as const] satisfies [Row | null, string][]).flatMap(
    ([bound, comparison]) => {
      if (bound === null) return [];
      const places = key.map(({ type }, index) => `$${values.length + index + 1}::${type}`);
      values.push(...bound);
      return ` and (${namesOf(key, "t.")}) ${comparison} (${places.join(", ")})`;
    },
  );
  const filter = table.where === undefined ? "" : ` and ${table.where}`;
  return { where: `t.app_id = $1${bounds.join("")}${filter}`, values, next: values.length + 1 };
};
