/**
 * The log's partitions, one for each month of `sent_at` (UTC). They are made before they are needed, by whichever node
 * looks first, and without disturbing anybody: a finished table is attached. There is no default partition: a message
 * whose month is missing is refused by PostgreSQL, and the append makes the month and tries again.
 *
 * Client ids are unique within a month, by an index of each partition. That they are known beyond its end is the affair
 * of `recent_client_ids`, a view over the months in which a client id must be found: naming them, rather than asking for
 * times, leaves the append statement no other index to look into.
 */

import { CLIENT_ID_DAYS, type Micros } from "../../../ports/store.ts";
import { DAY } from "../operations/retention.ts";
import type { Connection } from "./connections.ts";

/** Any number that no other lock on the same database has. */
const LOCK = 72_752_625;
const MONTHS_AHEAD = 2;
/** Clocks may differ, and the view is looked after once an hour. */
const AHEAD: Micros = 8 * DAY;

export interface Partition {
  name: string;
  /** Includes `from`, excludes `to`. */
  from: Micros;
  to: Micros;
}

/** The beginning of the month that is `months` after the one of `time`. */
export const monthStart = (time: Micros, months = 0): Micros => {
  const date = new Date(Math.floor(time / 1000));
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months) * 1000;
};

const monthOf = (time: Micros): Partition => {
  const [from, to] = [monthStart(time), monthStart(time, 1)];
  const name = `messages_${new Date(from / 1000).toISOString().slice(0, 7).replace("-", "_")}`;
  return { name, from, to };
};

export const partitionsQuery = `
  select c.relname::text as name, pg_get_expr(c.relpartbound, c.oid) as bounds
  from pg_inherits i join pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'messages'::regclass order by 1`;

/** Reads `FOR VALUES FROM ('1') TO ('2')`; the oldest partition may begin with `MINVALUE`. */
export const toPartition = (name: string, bounds: string): Partition => {
  const [from, to] = bounds.match(/MINVALUE|-?\d+/g) ?? [];
  return { name, from: from === "MINVALUE" ? Number.MIN_SAFE_INTEGER : Number(from), to: Number(to) };
};

const listPartitions = async (connection: Connection): Promise<Partition[]> =>
  (await connection.rows<[string, string]>(partitionsQuery, [])).map(([name, bounds]) =>
    toPartition(name, bounds),
  );

const missingMonths = (known: readonly Partition[], times: readonly Micros[]): Partition[] => {
  const missing = times
    .filter((time) => !known.some(({ from, to }) => from <= time && time < to))
    .map(monthOf);
  return [...new Map(missing.map((month) => [month.name, month])).values()];
};

const make = ({ name, from, to }: Partition): string => `
  create table ${name} (like messages including all);
  create unique index ${name}_by_client_id on ${name} (app_id, conversation_id, coalesce(sender_id, ''), client_id)
    where client_id is not null;
  alter table messages attach partition ${name} for values from (${from}) to (${to});`;

/** The months, by name, in which client ids must be found. */
const recentMonths = (partitions: readonly Partition[], now: Micros): string =>
  partitions
    .filter(({ from, to }) => to > now - CLIENT_ID_DAYS * DAY && from <= now + AHEAD)
    .map(({ name }) => name)
    .join(",");

const makeView = (months: string): string => `
  create or replace view recent_client_ids as ${months
    .split(",")
    .map((name) => `select app_id, conversation_id, sender_id, client_id, seq, sent_at from ${name}`)
    .join(" union all ")};
  comment on view recent_client_ids is '${months}';`;

const readView = async (connection: Connection): Promise<string | null> => {
  const query = "select obj_description(to_regclass('recent_client_ids'), 'pg_class')";
  return (await connection.rows<[string | null]>(query, []))[0]?.[0] ?? null;
};

/**
 * Sees to it that every one of these times has a partition, this month and the next two have one, and client ids of the
 * last days are found. Nodes that come at the same moment wait for each other.
 */
export const keepMonths = async (
  connection: Connection,
  times: readonly Micros[] = [],
  now: Micros = Date.now() * 1000,
): Promise<void> => {
  const needed = [...times];
  for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead++) needed.push(monthStart(now, ahead));
  const look = async () => {
    const known = await listPartitions(connection);
    const missing = missingMonths(known, needed);
    const months = recentMonths([...known, ...missing], now);
    return { missing, months, isStale: (await readView(connection)) !== months };
  };
  const first = await look();
  if (first.missing.length === 0 && !first.isStale) return;
  await connection.script(`begin; select pg_advisory_xact_lock(${LOCK})`);
  try {
    const { missing, months, isStale } = await look();
    for (const month of missing) await connection.script(make(month));
    if (isStale) await connection.script(makeView(months));
    await connection.script("commit");
  } catch (error) {
    if (connection.failure === undefined) await connection.script("rollback");
    throw error;
  }
};
