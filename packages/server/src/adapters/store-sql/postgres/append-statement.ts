/**
 * One batch of messages in one statement, which is a transaction of its own: one round trip, and no lock of it is ever
 * held while a node thinks, or is paused, or cut off.
 *
 * - `heads` locks the conversations in the order given, which is that of their ids everywhere: no two batches can wait
 *   for each other. A row that another node moved meanwhile is read again by PostgreSQL as it is now. Whether it is
 *   deleted is asked with `coalesce`, or a planner without statistics takes the index of keys that are not deleted.
 * - `tries` looks for client ids that are known. It sees the database as it was when the statement began; a client id
 *   that another node stored since then offends the unique index of its month, the statement fails as a whole and is run
 *   again. For the first messages of a new month that index knows nothing of the last one: there `steady` compares the
 *   head with the one that `tries` saw, and a division by zero fails the statement if it has moved.
 * - `log` numbers what is new: the head of each conversation is its row 0, and the rows after it count from there. That
 *   is a window over a union and not a join, because a join's plan would depend on guesses about the arrays' lengths.
 * - `logged` keeps what is needed to answer, under the batch's id: who lost the answer runs the statement again, and the
 *   key of that table refuses what was done, even while it is still being done.
 */

/** From the months in which a client id must be found, or from all, which has to open the indexes of each. */
const lookUp = (from: "recent_client_ids" | "messages") => `
  select m.seq, m.sent_at from ${from} m
  where m.app_id = i.app_id and m.conversation_id = i.conversation_id
    and coalesce(m.sender_id, '') = coalesce(i.sender_id, '') and m.client_id = i.client_id
  limit 1`;

/** Most messages in one statement. */
export const MAX_BATCH = 500;
/** The database's clock: `changed_at` is compared across nodes, whose own clocks differ. */
export const CHANGED_AT = "(extract(epoch from clock_timestamp()) * 1000000)::int8";

export const COUNTED = 1;
export const MARKS_READ = 2;
export const DIRECTED = 4;
/** The bits above are the message's traits. */
export const TRAITS_FROM = 3;

/** What a batch needs besides when messages of it mention, quote, or are for some only. */
interface Extras {
  columns: string;
  values: string;
  tables: string;
}

const none: Extras = { columns: "", values: "", tables: "" };

const rowsOf = (table: string, parameter: number): string => `, written_${table} as (
  insert into ${table} (app_id, conversation_id, user_id, sent_at, seq)
  select f.app_id, f.conversation_id, u.user_id, f.sent_at, f.seq
  from fresh f cross join lateral jsonb_array_elements_text((($${parameter}::text[])[f.number])::jsonb) u (user_id)
)`;

/** An element of the array is the time that the row is held, a space, and the wish, if there is one. */
const outbox = (parameter: number): string => `, written_outbox as (
  insert into push_outbox (app_id, conversation_id, sent_at, wish, attempts, due_at)
  select f.app_id, f.conversation_id, f.sent_at, nullif(substr(f.push, strpos(f.push, ' ') + 1), ''), 0,
    (extract(epoch from clock_timestamp()) * 1000)::int8 + split_part(f.push, ' ', 1)::int8
  from (select *, ($${parameter}::text[])[number] as push from fresh) f where f.push is not null
)`;

/** Arrays beside those of the messages, by number and mostly null; looked up by it, because a join would be one more guess. */
const some: Extras = {
  columns: ", mentions, quote, to_users, keys",
  values: ", ($17::text[])[number], ($18::text[])[number], ($19::text[])[number], ($23::text[])[number]",
  tables: rowsOf("mentions", 20) + rowsOf("recipients", 21) + outbox(22),
};

/** The key that a commit offends when it is made a second time. */
export const COMMIT_KEY = "commits_key";

/** Those for some only are not part of the running number. */
const isCounted = `case when flags & ${DIRECTED} = 0 then flags & ${COUNTED} else 0 end`;

/**
 * Parameters: the batch's app and id, the node's clock; of each conversation app and id, in order; of each message app,
 * conversation, the conversation's number in the list (from 1), sender, type, content, client id, flags; the beginnings
 * of the node's month and of the next; of each conversation, how many messages of the batch belong to those before it;
 * and for messages with extras, an array of theirs each, mentions, quote and recipients as columns (JSON text), user
 * ids for rows of `mentions` and of `recipients` (JSON text of a list), what stands in the outbox, and keys as a column.
 * Columns: `heads` as `number,seq,sentAt` of each conversation that is there, before the first new message; `repeats` as
 * `number,seq,sentAt` of each message (from 1) whose client id is known. Both are lists of numbers with commas, or null.
 */
const statement = (from: Parameters<typeof lookUp>[0], extras: Extras): string => `
with wanted as (
  select * from unnest($4::int4[], $5::int8[], $16::int4[]) with ordinality as w (app_id, id, before, place)
), heads as materialized (
  select w.place::int4 as place, c.last_seq, greatest(c.last_sent_at, $3::int8 - 1 + w.before) as last_sent_at,
    c.last_counted,
    1 / case when (c.last_sent_at < $14::int8
          or c.last_sent_at < $15::int8 and greatest(c.last_sent_at, $3) + ${2 * MAX_BATCH} >= $15)
        and c.last_seq <> (select s.last_seq from conversations s where s.app_id = w.app_id and s.id = w.id)
      then 0 else 1 end as steady
  from wanted w join conversations c on c.app_id = w.app_id and c.id = w.id
  where coalesce(c.deleted_at, 0) = 0
    and exists (select from apps a where a.id = w.app_id and coalesce(a.deleted_at, 0) = 0)
  order by w.place
  for no key update of c
), items as (
  select * from unnest($6::int4[], $7::int8[], $8::int4[], $9::text[], $10::text[], $11::text[], $12::text[], $13::int4[])
    with ordinality as i (app_id, conversation_id, place, sender_id, type, content, client_id, flags, number)
), tries as materialized (
  select i.*, k.seq as known_seq, k.sent_at as known_at from items i left join lateral (${lookUp(from)}) k on true
), log as (
  select number, app_id, conversation_id, sender_id, type, content, client_id, flags,
    first_value(last_seq) over in_order + row_number() over in_order - 1 as seq,
    first_value(last_sent_at) over in_order + row_number() over in_order - 1 as sent_at,
    first_value(last_counted) over in_order + sum(${isCounted}) over in_order as counted
  from (
    select place, 0::int8 as number, last_seq, last_sent_at, last_counted, null::int4 as app_id,
      null::int8 as conversation_id, null::text as sender_id, null::text as type, null::text as content,
      null::text as client_id, 0 as flags from heads
    union all
    select place, number, null, null, null, app_id, conversation_id, sender_id, type, content, client_id, flags
    from tries where known_seq is null) as heads_and_items
  window in_order as (partition by place order by number rows unbounded preceding)
), fresh as materialized (
  select * from log where number > 0 and seq is not null
), stored as (
  insert into messages (app_id, conversation_id, sent_at, seq, counted, is_counted, sender_id, type, content, client_id,
    is_active, traits${extras.columns})
  select app_id, conversation_id, sent_at, seq, counted,
    case when flags & ${DIRECTED} = 0 or flags & ${COUNTED} = 0 then flags & ${COUNTED} else 2 end,
    sender_id, type, content, client_id, 1, flags >> ${TRAITS_FROM}${extras.values}
  from fresh
)${extras.tables}, moved as (
  update conversations c
  set last_seq = f.seq, last_sent_at = f.sent_at, last_counted = f.counted, changed_at = ${CHANGED_AT}
  from (
    select app_id, conversation_id, max(seq) as seq, max(sent_at) as sent_at, max(counted) as counted
    from fresh group by app_id, conversation_id) f
  where c.app_id = f.app_id and c.id = f.conversation_id
), marked as (
  insert into read_marks (app_id, conversation_id, user_id, sent_at, seq, counted, changed_at)
  select distinct on (app_id, conversation_id, sender_id)
    app_id, conversation_id, sender_id, sent_at, seq, counted, ${CHANGED_AT}
  from fresh where flags & ${MARKS_READ} <> 0 and sender_id is not null
  order by app_id, conversation_id, sender_id, seq desc
  on conflict (app_id, conversation_id, user_id)
  do update set sent_at = excluded.sent_at, seq = excluded.seq, counted = excluded.counted,
    changed_at = excluded.changed_at
), answer as materialized (
  select
    (select string_agg(place || ',' || last_seq || ',' || last_sent_at, ',') from heads) as heads,
    (select string_agg(number || ',' || known_seq || ',' || known_at, ',')
      from tries where known_seq is not null) as repeats
), logged as (
  insert into commits (app_id, id, created_at, heads, repeats)
  select $1::int4, $2::uuid, $3::int8, heads, repeats from answer
)
select heads, repeats from answer`;

const named = (name: string, extras: Extras) => ({
  recent: { name, text: statement("recent_client_ids", extras) },
  /** For client ids that are longer ago, yet of a month that is not over or of the time before there were months. */
  searching: { name: `searching ${name}`, text: statement("messages", extras) },
});

/** Batches of nothing but what most messages are must not wait for what they do not have. */
export const appendStatements = {
  plain: named("append", none),
  withExtras: named("append with extras", some),
};

export const findBatch = "select heads, repeats from commits where app_id = $1 and id = $2";
