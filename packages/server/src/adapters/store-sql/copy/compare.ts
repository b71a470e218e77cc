/** Is what stands at the target what stands at the source? Asked page by page, by count and checksum. */

import { encodeColumns, rowsSql } from "./arrays.ts";
import { addChecksums, checksumOf, checksumSql } from "./checksum.ts";
import { rangeOf } from "./ranges.ts";
import type { Page } from "./source.ts";
import { keyOf, namesOf, type Table } from "./tables.ts";
import type { Target } from "./target.ts";

export const isSame = async (table: Table, appId: number, page: Page, target: Target): Promise<boolean> => {
  const { where, values } = rangeOf(table, appId, page);
  const query = `select count(*), ${checksumSql(table.columns)} from ${table.name} t where ${where}`;
  const [[count, checksum] = []] = await target.rows<[number, number]>(query, ...values);
  let expected = 0;
  for (const row of page.rows) expected = addChecksums(expected, checksumOf(row));
  return count === page.rows.length && checksum === expected;
};

interface LogPart {
  count: number;
  firstSeq: number;
  lastSeq: number;
  checksum: number;
}

const describe = ({ count, firstSeq, lastSeq, checksum }: LogPart): string =>
  `${count} messages, seq ${firstSeq} to ${lastSeq}, checksum ${checksum}`;

/** A conversation whose log differs, and how, in words. */
export interface LogDifference {
  conversationId: number;
  text: string;
}

/**
 * Compares a page of messages, each conversation for itself. `within` limits the target's rows as it did the page's.
 * Messages that are changed at the source are left out on both sides: beside a running server they change as they are
 * looked at, and what they have become is compared when it is at rest.
 */
export const compareLogs = async (
  table: Table,
  appId: number,
  page: Page,
  within: string,
  target: Target,
): Promise<LogDifference[]> => {
  const { where, values, next } = rangeOf(table, appId, page);
  const column = (name: string) => table.columns.findIndex((found) => found.name === name);
  const [idColumn, seqColumn, changeColumn] = [
    column("conversation_id"),
    column("seq"),
    column("change_seq"),
  ];
  const changed = page.rows.filter((row) => row[changeColumn] !== null);
  const key = keyOf(table);
  const isChanged =
    changed.length === 0
      ? "false"
      : `exists (select from ${rowsSql(key, next)} where (${namesOf(key, "p.")}) = (${namesOf(key, "t.")}))`;
  const parts = target.rows<[number, number, number, number, number]>(
    `select t.conversation_id, count(*), min(t.seq), max(t.seq), ${checksumSql(table.columns)}
     from messages t where ${where} and ${within} and not ${isChanged} group by t.conversation_id`,
    ...values,
    ...(changed.length === 0 ? [] : encodeColumns(key, changed)),
  );
  // PostgreSQL computes meanwhile; a failure is met by the `await` below.
  parts.catch(() => {});
  const expected = new Map<number, LogPart>();
  for (const row of page.rows) {
    if (row[changeColumn] !== null) continue;
    const [id, seq] = [row[idColumn] as number, row[seqColumn] as number];
    const part = expected.get(id) ?? { count: 0, firstSeq: seq, lastSeq: seq, checksum: 0 };
    part.count++;
    part.firstSeq = Math.min(part.firstSeq, seq);
    part.lastSeq = Math.max(part.lastSeq, seq);
    part.checksum = addChecksums(part.checksum, checksumOf(row));
    expected.set(id, part);
  }
  const found = new Map(
    (await parts).map(([id, count, firstSeq, lastSeq, checksum]) => [
      id,
      { count, firstSeq, lastSeq, checksum },
    ]),
  );
  const differences: LogDifference[] = [];
  for (const conversationId of new Set([...expected.keys(), ...found.keys()])) {
    const [source, copy] = [expected, found].map((parts) => {
      const part = parts.get(conversationId);
      return part === undefined ? "no messages" : describe(part);
    });
    if (source !== copy)
      differences.push({ conversationId, text: `the source has ${source}; the target has ${copy}` });
  }
  return differences;
};
