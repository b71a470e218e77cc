/** Makes a table of the target what it is at the source: pages that are the same stay as they are. */

import { encodeColumns, rowsSql } from "./arrays.ts";
import { isSame } from "./compare.ts";
import { inLanes } from "./lanes.ts";
import { rangeOf } from "./ranges.ts";
import type { Page, Source } from "./source.ts";
import { changedMessages, conversations, keyOf, namesOf, since, type Table, valuesOf } from "./tables.ts";
import type { Target } from "./target.ts";

export interface Synced {
  /** Rows that were written anew or changed. */
  stored: number;
  removed: number;
}

interface Ends {
  source: Source;
  target: Target;
}

const LANES = 3;

const isInPage = (table: Table, first: number): string => {
  const key = keyOf(table);
  return `exists (select from ${rowsSql(key, first)} where (${namesOf(key, "p.")}) = (${namesOf(key, "t.")}))`;
};

const storeRows = (table: Table, appId: number, { rows }: Page, target: Target): Promise<number> => {
  const { name, columns, takes } = table;
  const values = valuesOf(table);
  // What a former run took for deleted, because it was being deleted or its key was taken, may live after all.
  const isMarked = table === conversations ? " or conversations.deleted_at is not null" : "";
  const changed = `(${namesOf(values, `${name}.`)}) is distinct from (${namesOf(values, "excluded.")})${isMarked}`;
  const revive = table === conversations ? ", deleted_at = null" : "";
  const update =
    values.length === 0
      ? "nothing"
      : `update set (${namesOf(values)}) = row(${namesOf(values, "excluded.")})${revive} where ${changed}`;
  const query = `with stored as (
      insert into ${name} (app_id, ${namesOf(columns)}) select $1::int4, ${namesOf(columns, "p.")}
      from ${rowsSql(columns, 2)} where ${takes ?? "true"}
      on conflict (app_id, ${namesOf(keyOf(table))}) do ${update} returning 1)
    select count(*) from stored`;
  return target.number(query, appId, ...encodeColumns(columns, rows));
};

/** Deleted conversations are only marked, which is quick: the nodes remove their rows in time, as ever. */
const removeRows = (table: Table, appId: number, page: Page, target: Target): Promise<number> => {
  const { where, values, next } = rangeOf(table, appId, page);
  const condition = `${where} and not ${isInPage(table, next)}`;
  const remove =
    table === conversations
      ? `update conversations t set deleted_at = ${Date.now()} where ${condition} returning 1`
      : `delete from ${table.name} t where ${condition} returning 1`;
  const query = `with removed as (${remove}) select count(*) from removed`;
  return target.number(query, ...values, ...encodeColumns(keyOf(table), page.rows));
};

/** A key that a later conversation took from a deleted one, while this runs. */
const freeKeys = (appId: number, { rows }: Page, target: Target): Promise<unknown> =>
  target.rows(
    `update conversations t set deleted_at = ${Date.now()} from ${rowsSql(conversations.columns, 2)}
     where t.app_id = $1 and t.kind = p.kind and t.key = p.key and t.id <> p.id and t.deleted_at is null`,
    appId,
    ...encodeColumns(conversations.columns, rows),
  );

export const syncTable = async (table: Table, appId: number, { source, target }: Ends): Promise<Synced> => {
  const synced: Synced = { stored: 0, removed: 0 };
  // A page with a room must be through before one is read that has a later room under the same key.
  const lanes = table === conversations ? 1 : LANES;
  await inLanes(lanes, source.pages(table, appId), async (page) => {
    if (await isSame(table, appId, page, target)) return;
    // Never `+= await`: that adds to what was there before the wait.
    const removed = await removeRows(table, appId, page, target);
    synced.removed += removed;
    if (table === conversations) await freeKeys(appId, page, target);
    const stored = await storeRows(table, appId, page, target);
    synced.stored += stored;
  });
  return synced;
};

/**
 * Makes messages since that time what they have become since they were copied. A change is never undone, only followed by
 * another.
 */
export const syncChanged = async (appId: number, from: number, { source, target }: Ends): Promise<number> => {
  const table = since(changedMessages, from);
  const values = valuesOf(table);
  let changes = 0;
  await inLanes(LANES, source.pages(table, appId), async (page) => {
    if (await isSame(table, appId, page, target)) return;
    const change = `update messages t set (${namesOf(values)}) = row(${namesOf(values, "p.")})
      from ${rowsSql(table.columns, 2)}
      where t.app_id = $1 and t.conversation_id = p.conversation_id and t.sent_at = p.sent_at
        and t.change_seq is distinct from p.change_seq returning 1`;
    const changed = await target.number(
      `with changed as (${change}) select count(*) from changed`,
      appId,
      ...encodeColumns(table.columns, page.rows),
    );
    changes += changed;
  });
  return changes;
};
