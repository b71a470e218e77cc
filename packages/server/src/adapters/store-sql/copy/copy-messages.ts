/**
 * Logs are only ever added to, and in order: of each conversation, what follows the target's last message is copied, one
 * piece after the other. So wherever a run was ended, the target holds the beginning of every log and nothing else.
 */

import { monthStart } from "../postgres/months.ts";
import { encodeColumns, rowsSql } from "./arrays.ts";
import type { Row } from "./checksum.ts";
import { inLanes } from "./lanes.ts";
import { PAGE_ROWS, PAGE_SIZE, type Page, type Source } from "./source.ts";
import { logEntries, namesOf, type Table } from "./tables.ts";
import type { Target } from "./target.ts";

/** Conversations beside each other; within one there is an order to keep. */
const LANES = 3;

const heads: Table = {
  name: "conversations",
  columns: [
    { name: "id", type: "int8" },
    { name: "last_sent_at", type: "int8" },
  ],
  keyLength: 1,
  where: "t.deleted_at is null",
};

const storeMessages = (appId: number, rows: readonly Row[], target: Target): Promise<number> => {
  const { columns } = logEntries;
  const query = `with stored as (
      insert into messages (app_id, ${namesOf(columns)}) select $1::int4, ${namesOf(columns, "p.")}
      from ${rowsSql(columns, 2)} on conflict (app_id, conversation_id, sent_at) do nothing returning 1)
    select count(*) from stored`;
  return target.number(query, appId, ...encodeColumns(columns, rows));
};

const readEnds = async (appId: number, { rows }: Page, target: Target): Promise<Map<number, number>> => {
  const ids = encodeColumns(heads.columns.slice(0, 1), rows);
  const query = `select w.id, (select m.sent_at from messages m where m.app_id = $1 and m.conversation_id = w.id
      order by m.sent_at desc limit 1) from unnest($2::int8[]) as w (id)`;
  return new Map(
    (await target.rows<[number, number | null]>(query, appId, ...ids)).map(([id, end]) => [id, end ?? 0]),
  );
};

/** A time of each month in which the source has messages of this app. */
const findMonths = (appId: number, from: number, source: Source): number[] => {
  const next = "select min(sent_at) from messages where app_id = ? and sent_at >= ?";
  const times: number[] = [];
  for (let time = source.number(next, appId, from); time > 0; ) {
    times.push(time);
    time = source.number(next, appId, monthStart(time, 1));
  }
  return times;
};

/** Messages from the time `from` on. `onStored` hears how many were copied, piece by piece. */
export const copyMessages = async (
  appId: number,
  from: number,
  { source, target }: { source: Source; target: Target },
  onStored: (count: number) => void,
): Promise<void> => {
  await target.makeMonths(findMonths(appId, from, source));
  await inLanes(LANES, source.pages(heads, appId), async (page) => {
    const ends = await readEnds(appId, page, target);
    let underWay: Promise<void> = Promise.resolve();
    let batch: Row[] = [];
    let size = 0;
    /** The next rows are read while these are stored, but are stored after them. */
    const flush = async () => {
      const rows = batch;
      batch = [];
      size = 0;
      await underWay;
      underWay = storeMessages(appId, rows, target).then(onStored);
      underWay.catch(() => {});
    };
    for (const [id, lastSentAt] of page.rows as [number, number][]) {
      const end = Math.max(ends.get(id) ?? 0, from - 1);
      if (lastSentAt <= end) continue;
      // Up to the head as it was: a log that grows as fast as it is read must not keep us here.
      const missing = { condition: "t.conversation_id = ? and t.sent_at <= ?", values: [id, lastSentAt] };
      for (const page of source.pages(logEntries, appId, missing, [end])) {
        batch.push(...page.rows);
        size += page.size;
        if (batch.length >= PAGE_ROWS || size >= PAGE_SIZE) await flush();
      }
    }
    if (batch.length > 0) await flush();
    await underWay;
  });
};
