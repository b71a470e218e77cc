/**
 * Sessions in batches. Three statements in one message to the server, which makes one transaction of them: one round
 * trip, and no lock is held while a node thinks. They are three because each must see what others did before the one
 * ahead of it could lock.
 *
 * - New users are made, without their data, in the order of their keys, so that no two batches can wait for each other.
 * - The users are locked, in that order: nobody else opens sessions of theirs until the end.
 * - Their data are changed, their sessions made, and the oldest ones of a device removed. A token that somebody else
 *   makes at this very moment offends its key; the batch is run again, and finds the token in use.
 */

import pg from "pg";
import { ParlanceError } from "../../../errors.ts";
import type { ArgsOf, Writes } from "../operations/tables.ts";
import type { Batch, Outcome } from "./batch.ts";
import type { Answer, CommitKey } from "./fence.ts";
import { TICK } from "./tick.ts";

/** Tells these scripts from others on the wire. */
export const SESSIONS_MARK = "/* sessions */";
const [OPENED, TAKEN, NO_APP, CHANGED] = [0, 1, 2, 3];

export type SessionCall = ArgsOf<Writes["openSession"]>;

interface Item {
  /** Among the users in their order. */
  place: number;
  number: number;
  app_id: number;
  token_hash: string;
  user_id: string;
  device_id: string;
  fcm_token: string | null;
  custom_data: string | null;
  has_data: boolean;
  keep: number;
}

const columns =
  "place int4, number int4, app_id int4, token_hash text, user_id text, device_id text, fcm_token text, custom_data text, has_data bool, keep int4";

/** The driver sends the halves of surrogate pairs in parameters as this does; JSON would not have them. */
const wellFormed = (text: string | null): string | null => text?.toWellFormed() ?? null;

const toItem = ([appId, session, keep]: SessionCall, index: number): Item => ({
  place: 0,
  number: index + 1,
  app_id: appId,
  token_hash: session.tokenHash.toWellFormed(),
  user_id: session.userId.toWellFormed(),
  device_id: session.deviceId.toWellFormed(),
  fcm_token: wellFormed(session.fcmToken),
  custom_data: wellFormed(session.customData ?? null),
  has_data: session.customData !== undefined,
  keep: Math.max(1, keep),
});

/** Users are made and locked in this order, on every node. */
const byUser = (a: Item, b: Item): number =>
  a.app_id - b.app_id || (a.user_id < b.user_id ? -1 : Number(a.user_id > b.user_id));

/** Each looks up one row by its key, whatever the planner believes about the tables: a `limit` can't be made a join. */
const lookUps = `
  left join lateral (
    select true as yes from apps a where a.id = i.app_id and coalesce(a.deleted_at, 0) = 0 limit 1) app on true
  left join lateral (
    select true as yes from sessions s
    where s.app_id = i.app_id and s.token_hash = i.token_hash limit 1) taken on true`;

const scriptOf = (items: readonly Item[], [appId, id]: CommitKey): string => {
  const list = `json_to_recordset(${pg.escapeLiteral(JSON.stringify(items))}::json) as i (${columns})`;
  return `${SESSIONS_MARK}
insert into users (app_id, id, custom_data, created_at)
select i.app_id, i.user_id, null, ${Date.now()} from ${list} ${lookUps}
where app.yes and taken.yes is null order by i.place
on conflict do nothing;

select from ${list} cross join lateral (
  select from users u where u.app_id = i.app_id and u.id = i.user_id for no key update of u) as locked;

with items as materialized (
  select i.*, app.yes as has_app, taken.yes as is_taken from ${list} ${lookUps}
), free as materialized (
  select * from items where has_app and is_taken is null
), changed as (
  update users u set custom_data = f.custom_data from free f
  where u.app_id = f.app_id and u.id = f.user_id and f.has_data and u.custom_data is distinct from f.custom_data
  returning f.number
), opened as (
  insert into sessions (app_id, token_hash, user_id, device_id, fcm_token, created_at)
  select app_id, token_hash, user_id, device_id, fcm_token, ${TICK} from free
), dropped as (
  delete from sessions s using (
    select f.app_id, old.token_hash from free f cross join lateral (
      select o.token_hash from sessions o
      where o.app_id = f.app_id and o.user_id = f.user_id and o.device_id = f.device_id
      order by o.created_at desc offset f.keep - 1) old) d
  where s.app_id = d.app_id and s.token_hash = d.token_hash
), answer as materialized (
  select concat_ws(',',
    (select string_agg(number || ',' || case when has_app is null then ${NO_APP} when is_taken then ${TAKEN} else ${OPENED} end, ',')
     from items),
    (select string_agg(number || ',' || ${CHANGED}, ',') from changed)) as heads
), logged as (
  insert into commits (app_id, id, created_at, heads)
  select ${appId}, '${id}', ${Date.now() * 1000}, heads from answer
)
select heads from answer`;
};

/** None of its users may be twice in it. */
export const sessionsBatch = (calls: readonly SessionCall[]): Batch<boolean> => {
  const items = calls.map(toItem).sort(byUser);
  for (const [index, item] of items.entries()) item.place = index;
  return {
    appId: calls[0]?.[0] as number,
    async run(connection, key) {
      const answer: { heads: string } = (await connection.script(scriptOf(items, key))).at(-1)?.rows[0];
      return [answer.heads, null];
    },
    decode([heads]: Answer) {
      const outcomes = calls.map((): Outcome<boolean> => false);
      const numbers = (heads ?? "").split(",").map(Number);
      for (let at = 0; at < numbers.length; at += 2) {
        const index = (numbers[at] as number) - 1;
        const what = numbers[at + 1];
        if (what === CHANGED) outcomes[index] = true;
        if (what === NO_APP) outcomes[index] = new ParlanceError("notFound");
        if (what === TAKEN)
          outcomes[index] = new ParlanceError("invalidInput", { tokenHash: "This token is in use." });
      }
      return outcomes;
    },
  };
};
