/** The directory of apps: few rows, carried over as a whole. */

import { encodeColumns, rowsSql } from "./arrays.ts";
import type { Row } from "./checksum.ts";
import type { Source } from "./source.ts";
import { apps, namesOf, valuesOf } from "./tables.ts";
import type { Target } from "./target.ts";

const PIECE = 1000;

export const liveApps = (source: Source): Row[] =>
  source.rows(`select ${namesOf(apps.columns)} from apps where deleted_at is null order by id`);

/**
 * In one transaction, in which all apps are first put aside as deleted: two apps may have exchanged their secrets. Those
 * that are gone at the source stay so; the nodes remove what they had, as ever.
 */
export const syncApps = async (source: Source, target: Target): Promise<Row[]> => {
  const rows = liveApps(source);
  const last = source.number("select seq from sqlite_sequence where name = 'apps'");
  const revision = source.number("select value from meta where name = 'revision'");
  const [stranger] = await target.rows<[string]>(
    "select key from apps where id > $1 and deleted_at is null",
    last,
  );
  if (stranger !== undefined)
    throw new Error(`The target has an app that the source does not know: ${stranger[0]}. Delete it first.`);
  await target.transaction(async (connection) => {
    await connection.rows("update apps set deleted_at = $1 where deleted_at is null", [Date.now()]);
    for (let at = 0; at < rows.length; at += PIECE) {
      const values = valuesOf(apps);
      await connection.rows(
        `insert into apps (${namesOf(apps.columns)}) select ${namesOf(apps.columns, "p.")}
         from ${rowsSql(apps.columns, 1)} on conflict (id)
         do update set (${namesOf(values)}) = row(${namesOf(values, "excluded.")}), deleted_at = null`,
        encodeColumns(apps.columns, rows.slice(at, at + PIECE)),
      );
    }
    // Numbers of apps are never given twice, whichever database gave them.
    if (last > 0) await connection.rows("select setval(pg_get_serial_sequence('apps', 'id'), $1)", [last]);
    await connection.rows("update meta set value = greatest(value, $1) where name = 'revision'", [revision]);
  });
  return rows;
};
