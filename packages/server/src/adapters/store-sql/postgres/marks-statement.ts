/**
 * One batch of read marks in one statement, in the manner of `append-statement.ts`.
 *
 * - `targets` finds the message that each mark is to stand on, never a change nor one for others only, and where it stood when the statement began.
 * - `moved` locks the marks in the order of their keys, which is the one in which appends lock those they move.
 * - A mark that was moved by somebody else since the statement began may not have moved here although it stood lower:
 *   what it stands on now isn't seen by this statement, and the batch is asked again for it.
 *
 * What belongs together is found by grouping a union and not by a join, whose plan would depend on guesses.
 */

import { DAY } from "../operations/retention.ts";
import { CHANGED_AT } from "./append-statement.ts";

export const STOOD = 0;
export const MOVED = 1;
export const OVERTAKEN = 2;

/**
 * Parameters: the batch's app and id, the node's clock; of each mark app, conversation, user and time, each mark once.
 * `heads` holds `number,sentAt,seq,what` of each mark (from 1) that has a message to stand on.
 */
export const marksStatement = `
with items as (
  select * from unnest($4::int4[], $5::int8[], $6::text[], $7::int8[])
    with ordinality as i (app_id, conversation_id, user_id, up_to, number)
), targets as materialized (
  select i.*, m.*, s.* from items i
  cross join lateral (
    select m.sent_at, m.seq, m.counted from messages m
    where m.app_id = i.app_id and m.conversation_id = i.conversation_id and m.sent_at <= i.up_to
      and exists (select from conversations c where c.app_id = i.app_id and c.id = i.conversation_id
        and coalesce(c.deleted_at, 0) = 0)
      and exists (select from apps a where a.id = i.app_id and coalesce(a.deleted_at, 0) = 0)
      and m.change_of is null and (m.to_users is null or exists (select from recipients x
        where x.app_id = i.app_id and x.conversation_id = i.conversation_id and x.user_id = i.user_id
          and x.sent_at = m.sent_at))
      and m.sent_at >= (select coalesce($3 - kept.retention_days * ${DAY}, 0) from apps kept where kept.id = i.app_id)
    order by m.app_id desc, m.conversation_id desc, m.sent_at desc limit 1) m
  left join lateral (
    select r.sent_at as stood_at, r.seq as stood_seq from read_marks r
    where r.app_id = i.app_id and r.conversation_id = i.conversation_id and r.user_id = i.user_id) s on true
), moved as (
  insert into read_marks as r (app_id, conversation_id, user_id, sent_at, seq, counted, changed_at)
  select app_id, conversation_id, user_id, sent_at, seq, counted, ${CHANGED_AT}
  from targets where coalesce(stood_at, 0) < sent_at
  order by app_id, conversation_id, user_id
  on conflict (app_id, conversation_id, user_id)
  do update set sent_at = excluded.sent_at, seq = excluded.seq, counted = excluded.counted, changed_at = ${CHANGED_AT}
  where r.sent_at < excluded.sent_at
  returning app_id, conversation_id, user_id
), answer as materialized (
  select string_agg(number || ',' || case
    when has_moved then sent_at || ',' || seq || ',${MOVED}'
    when stood_at >= sent_at then stood_at || ',' || stood_seq || ',${STOOD}'
    else '0,0,${OVERTAKEN}' end, ',') as heads
  from (
    select max(number) as number, max(sent_at) as sent_at, max(seq) as seq, max(stood_at) as stood_at,
      max(stood_seq) as stood_seq, bool_or(number is null) as has_moved
    from (
      select app_id, conversation_id, user_id, number, sent_at, seq, stood_at, stood_seq from targets
      union all
      select app_id, conversation_id, user_id, null, null, null, null, null from moved) as targets_and_moved
    group by app_id, conversation_id, user_id) as marks
), logged as (
  insert into commits (app_id, id, created_at, heads) select $1::int4, $2::uuid, $3::int8, heads from answer
)
select heads, null::text from answer`;
